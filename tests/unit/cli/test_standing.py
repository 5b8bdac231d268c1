"""``intake process --status`` and ``--export-metrics``: how the service stands, at the terminal and as a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble
from tests.unit.cli.samples import CACHE, COMPLETED, STANDING


@pytest.fixture(autouse=True)
def answers(api: ApiDouble) -> None:
    api.will("POST /v1/inputs", (200, COMPLETED))
    api.will("GET /v1/providers", (200, STANDING))
    api.will("GET /v1/dashboard/cache", (200, CACHE))


def test_the_standing_is_told_without_an_input(api: ApiDouble, intake: Intake) -> None:
    result = intake("process", "--status")

    assert result.exit_code == 0
    assert "translate\tflash\tclosed\t$0.1234 of $5.00\t7 of 100\t" in result.stdout.splitlines()
    assert "synthesize\tflite\toff\t\t\tflite is not installed" in result.stdout.splitlines()
    assert "  table hits: 25% of 40" in result.stdout.splitlines()
    assert "  saved: $0.002, 3.5 s" in result.stdout.splitlines()
    assert api.asked("POST /v1/inputs") == []


def test_the_standing_follows_a_result(intake: Intake) -> None:
    lines = intake("process", "--text", "Hola", "--status").stdout.splitlines()

    assert lines.index("Input inp_1") < lines.index("Cache, last seven days")


def test_metrics_hold_figures_and_no_words(intake: Intake, tmp_path: Path) -> None:
    file = tmp_path / "metrics.json"

    result = intake("process", "--text", "Hola", "--export-metrics", str(file), "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == COMPLETED
    metrics = json.loads(file.read_text())
    (measured,) = metrics["inputs"]
    assert (measured["id"], measured["cost_microusd"]) == ("inp_1", COMPLETED["cost_microusd"])
    assert measured["providers"]["translation"]["provider"] == "apertium"
    assert metrics["providers"] == STANDING
    assert COMPLETED["text"] not in file.read_text()
    assert COMPLETED["translation"]["text"] not in file.read_text()


def test_metrics_that_cannot_be_written_are_said(intake: Intake, tmp_path: Path) -> None:
    result = intake("process", "--export-metrics", str(tmp_path / "nowhere" / "metrics.json"))

    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
