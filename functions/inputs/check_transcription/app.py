"""Look after a recording whose callback has not come: state `CheckTranscription` of the recording machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.commands import ProviderCommand
from intake.inputs.long_transcription import check_transcription
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ProviderCommand)
def handler(command: ProviderCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.long_transcription.check_transcription`."""
    parts = services()
    return check_transcription(command, jobs=parts.jobs, inputs=parts.inputs, clock=parts.clock)
