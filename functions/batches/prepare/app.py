"""Take up the file of a batch: state `Prepare` of the batch machine."""

from __future__ import annotations

from typing import Any

from intake.batches.preparation import PrepareCommand, prepare
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(PrepareCommand)
def handler(command: PrepareCommand) -> dict[str, Any]:
    """Run the stage; see `intake.batches.preparation.prepare`."""
    parts = services()
    return prepare(
        command, bucket=parts.settings.audio_bucket, batches=parts.batches, files=parts.objects, clock=parts.clock
    )
