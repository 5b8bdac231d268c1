"""Choose the parsers for one document: state `PlanParsing` of the document machine."""

from __future__ import annotations

from typing import Any

from intake.documents.parsing import plan_parsing
from intake.documents.progress import StageCommand
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(StageCommand)
def handler(command: StageCommand) -> dict[str, Any]:
    """Run the stage; see `intake.documents.parsing.plan_parsing`."""
    parts = services()
    return plan_parsing(command, documents=parts.documents, gateway=parts.gateway)
