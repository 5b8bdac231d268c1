"""Make the recording of one input ready for providers: state `PrepareAudio` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.audio_preparation import prepare_audio
from intake.inputs.commands import StageCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.audio_preparation.prepare_audio`."""
    parts = services()
    return prepare_audio(
        command, inputs=parts.inputs, objects=parts.objects, decoder=parts.audio_decoder, clock=parts.clock
    ).as_state()
