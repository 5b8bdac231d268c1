"""``intake doctor`` finds what is wrong, says what to do, and fails."""

from __future__ import annotations

import json
from pathlib import Path

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
    missing = provider("apertium", "translate", "Install the package apertium.")
    healthy(api, missing, without="translate")

    result = intake("doctor")

    assert result.exit_code == 1
    assert "translate\tPROBLEM\tnobody can. apertium: Install the package apertium." in result.stdout
    assert "translate\tapertium\tmissing\tInstall the package apertium." in result.stdout


@pytest.mark.parametrize(("capability", "job"), [("synthesize", "speak"), ("transcribe", "hear recordings")])
def test_voice_that_is_not_set_up_is_said_and_no_failure(
    api: ApiDouble, intake: Intake, capability: str, job: str
) -> None:
    healthy(api, provider("elevenlabs", capability, "Set ELEVENLABS_API_KEY.", kind="remote"), without=capability)

    result = intake("doctor")

    assert result.exit_code == 0
    said = f"{job}\tnone\tnobody can, and nothing else needs it. elevenlabs: Set ELEVENLABS_API_KEY."
    assert said in result.stdout
    report = json.loads(intake("doctor", "--json").stdout)
    assert report["ok"] is True
    assert [check["name"] for check in report["checks"] if not check["ok"]] == [job]


@pytest.mark.parametrize(
    "state",
    [
        {"circuit": {"state": "open"}},
        {"circuit": {"state": "held"}},
        {"budget": {"day": {"left_microusd": 0}, "hour": {"left_requests": 9}}},
        {"budget": {"day": {"left_microusd": 9}, "hour": {"left_requests": 0}}},
    ],
)
def test_voice_that_is_set_up_and_cannot_be_used_is_a_problem(
    api: ApiDouble, intake: Intake, state: dict[str, object]
) -> None:
    healthy(api, provider("elevenlabs", "transcribe", "It cannot.", kind="remote", **state), without="transcribe")

    result = intake("doctor")

    assert result.exit_code == 1
    assert "hear recordings\tPROBLEM\tnobody can. elevenlabs: It cannot." in result.stdout


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
    assert "python -m local status" in result.stdout


def test_a_refused_key_is_5(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /health", (200, HEALTH))
    api.will("GET /v1/providers", (403, {"message": "Forbidden"}))

    result = intake("doctor")

    assert result.exit_code == 5
    assert "key\tPROBLEM\tThe API key is not accepted. It came from INTAKE_API_KEY." in result.stdout
    assert "capability\tprovider" not in result.stdout


def test_where_a_refused_key_came_from_is_said(
    api: ApiDouble, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.will("GET /health", (200, HEALTH))
    api.will("GET /v1/providers", (403, {"message": "Forbidden"}))
    file = tmp_path / ".intake" / "local.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"api_url": api.url, "admin_api_key": "ik_demo_old"}))

    assert "It came from --key. For the stack on this machine leave it out" in intake("doctor", "--key", "x").stdout

    monkeypatch.delenv("INTAKE_API_KEY")

    assert f"It came from {file}. The file is of another start: run `make down up`." in intake("doctor").stdout
