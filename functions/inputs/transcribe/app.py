"""Write down the speech of one input with one provider: state `Transcribe` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.commands import ProviderCommand
from intake.inputs.transcription import transcribe
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ProviderCommand)
def handler(command: ProviderCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.transcription.transcribe`."""
    return transcribe(
        command,
        gateway=services().gateway,
        inputs=services().inputs,
        objects=services().objects,
        clock=services().clock,
    ).as_state()
