"""Keep why one input failed: state `RecordFailure` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.recording import RecordFailureCommand, record_failure
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(RecordFailureCommand)
def handler(command: RecordFailureCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.recording.record_failure`."""
    parts = services()
    return record_failure(command, inputs=parts.inputs, events=parts.events, clock=parts.clock)
