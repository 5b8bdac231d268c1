"""Judge the parsed text of one document: state `ValidateParse` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.files import DocumentFiles
from intake.documents.parse_quality import ValidateParseCommand, validate_parse
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ValidateParseCommand)
def handler(command: ValidateParseCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.parse_quality.validate_parse`."""
    parts = services()
    return validate_parse(
        command,
        documents=parts.documents,
        files=DocumentFiles(parts.objects, parts.settings.documents_bucket),
        events=parts.events,
        clock=parts.clock,
    )
