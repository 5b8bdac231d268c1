"""Begin the daily warm-up of each tenant that wants one: called by a schedule of EventBridge."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from intake.observability import lambda_handler
from intake.phrases.warming import begin_scheduled
from intake.runtime import services


class ScheduledEvent(BaseModel):
    """The event of a schedule; that it came is all that matters."""


@lambda_handler(ScheduledEvent)
def handler(_event: ScheduledEvent) -> dict[str, Any]:
    """Begin them; see `intake.phrases.warming.begin_scheduled`."""
    parts = services()
    return begin_scheduled(
        machine=parts.settings.warm_cache_arn,
        phrases=parts.phrases,
        warm_ups=parts.warm_ups,
        machines=parts.machines,
        clock=parts.clock,
    )
