"""Measure quality and intent of one input: state `Assess` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.assessment import assess
from intake.inputs.commands import StageCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.assessment.assess`."""
    return assess(command, inputs=services().inputs, clock=services().clock).as_state()
