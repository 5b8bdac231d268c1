"""``intake providers``."""

from __future__ import annotations

import json

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble
from tests.unit.cli.samples import STANDING, provider

HELD = provider(
    "apertium",
    "translate",
    "an operator holds it: New words.",
    circuit={"state": "held"},
    hold={"reason": "New words."},
)


def test_providers_are_listed(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/providers", (200, STANDING))

    assert "synthesize\tflite\toff\t\t\tflite is not installed" in intake("providers").stdout.splitlines()
    assert json.loads(intake("providers", "--json").stdout) == STANDING


def test_a_provider_is_held_and_resumed(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/providers/apertium/hold", (200, {"items": [HELD]}))
    api.will("POST /v1/providers/apertium/resume", (200, {"items": [provider("apertium", "translate")]}))

    held = intake("providers", "hold", "apertium", "--reason", "New words.", "--capability", "translate")
    resumed = intake("providers", "resume", "apertium")

    assert "translate\tapertium\theld\t\t\tan operator holds it: New words." in held.stdout.splitlines()
    assert "translate\tapertium\tclosed\t\t\t" in resumed.stdout.splitlines()
    asked = api.asked("POST /v1/providers/apertium/hold")[0].json
    assert asked == {"reason": "New words.", "capability": "translate"}
    assert api.asked("POST /v1/providers/apertium/resume")[0].json == {}


def test_a_provider_is_not_held_without_a_reason(api: ApiDouble, intake: Intake) -> None:
    assert intake("providers", "hold", "apertium").exit_code == 2
    assert api.requests == []
