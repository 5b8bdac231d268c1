"""Make an input of a file that was uploaded: state `RegisterUpload` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.registration import RegisterUploadCommand, register_upload
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(RegisterUploadCommand)
def handler(command: RegisterUploadCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.registration.register_upload`."""
    parts = services()
    return register_upload(
        command,
        inputs=parts.inputs,
        objects=parts.objects,
        events=parts.events,
        memory=parts.memory,
        clock=parts.clock,
    )
