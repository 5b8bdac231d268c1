"""Record what became of one line of a batch: state `RecordLine` of the batch machine."""

from __future__ import annotations

from typing import Any

from intake.batches.lines import RecordLineCommand, record_line
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(RecordLineCommand)
def handler(command: RecordLineCommand) -> dict[str, Any]:
    """Run the stage; see `intake.batches.lines.record_line`."""
    parts = services()
    return record_line(command, batches=parts.batches, inputs=parts.inputs, events=parts.events, clock=parts.clock)
