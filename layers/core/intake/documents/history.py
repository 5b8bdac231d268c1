"""The progress of a document, out of the changes of status that it keeps: numbered as those of an input are."""

from __future__ import annotations

from datetime import timedelta

from intake.documents.model import Document, StageRecord, Status
from intake.progress import Entry, Kind

_ENDS = {
    Status.COMPLETE: Kind.COMPLETED,
    Status.REJECTED: Kind.REJECTED,
    Status.DUPLICATE: Kind.DUPLICATE,
    Status.CANCELLED: Kind.CANCELLED,
}


def entries(document: Document) -> tuple[Entry, ...]:
    """Return everything that has happened to a document, from its acceptance on."""
    accepted = Entry(kind=Kind.ACCEPTED, at=document.created_at)
    return accepted, *(_of(record, document) for record in document.stages)


def _of(record: StageRecord, document: Document) -> Entry:
    kind = Kind.FAILED if record.stage.is_failure else _ENDS.get(record.stage, Kind.STAGE_DONE)
    told = kind in (Kind.FAILED, Kind.REJECTED) and document.error is not None
    return Entry(
        kind=kind,
        at=record.at,
        stage=record.stage.value,
        began_at=record.at - timedelta(milliseconds=record.duration_ms),
        duration_ms=record.duration_ms,
        provider=record.provider,
        error=document.error.code if told and document.error else None,
    )
