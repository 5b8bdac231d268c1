"""The end of a batch, told to subscribers."""

from __future__ import annotations

from intake.batches.model import Batch
from intake.events import BatchCompleted, EventPublisher, happened


def announce(batch: Batch, events: EventPublisher) -> None:
    """Tell how a batch ended. One that has not ended yet says nothing."""
    if batch.ended_at is None:
        return
    data = BatchCompleted(
        batch_id=batch.id,
        status=batch.status.value,
        lines=batch.lines,
        completed=batch.completed or 0,
        failed=batch.failed or 0,
        duration_ms=round((batch.ended_at - batch.created_at).total_seconds() * 1000, 1),
    )
    events.publish(happened(data, tenant=batch.tenant, at=batch.ended_at))
