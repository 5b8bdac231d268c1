"""Stage Transcribe."""

from __future__ import annotations

import pytest

from intake.errors import ConflictError, NotFoundError, UnsupportedInputError
from intake.inputs.results import Transcription
from intake.inputs.transcription import transcribe
from tests.unit.inputs.conftest import Desk, provider_command


def run(desk: Desk) -> Transcription:
    return transcribe(
        provider_command("pocketsphinx"),
        gateway=desk.gateway,
        inputs=desk.inputs,
        objects=desk.files,
        clock=desk.clock,
    )


def test_speech_becomes_the_text_of_the_input(desk: Desk) -> None:
    desk.add_recording()
    desk.prepared()
    desk.will_hear(" my car was stolen ")

    run(desk)

    assert desk.record.text == "my car was stolen"
    assert desk.record.transcribe is not None
    assert (desk.record.transcribe.provider, desk.record.transcribe.confidence) == ("pocketsphinx", 0.8)


def test_running_twice_hears_once(desk: Desk) -> None:
    desk.add_recording()
    desk.prepared()
    desk.will_hear("my car was stolen")

    assert run(desk) == run(desk)
    assert desk.transcriber.calls == 1


@pytest.mark.parametrize("heard", ["", " ... ", "a" * 30_001])
def test_silence_and_endless_speech_say_what_to_do(desk: Desk, heard: str) -> None:
    desk.add_recording()
    desk.prepared()
    desk.will_hear(heard)

    with pytest.raises(UnsupportedInputError) as refused:
        run(desk)

    assert refused.value.errors[0].field == "audio"
    assert desk.record.failure is not None
    assert desk.record.failure.errors == refused.value.errors


def test_a_recording_that_is_gone_is_missed(desk: Desk) -> None:
    desk.add_recording()
    desk.prepared()
    desk.files.files.clear()

    with pytest.raises(NotFoundError):
        run(desk)


def test_providers_hear_the_prepared_recording(desk: Desk) -> None:
    desk.add_recording(b"ID3 as it came")
    desk.prepared(b"RIFF as it was made")
    desk.will_hear("my car was stolen")

    run(desk)

    assert [(request.audio, request.media_type) for request in desk.transcriber.requests] == [
        (b"RIFF as it was made", "audio/wav")
    ]


def test_a_recording_that_is_not_prepared_waits(desk: Desk) -> None:
    desk.add_recording()

    with pytest.raises(ConflictError):
        run(desk)


def test_a_written_input_cannot_be_heard(desk: Desk) -> None:
    desk.add()

    with pytest.raises(ConflictError):
        run(desk)


def test_what_the_provider_finds_wrong_lies_in_the_recording(desk: Desk) -> None:
    desk.add_recording()
    desk.prepared()
    desk.transcriber.will(UnsupportedInputError("The audio could not be decoded: record it again."))

    with pytest.raises(UnsupportedInputError):
        run(desk)

    assert desk.record.failure is not None
    assert [error.field for error in desk.record.failure.errors] == ["audio"]
    assert desk.record.failure.detail == "The audio could not be decoded: record it again."
