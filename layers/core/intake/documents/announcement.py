"""The end of a document, told to subscribers."""

from __future__ import annotations

from typing import Any

from intake.documents.model import Document, Status
from intake.events import DocumentCompleted, DocumentFailed, DocumentRejected, EventData, EventPublisher, happened


def announce(document: Document, events: EventPublisher) -> None:
    """Tell how a document ended. One that has not ended yet says nothing, nor does a duplicate or a cancelled one."""
    data = _data(document)
    if data is not None:
        events.publish(happened(data, tenant=document.tenant, at=document.stages[-1].at))


def _data(document: Document) -> EventData | None:
    facts: dict[str, Any] = {
        "document_id": document.id,
        "status": document.status.value,
        "size": document.size,
        "pages": document.pages,
        "cost_microusd": document.cost_microusd,
    }
    if document.status is Status.COMPLETE:
        return DocumentCompleted(**facts, chunks=document.chunks or 0)
    if document.error is None:
        return None
    fault: dict[str, Any] = {"stage": document.error.stage.value, "code": document.error.code}
    if document.status is Status.REJECTED:
        return DocumentRejected(**facts, **fault)
    return DocumentFailed(**facts, **fault) if document.status.is_failure else None
