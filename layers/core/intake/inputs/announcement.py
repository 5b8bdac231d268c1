"""The end of an input, told to subscribers."""

from __future__ import annotations

from typing import Any

from intake.errors import error_slug
from intake.events import Event, EventPublisher, InputCompleted, InputFailed, happened
from intake.inputs.model import Input, Status
from intake.inputs.presentation import cost_microusd


def announce(record: Input, events: EventPublisher) -> None:
    """Tell how an input ended. One that has not ended yet says nothing."""
    event = _event(record)
    if event is not None:
        events.publish(event)


def _event(record: Input) -> Event | None:
    facts: dict[str, Any] = {
        "input_id": record.id,
        "status": record.status.value,
        "spoken": record.audio is not None,
        "source_language": record.source_language,
        "target_language": record.target_language,
        "cost_microusd": cost_microusd(record),
    }
    if record.status is Status.COMPLETED and record.record is not None:
        end = record.record
        completed = InputCompleted(
            **facts, degraded=end.degraded, cache=end.cache, duration_ms=end.timings_ms.get("total", 0.0)
        )
        return happened(completed, tenant=record.tenant, at=end.completed_at)
    if record.status is Status.FAILED and record.failure is not None:
        failure = record.failure
        failed = InputFailed(**facts, error=error_slug(failure.error), providers_failed=len(failure.failures))
        return happened(failed, tenant=record.tenant, at=failure.failed_at)
    return None
