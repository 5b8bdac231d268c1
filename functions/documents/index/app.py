"""Make one document searchable: state `Index` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.files import DocumentFiles
from intake.documents.indexing import index
from intake.documents.progress import StageCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.indexing.index`."""
    parts = services()
    return index(
        command,
        documents=parts.documents,
        files=DocumentFiles(parts.objects, parts.settings.documents_bucket),
        vectors=parts.vectors,
        clock=parts.clock,
    )
