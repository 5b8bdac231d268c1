"""Complete one input: state `Record` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.commands import StageCommand
from intake.inputs.recording import record
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.recording.record`."""
    parts = services()
    return record(
        command, inputs=parts.inputs, results=parts.results, events=parts.events, clock=parts.clock
    ).as_state()
