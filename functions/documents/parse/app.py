"""Parse one document with one provider: state `Parse` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.files import DocumentFiles
from intake.documents.parsing import ParseCommand, parse
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ParseCommand)
def handler(command: ParseCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.parsing.parse`."""
    parts = services()
    return parse(
        command,
        documents=parts.documents,
        files=DocumentFiles(parts.objects, parts.settings.documents_bucket),
        gateway=parts.gateway,
        events=parts.events,
        clock=parts.clock,
    )
