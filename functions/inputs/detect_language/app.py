"""Find the language of one input: state `DetectLanguage` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.commands import StageCommand
from intake.inputs.detection import detect_language
from intake.inputs.identification import identify
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.detection.detect_language`."""
    return detect_language(command, inputs=services().inputs, identify=identify, clock=services().clock).as_state()
