"""``intake speak``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble, problem

TOLD = {
    "x-intake-duration-seconds": "2.82",
    "x-intake-provider": "flite",
    "x-intake-model": "slt",
    "x-intake-cost-microusd": "0",
    "x-intake-cache": "hit",
    "x-intake-notice": "elevenlabs was passed over (presupuesto %C2%A1agotado%21)",
}
SOUND = b"RIFF\x00\xff\r\n"


@pytest.fixture(autouse=True)
def spoken(api: ApiDouble) -> None:
    api.will("POST /v1/speech", (200, SOUND, TOLD))


def test_a_text_is_spoken_into_a_file(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    result = intake("speak", "Hola.", "--lang", "es", "-o", "hola.WAV", "--voice", "rms")

    assert result.exit_code == 0
    assert (tmp_path / "hola.WAV").read_bytes() == SOUND
    assert api.asked("POST /v1/speech")[0].json == {"text": "Hola.", "language": "es", "format": "wav", "voice": "rms"}
    assert "  length: 2.8 s" in result.stdout.splitlines()
    assert "  cost: $0 (from the cache)" in result.stdout.splitlines()
    assert "presupuesto ¡agotado!" in result.stderr


def test_a_sound_goes_into_a_pipe_as_the_provider_makes_it(api: ApiDouble, intake: Intake) -> None:
    result = intake("speak", "Hola.", "--lang", "es", "-o", "-")

    assert result.stdout_bytes == SOUND
    assert "format" not in api.asked("POST /v1/speech")[0].json


def test_what_is_told_is_json_where_that_is_wanted(intake: Intake) -> None:
    told = json.loads(intake("speak", "Hola.", "--lang", "es", "-o", "hola.mp3", "--json").stdout)

    assert (told["file"], told["size"], told["provider"]) == ("hola.mp3", len(SOUND), "flite")


@pytest.mark.parametrize("file", [("hola.txt",), ("nowhere/hola.mp3",), ("-", "--json")])
def test_a_sound_that_could_not_be_kept_is_not_paid_for(api: ApiDouble, intake: Intake, file: tuple[str, ...]) -> None:
    assert intake("speak", "Hola.", "--lang", "es", "-o", *file).exit_code == 2
    assert api.requests == []


def test_a_refused_text_leaves_no_file(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    api.will("POST /v1/speech", (422, problem(422, "unsupported-input", "language: Unknown.")))

    assert intake("speak", "Hola.", "--lang", "xx", "-o", "hola.mp3").exit_code == 4
    assert list(tmp_path.iterdir()) == []
