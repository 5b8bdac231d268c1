"""The chunk stage: passages of the accepted text, and the batches in which they will be embedded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from intake.clock import Clock
from intake.documents.chunking import chunk_pages
from intake.documents.files import Chunk, ChunkList, DocumentFiles
from intake.documents.model import StageRecord, Status
from intake.documents.ports import Router
from intake.documents.progress import StageClock, StageCommand, move
from intake.documents.repository import DocumentRepository
from intake.documents.tokens import tokenizer
from intake.errors import ConflictError
from intake.providers.ports import Capability, Need

BATCH_CHUNKS = 64
BATCH_TOKENS = 32_768
"""Far below OpenAI's 300,000 tokens a request: a batch that fails is repeated whole."""


def chunk(
    command: StageCommand, *, documents: DocumentRepository, files: DocumentFiles, gateway: Router, clock: Clock
) -> dict[str, Any]:
    """Cut the accepted text of a document into passages, and choose who embeds them.

    All passages of a document are embedded by one provider, for vectors of different models cannot be compared; so the
    choice is made here, once, and not in each batch.

    Returns
    -------
    dict
        ``providers`` in the order to be tried for the whole document; ``batches`` of ``{batch, start, end}``, passages
        ``start`` to ``end`` of the list.
    """
    timer = StageClock(clock)
    document = documents.get(command.tenant, command.document_id)
    if not document.has_reached(Status.CHUNKED):
        parsed = files.parsed(document, document.parser or "")
        if parsed is None or document.sha256 is None:
            raise ConflictError(f"Document {document.id} has no parsed text to be chunked.")
        passages = tuple(chunk_pages(parsed.pages, sha256=document.sha256, tokenizer=tokenizer()))
        files.keep_chunks(document, ChunkList(chunks=passages))
        route = gateway.route(Capability.EMBED, Need(size=len(passages)), tenant=document.tenant)
        record = StageRecord(
            stage=Status.CHUNKED, at=timer.now(), duration_ms=timer.elapsed_ms(), attempts=command.attempt
        )
        document = move(documents, document, record, chunks=len(passages), embedders=route)
    else:
        passages = files.chunks(document).chunks
    assert document.embedders is not None
    return {
        "chunks": len(passages),
        "providers": document.embedders.names,
        "batches": [
            {"batch": number, "start": start, "end": end} for number, (start, end) in enumerate(batches(passages))
        ],
    }


def batches(passages: Sequence[Chunk]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each batch: at most `BATCH_CHUNKS` passages and `BATCH_TOKENS` tokens, none empty."""
    start = tokens = 0
    for position, passage in enumerate(passages):
        if position > start and (position - start == BATCH_CHUNKS or tokens + passage.tokens > BATCH_TOKENS):
            yield start, position
            start, tokens = position, 0
        tokens += passage.tokens
    if start < len(passages):
        yield start, len(passages)
