"""Embedding: one batch of passages becomes vectors, by one call."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from intake.clock import Clock
from intake.documents.files import BatchFacts, DocumentFiles
from intake.documents.model import StageRecord, Status
from intake.documents.ports import Caller
from intake.documents.progress import StageClock, StageCommand, move
from intake.documents.repository import DocumentRepository
from intake.errors import TransientError
from intake.providers.ports import Capability, EmbeddingRequest, Embeddings

FLOAT_BYTES = 4


class EmbedCommand(StageCommand):
    """Embed passages ``start`` to ``end``, the batch numbered ``batch``, with this provider."""

    provider: str
    batch: int = Field(ge=0)
    start: int = Field(ge=0)
    end: int = Field(gt=0)


def embed(
    command: EmbedCommand, *, documents: DocumentRepository, files: DocumentFiles, gateway: Caller, clock: Clock
) -> dict[str, Any]:
    """Turn one batch of passages into vectors, and keep them with what they cost.

    A batch that has its vectors is not sent again. A batch that fails leaves nothing behind and harms no other.

    Raises
    ------
    ProviderError
        By its subclass; `TransientError` also where the answer does not have one vector for each passage.
    """
    timer = StageClock(clock)
    document = documents.get(command.tenant, command.document_id)
    if document.status is Status.CHUNKED:
        document = move(
            documents, document, StageRecord(stage=Status.EMBEDDING, at=timer.now(), provider=command.provider)
        )
    passages = files.chunks(document).chunks[command.start : command.end]
    ids = tuple(passage.id for passage in passages)
    kept = files.vectors(document, command.batch)
    if kept is not None and kept[0].chunk_ids == ids and kept[0].provider == command.provider:
        return _result(command, kept[0])
    request = EmbeddingRequest(texts=tuple(passage.text for passage in passages))
    outcome = gateway.call(Capability.EMBED, command.provider, request, tenant=command.tenant)
    vectors: Embeddings = outcome.value
    if len(vectors.packed) != len(passages) * vectors.dimension * FLOAT_BYTES:
        raise TransientError(f"{command.provider} did not give one vector for each of {len(passages)} passages.")
    facts = BatchFacts(
        chunk_ids=ids,
        provider=outcome.provider,
        model=outcome.model,
        dimension=vectors.dimension,
        cost_microusd=outcome.cost_microusd,
        duration_ms=timer.elapsed_ms(),
        attempts=command.attempt,
    )
    files.keep_vectors(document, command.batch, facts, vectors.packed)
    return _result(command, facts)


def _result(command: EmbedCommand, facts: BatchFacts) -> dict[str, Any]:
    return {"batch": command.batch, "vectors": len(facts.chunk_ids), "model": facts.model}
