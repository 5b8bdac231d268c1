"""Cut one document into passages: state `Chunk` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.files import DocumentFiles
from intake.documents.passages import chunk
from intake.documents.progress import StageCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.passages.chunk`."""
    parts = services()
    return chunk(
        command,
        documents=parts.documents,
        files=DocumentFiles(parts.objects, parts.settings.documents_bucket),
        gateway=parts.gateway,
        clock=parts.clock,
    )
