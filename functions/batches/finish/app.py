"""End a batch: state `Finish` of the batch machine."""

from __future__ import annotations

from typing import Any

from intake.batches.ending import FinishCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(FinishCommand)
def handler(command: FinishCommand) -> dict[str, Any]:
    """Run the stage; see `intake.batches.ending.Closing.finish`."""
    return services().closing.finish(command)
