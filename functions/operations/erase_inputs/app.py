"""States EraseInputs and EraseInputsAgain: one step of a pass over the inputs of an erasure."""

from __future__ import annotations

from typing import Any

from intake.inputs.erasure import ErasePassCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ErasePassCommand)
def handler(command: ErasePassCommand) -> dict[str, Any]:
    """Remove what was said; see `intake.inputs.erasure.Eraser.step`."""
    return services().eraser.step(command)
