"""End a batch whose run failed: state `RecordFailure` of the batch machine."""

from __future__ import annotations

from typing import Any

from intake.batches.ending import RecordFailureCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(RecordFailureCommand)
def handler(command: RecordFailureCommand) -> dict[str, Any]:
    """Run the stage; see `intake.batches.ending.Closing.record_failure`."""
    return services().closing.record_failure(command)
