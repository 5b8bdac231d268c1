"""Indexing: the vectors of all batches become one segment of the tenant's index."""

from __future__ import annotations

from typing import Any

from intake.clock import Clock
from intake.documents.embedding import FLOAT_BYTES
from intake.documents.files import BatchFacts, Chunk, DocumentFiles
from intake.documents.lexical import Postings
from intake.documents.model import Document, StageRecord, Status
from intake.documents.passages import batches
from intake.documents.progress import StageClock, StageCommand, move
from intake.documents.repository import DocumentRepository
from intake.documents.vectors import EmbeddingModel, Passage, Segment, VectorStore
from intake.errors import ConflictError


def index(
    command: StageCommand,
    *,
    documents: DocumentRepository,
    files: DocumentFiles,
    vectors: VectorStore,
    clock: Clock,
) -> dict[str, Any]:
    """Check that every passage has its vector, and make the document searchable.

    Raises
    ------
    ConflictError
        A batch is missing, belongs to other passages, or was embedded by another model than the rest: nothing is
        indexed, for a document that is found by half would mislead.
    """
    timer = StageClock(clock)
    document = documents.get(command.tenant, command.document_id)
    passages = files.chunks(document).chunks
    facts, packed = _complete(document, passages, files)
    if not document.has_reached(Status.EMBEDDED):
        record = StageRecord(
            stage=Status.EMBEDDED,
            at=timer.now(),
            duration_ms=max(batch.duration_ms for batch in facts),
            attempts=max(batch.attempts for batch in facts),
            cost_microusd=sum(batch.cost_microusd for batch in facts),
            provider=facts[0].provider,
        )
        document = move(documents, document, record)
    model = EmbeddingModel(provider=facts[0].provider, model=facts[0].model, dimension=facts[0].dimension)
    vectors.put_segment(_segment(document, passages, model, packed))
    return {"vectors": len(passages), "model": model.slug}


def _complete(document: Document, passages: tuple[Chunk, ...], files: DocumentFiles) -> tuple[list[BatchFacts], bytes]:
    facts: list[BatchFacts] = []
    rows: list[bytes] = []
    for number, (start, end) in enumerate(batches(passages)):
        kept = files.vectors(document, number)
        ids = tuple(passage.id for passage in passages[start:end])
        if kept is None or kept[0].chunk_ids != ids:
            raise ConflictError(f"Batch {number} of document {document.id} has no vectors.")
        if len(kept[1]) != len(ids) * kept[0].dimension * FLOAT_BYTES:
            raise ConflictError(f"Batch {number} of document {document.id} is damaged.")
        facts.append(kept[0])
        rows.append(kept[1])
    if len({(batch.provider, batch.model, batch.dimension) for batch in facts}) != 1:
        raise ConflictError(f"Document {document.id} was embedded by more than one model.")
    return facts, b"".join(rows)


def _segment(document: Document, passages: tuple[Chunk, ...], model: EmbeddingModel, packed: bytes) -> Segment:
    import numpy as np

    return Segment(
        tenant=document.tenant,
        document_id=document.id,
        filename=document.filename,
        model=model,
        passages=tuple(
            Passage(id=chunk.id, page=chunk.page, start=chunk.start, end=chunk.end, text=chunk.text)
            for chunk in passages
        ),
        postings=Postings.of(chunk.text for chunk in passages),
        vectors=np.frombuffer(packed, "<f4").reshape(len(passages), model.dimension),
    )
