"""``intake process --voice``: in a request where it fits into one, else by an upload; twice only where it must be."""

from __future__ import annotations

import json
import wave
from pathlib import Path
from typing import Any

import pytest

from cli import recordings, waiting
from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble, problem
from tests.unit.cli.samples import COMPLETED
from tests.unit.cli.terminal import at_terminal

RECEIVED: dict[str, Any] = {"id": "inp_1", "status": "received"}
TOO_LONG = (
    "audio: The recording is longer than 60 s. Ask for an upload (POST /v1/inputs/uploads), which takes up to 2 hours."
)


@pytest.fixture(autouse=True)
def uploads(api: ApiDouble) -> None:
    form = {"url": f"{api.url}/bucket", "fields": {"key": "uploads/acme/inp_1/voice", "Content-Type": "audio/x"}}
    api.will("POST /v1/inputs", (200, COMPLETED))
    api.will("POST /v1/inputs/uploads", (201, RECEIVED | {"upload": form}))
    api.will("POST /bucket", (204, b""))
    api.will("GET /v1/inputs/inp_1", (200, RECEIVED), (200, COMPLETED))


def wav(path: Path, seconds: float) -> str:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(100)
        sound.writeframes(b"\x80" * int(100 * seconds))
    return str(path)


def sent(api: ApiDouble) -> tuple[int, int]:
    """Return how often the recording went in a request, and how often into the storage."""
    return len(api.asked("POST /v1/inputs")), len(api.asked("POST /bucket"))


def test_a_long_wav_is_uploaded_at_once(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    file = wav(tmp_path / "call.wav", 60.5)

    result = intake("process", "--voice", file, "--from", "es", "--user", "member-7", "--noise-reduction", "--json")

    assert json.loads(result.stdout) == COMPLETED
    assert sent(api) == (0, 1)
    assert Path(file).read_bytes() in api.asked("POST /bucket")[0].body
    assert api.asked("POST /v1/inputs/uploads")[0].json == {
        "filename": "call.wav",
        "content_type": "audio/wav",
        "size": Path(file).stat().st_size,
        "source_language": "es",
        "target_language": "en",
        "context": {"user_id": "member-7"},
        "noise_reduction": True,
    }


def test_a_short_wav_goes_in_a_request(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    result = intake("process", "--voice", wav(tmp_path / "call.wav", 59.5), "--noise-reduction")

    assert result.exit_code == 0
    assert sent(api) == (1, 0)
    assert b'name="noise_reduction"\r\n\r\ntrue' in api.asked("POST /v1/inputs")[0].body


@pytest.mark.parametrize(
    ("name", "size", "uploaded"),
    [
        ("call.mp3", recordings.A_MINUTE_COMPRESSED, False),
        ("call.mp3", recordings.A_MINUTE_COMPRESSED + 1, True),
        ("call.flac", recordings.LARGEST_REQUEST, False),
        ("call.flac", recordings.LARGEST_REQUEST + 1, True),
        ("damaged.wav", 1000, False),
    ],
)
def test_what_is_certainly_or_likely_too_much_for_a_request_is_uploaded(
    api: ApiDouble, intake: Intake, tmp_path: Path, name: str, size: int, uploaded: bool
) -> None:
    (tmp_path / name).write_bytes(b"\x00" * size)

    assert intake("process", "--voice", name).exit_code == 0
    assert sent(api) == ((0, 1) if uploaded else (1, 0))


@pytest.mark.parametrize(
    "refusal",
    [
        (422, problem(422, "unsupported-input", TOO_LONG, errors=[{"field": "audio", "message": TOO_LONG}])),
        (413, problem(413, "payload-too-large", "audio: Too large.")),
        (413, {"message": "Request Entity Too Large"}),
    ],
)
def test_what_the_api_finds_too_long_or_too_large_is_uploaded(
    api: ApiDouble, intake: Intake, tmp_path: Path, refusal: tuple[int, Any]
) -> None:
    (tmp_path / "call.mp3").write_bytes(b"ID3 sound")
    api.will("POST /v1/inputs", refusal)

    result = intake("process", "--voice", "call.mp3")

    assert result.exit_code == 0
    assert sent(api) == (1, 1)
    assert "call.mp3 does not fit into one request: it is uploaded." in result.stderr


def test_a_recording_refused_for_something_else_is_not_uploaded(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    (tmp_path / "call.mp3").write_bytes(b"ID3 sound")
    api.will("POST /v1/inputs", (422, problem(422, "unsupported-input", "audio: The recording is silent.")))

    assert intake("process", "--voice", "call.mp3").exit_code == 4
    assert sent(api) == (1, 0)


def test_a_file_that_the_storage_refuses_is_said(api: ApiDouble, intake: Intake, tmp_path: Path) -> None:
    api.will("POST /bucket", (400, b"<Error><Code>EntityTooLarge</Code></Error>"))

    result = intake("process", "--voice", wav(tmp_path / "call.wav", 61))

    assert result.exit_code == 4
    assert "error: call.wav was not taken by the storage: EntityTooLarge." in result.stderr


def test_an_upload_that_takes_too_long_goes_on_without_the_command(
    api: ApiDouble, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "SECONDS_FOR_A_RECORDING", 0)
    api.will("GET /v1/inputs/inp_1", (200, RECEIVED))

    result = intake("process", "--voice", wav(tmp_path / "call.wav", 61))

    assert result.exit_code == 1
    assert "intake inputs show inp_1" in result.stderr


def test_its_progress_is_shown_at_a_terminal(api: ApiDouble, tmp_path: Path) -> None:
    chosen = {"kind": "provider_chosen", "stage": "transcribe", "provider": "elevenlabs"}
    api.will("GET /v1/inputs/inp_1", (200, RECEIVED | {"progress": [chosen]}), (200, COMPLETED))

    code, shown = at_terminal(api, "process", "--voice", wav(tmp_path / "call.wav", 61))

    assert code == 0
    assert "transcribe by elevenlabs" in shown


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"kind": "retrying", "stage": "translate", "provider": "flash", "error": "TransientError"}, "once more"),
        (
            {
                "kind": "falling_back",
                "stage": "translate",
                "provider": "flash",
                "error": "E",
                "next_provider": "openai",
            },
            "translate: flash failed (E), now openai",
        ),
        ({"kind": "stage_done", "stage": "prepare_audio", "duration_ms": 3.0}, "prepare audio done"),
        ({"kind": "something_new"}, "processing"),
    ],
)
def test_what_happened_last_is_said_in_words(entry: dict[str, Any], words: str) -> None:
    assert words in waiting.latest({"status": "processing", "progress": [{"kind": "accepted"}, entry]})


def test_noise_of_a_text_is_not_reduced(api: ApiDouble, intake: Intake) -> None:
    assert intake("process", "--text", "Hola", "--noise-reduction").exit_code == 2
    assert api.requests == []
