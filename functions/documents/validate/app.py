"""Validate one uploaded file: state `Validate` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.files import DocumentFiles
from intake.documents.validation import ValidateCommand, validate
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ValidateCommand)
def handler(command: ValidateCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.validation.validate`."""
    parts = services()
    return validate(
        command,
        documents=parts.documents,
        files=DocumentFiles(parts.objects, parts.settings.documents_bucket),
        inspect_pdf=parts.inspect_pdf,
        events=parts.events,
        clock=parts.clock,
    )
