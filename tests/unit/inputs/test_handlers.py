"""The handlers and their sample events."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from intake.inputs.commands import ProviderCommand, StageCommand
from intake.inputs.long_transcription import JobEndedCommand, StartCommand
from intake.inputs.measurement import MeasureCommand
from intake.inputs.planning import PlanCommand
from intake.inputs.recording import RecordFailureCommand
from intake.inputs.registration import RegisterUploadCommand

ROOT = Path(__file__).parents[3]
STAGES: dict[str, tuple[str, type[BaseModel]]] = {
    "RegisterUploadFunction": ("register_upload", RegisterUploadCommand),
    "PrepareAudioFunction": ("prepare_audio", StageCommand),
    "PlanFunction": ("plan", PlanCommand),
    "TranscribeFunction": ("transcribe", ProviderCommand),
    "StartTranscriptionFunction": ("start_transcription", StartCommand),
    "CheckTranscriptionFunction": ("check_transcription", ProviderCommand),
    "FinishTranscriptionFunction": ("finish_transcription", JobEndedCommand),
    "DetectLanguageFunction": ("detect_language", StageCommand),
    "TranslateFunction": ("translate", ProviderCommand),
    "SanitizeFunction": ("sanitize", ProviderCommand),
    "AssessFunction": ("assess", StageCommand),
    "RecordFunction": ("record", StageCommand),
    "RecordInputFailureFunction": ("record_failure", RecordFailureCommand),
    "MeasureFunction": ("measure", MeasureCommand),
}


@pytest.mark.parametrize("function", STAGES)
def test_the_sample_event_is_a_command(function: str) -> None:
    event = json.loads((ROOT / "events" / f"{function}.json").read_text())

    STAGES[function][1].model_validate(event)


@pytest.mark.parametrize("function", STAGES)
def test_the_handler_is_there(function: str) -> None:
    module = importlib.import_module(f"functions.inputs.{STAGES[function][0]}.app")

    assert callable(module.handler)


def test_every_stage_has_its_handler() -> None:
    folders = {path.parent.name for path in (ROOT / "functions" / "inputs").glob("*/app.py")}

    assert folders == {folder for folder, _command in STAGES.values()}
