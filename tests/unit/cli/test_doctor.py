"""``intake doctor`` finds what is wrong, says what to do, and fails."""

from __future__ import annotations

import json

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble
from tests.unit.cli.samples import PROVIDERS, provider

HEALTH = {"status": "ok", "version": "0.1.0", "stage": "local"}


def healthy(api: ApiDouble, *others: dict[str, object], without: str | None = None) -> None:
    items = [item for item in PROVIDERS if item["capability"] != without]
    api.will("GET /health", (200, HEALTH))
    api.will("GET /v1/providers", (200, {"mode": "embedded", "items": [*items, *others]}))


def test_all_is_well(api: ApiDouble, intake: Intake) -> None:
    healthy(api)

    result = intake("doctor")

    assert result.exit_code == 0
    assert "translate\tok\tapertium" in result.stdout
    assert "translate\tapertium\tembedded\t" in result.stdout
    assert "translate\topenai\treal, off\tremote providers are not used in the mode embedded" in result.stdout
    assert "complete\trules\tbuilt in\t" in result.stdout


def test_no_part_of_the_secret_is_shown(api: ApiDouble, intake: Intake) -> None:
    healthy(api)

    shown = intake("doctor").output + intake("doctor", "--json").output

    assert "ik_acme_…" in shown
    assert "secret" not in shown
    assert "underscore" not in shown


def test_a_missing_engine_comes_with_its_remedy(api: ApiDouble, intake: Intake) -> None:
    missing = provider("pocketsphinx", "transcribe", "Install the package pocketsphinx.")
    healthy(api, missing, without="transcribe")

    result = intake("doctor")

    assert result.exit_code == 1
    assert "hear recordings\tPROBLEM\tnobody can. pocketsphinx: Install the package pocketsphinx." in result.stdout
    assert "transcribe\tpocketsphinx\tmissing\tInstall the package pocketsphinx." in result.stdout


def test_a_circuit_that_is_open_is_shown(api: ApiDouble, intake: Intake) -> None:
    off = provider("flash", "translate", "it failed 5 times in a row", kind="remote", circuit={"state": "open"})
    healthy(api, off)

    result = intake("doctor")

    assert result.exit_code == 0
    assert "translate\tflash\treal, open\tit failed 5 times in a row" in result.stdout


def test_a_stack_that_does_not_run_is_3_and_the_engines_are_listed(intake: Intake) -> None:
    result = intake("doctor", "--url", "http://127.0.0.1:1", "--json")

    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert report["ok"] is False
    assert [check["name"] for check in report["checks"] if not check["ok"]] == ["API"]
    assert {"apertium", "tesseract", "openai"} <= {item["name"] for item in report["providers"]}


def test_nothing_set_up_is_3(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INTAKE_API_URL")

    result = intake("doctor")

    assert result.exit_code == 3
    assert "make up" in result.stdout


def test_a_refused_key_is_5(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /health", (200, HEALTH))
    api.will("GET /v1/providers", (403, {"message": "Forbidden"}))

    result = intake("doctor")

    assert result.exit_code == 5
    assert "key\tPROBLEM\tThe API key is not accepted." in result.stdout
