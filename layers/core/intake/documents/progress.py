"""How a stage moves a document on: the frame that all stages share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.documents.model import Document, StageRecord
from intake.documents.repository import DocumentRepository
from intake.errors import ConflictError


class StageCommand(BaseModel):
    """What every stage is told. ``attempt`` counts the runs of this stage that the machine has started, from 1."""

    model_config = ConfigDict(frozen=True)

    tenant: str
    document_id: str
    attempt: int = Field(1, ge=1)


class StageClock:
    """Takes the time of one run of a stage."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started_ms = clock.monotonic_ms()

    def now(self) -> datetime:
        return self._clock.now()

    def elapsed_ms(self) -> int:
        return round(self._clock.monotonic_ms() - self._started_ms)


def move(
    documents: DocumentRepository,
    document: Document,
    record: StageRecord,
    **facts: Any,
) -> Document:
    """Bring a document to the next status, and return it as it then stands.

    Where another run of the same stage was faster, its result stands and nothing is written: a stage that runs twice,
    even at the same time, counts once.

    Raises
    ------
    ConflictError
        The document went elsewhere meanwhile: it was cancelled, say.
    """
    try:
        return documents.replace(document.moved(record, **facts))
    except ConflictError:
        stored = documents.get(document.tenant, document.id)
        if stored.version != document.version and stored.has_reached(record.stage):
            return stored
        raise
