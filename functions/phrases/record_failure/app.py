"""Keep what went wrong with a warm-up or one of its phrases: state `RecordFailure` of the warm-up machine."""

from __future__ import annotations

from typing import Any

from intake.observability import lambda_handler
from intake.phrases.warming import WarmUpFailureCommand, record_warm_up_failure
from intake.runtime import services


@lambda_handler(WarmUpFailureCommand)
def handler(command: WarmUpFailureCommand) -> dict[str, Any]:
    """Run the stage; see `intake.phrases.warming.record_warm_up_failure`."""
    parts = services()
    return record_warm_up_failure(command, warm_ups=parts.warm_ups, clock=parts.clock)
