"""The handlers of the batch machine and their sample events."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from intake.batches.ending import FinishCommand, RecordFailureCommand
from intake.batches.lines import LineCommand, RecordLineCommand
from intake.batches.preparation import PrepareCommand

ROOT = Path(__file__).parents[3]
STAGES: dict[str, tuple[str, type[BaseModel]]] = {
    "PrepareBatchFunction": ("prepare", PrepareCommand),
    "RegisterLineFunction": ("register_line", LineCommand),
    "RecordLineFunction": ("record_line", RecordLineCommand),
    "FinishBatchFunction": ("finish", FinishCommand),
    "RecordBatchFailureFunction": ("record_failure", RecordFailureCommand),
}


@pytest.mark.parametrize("function", STAGES)
def test_the_sample_event_is_a_command_of_a_handler_that_is_there(function: str) -> None:
    folder, command = STAGES[function]
    event = json.loads((ROOT / "events" / f"{function}.json").read_text())

    command.model_validate(event)
    assert callable(importlib.import_module(f"functions.batches.{folder}.app").handler)


def test_every_stage_has_its_handler() -> None:
    folders = {path.parent.name for path in (ROOT / "functions" / "batches").glob("*/app.py")}

    assert folders == {folder for folder, _command in STAGES.values()}
