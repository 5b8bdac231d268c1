from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from intake.documents.embedding import EmbedCommand
from intake.documents.finish import RecordFailureCommand
from intake.documents.parse_quality import ValidateParseCommand
from intake.documents.parsing import ParseCommand
from intake.documents.progress import StageCommand
from intake.documents.validation import ValidateCommand

EVENTS = Path(__file__).parents[3] / "events"


@pytest.mark.parametrize(
    ("function", "command"),
    [
        ("ValidateDocumentFunction", ValidateCommand),
        ("PlanParsingFunction", StageCommand),
        ("ParseFunction", ParseCommand),
        ("ValidateParseFunction", ValidateParseCommand),
        ("ChunkFunction", StageCommand),
        ("EmbedFunction", EmbedCommand),
        ("IndexFunction", StageCommand),
        ("FinishFunction", StageCommand),
        ("RecordDocumentFailureFunction", RecordFailureCommand),
    ],
)
def test_the_sample_event_of_a_function_is_one_it_understands(function: str, command: type[BaseModel]) -> None:
    command.model_validate(json.loads((EVENTS / f"{function}.json").read_text(encoding="utf-8")))
