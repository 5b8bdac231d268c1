"""Record why one document failed: state `RecordFailure` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.finish import RecordFailureCommand, record_failure
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(RecordFailureCommand)
def handler(command: RecordFailureCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.finish.record_failure`."""
    parts = services()
    return record_failure(command, documents=parts.documents, events=parts.events, clock=parts.clock)
