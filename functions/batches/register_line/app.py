"""Make an input of one line of a batch: state `RegisterLine` of the batch machine."""

from __future__ import annotations

from typing import Any

from intake.batches.lines import LineCommand, register_line
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(LineCommand)
def handler(command: LineCommand) -> dict[str, Any]:
    """Run the stage; see `intake.batches.lines.register_line`."""
    parts = services()
    return register_line(
        command,
        bucket=parts.settings.audio_bucket,
        batches=parts.batches,
        files=parts.objects,
        inputs=parts.inputs,
        memory=parts.memory,
        clock=parts.clock,
    )
