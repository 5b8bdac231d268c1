"""Have one provider begin to write down a recording: state `StartTranscription` of the recording machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.long_transcription import StartCommand, start_transcription
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StartCommand)
def handler(command: StartCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.long_transcription.start_transcription`."""
    parts = services()
    return start_transcription(command, jobs=parts.jobs, inputs=parts.inputs, objects=parts.objects, clock=parts.clock)
