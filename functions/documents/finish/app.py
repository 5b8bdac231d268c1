"""Mark one document as complete: state `Finish` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.finish import finish
from intake.documents.progress import StageCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.finish.finish`."""
    parts = services()
    return finish(command, documents=parts.documents, events=parts.events, clock=parts.clock)
