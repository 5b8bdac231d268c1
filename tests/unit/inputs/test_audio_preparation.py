"""Stage PrepareAudio, with the decoder that Lambda gets."""

from __future__ import annotations

import io
import wave
from typing import Any

import pytest

from intake.errors import ConflictError, ProviderTimeoutError, UnsupportedInputError
from intake.inputs.audio_preparation import prepare_audio
from intake.inputs.ports import AudioDecoder
from intake.inputs.results import PreparedAudio
from intake.providers.embedded.ffmpeg import Ffmpeg
from tests.support.recordings import FORMATS, as_wav, encoded, mixed, noise, silence, syllables
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk, stage_command

PREPARED = ("audio", f"prepared/{TENANT}/{INPUT_ID}.wav")


def run(desk: Desk, decoder: AudioDecoder | None = None) -> PreparedAudio:
    return prepare_audio(
        stage_command(), inputs=desk.inputs, objects=desk.files, decoder=decoder or Ffmpeg(), clock=desk.clock
    )


def refused(desk: Desk) -> str:
    """Run the stage on what is refused, see that the field is kept, and return what is said."""
    with pytest.raises(UnsupportedInputError) as refusal:
        run(desk)
    failure = desk.record.failure
    assert failure is not None
    assert [(error.field, error.message) for error in failure.errors] == [("audio", refusal.value.detail)]
    assert PREPARED not in desk.files.files
    return refusal.value.detail


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_format_becomes_wav_of_16_khz_mono(desk: Desk, suffix: str) -> None:
    desk.add_recording(encoded(syllables(2), suffix))

    made = run(desk)

    body = desk.files.files[PREPARED]
    with wave.open(io.BytesIO(body)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert file.getnframes() / 16_000 == pytest.approx(2, abs=0.1)
    assert (made.key, made.media_type, made.size) == (PREPARED[1], "audio/wav", len(body))
    assert made.measures.snr_db > 15
    assert made.warnings == ()


def test_a_recording_is_what_its_bytes_are_whatever_it_is_called(desk: Desk) -> None:
    desk.add_recording(encoded(syllables(2), "mp3"))  # the desk calls every recording a.wav

    assert run(desk).measures.duration_seconds == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("audio", "told"),
    [
        (b"I would like to report an accident.", "no recording that is understood"),
        (b"", "no recording that is understood"),
        (encoded(syllables(2), "m4a")[:2_000], "damaged"),
        (b"RIFF" + bytes(range(256)) * 40, "no recording that is understood"),
        (as_wav(syllables(1))[:44], "damaged"),
        (as_wav(syllables(0.04)), "0.04 s long"),
        (as_wav(silence(2)), "silent"),
        (as_wav(noise(2)), "stands out"),
    ],
    ids=["text", "empty", "cut off", "noise of bytes", "header only", "short", "silent", "noise"],
)
def test_what_cannot_be_understood_is_refused_by_its_field(desk: Desk, audio: bytes, told: str) -> None:
    desk.add_recording(audio)

    assert told in refused(desk)


def test_a_recording_of_a_request_may_last_a_minute(desk: Desk) -> None:
    desk.add_recording(as_wav(syllables(1) * 62))

    assert "POST /v1/inputs/uploads" in refused(desk)


def test_an_uploaded_one_may_last_longer(desk: Desk) -> None:
    desk.add_recording(as_wav(syllables(1) * 62), longest_seconds=7_200)

    assert run(desk).measures.duration_seconds == 62


def test_a_recording_that_ends_early_is_tried_and_the_doubt_is_told(desk: Desk) -> None:
    whole = encoded(syllables(8), "flac")
    desk.add_recording(whole[: len(whole) // 2])

    (warning,) = run(desk).warnings

    assert "its file says 8 s" in warning


def test_noise_is_reduced_where_that_is_asked_for(desk: Desk) -> None:
    noisy = as_wav(mixed(syllables(4), noise(4, level=0.02)))
    desk.add_recording(noisy, noise_reduction=True)

    made = run(desk)

    assert made.denoised is not None
    assert made.denoised.snr_db > made.measures.snr_db + 3
    assert made.denoised.duration_seconds == made.measures.duration_seconds
    assert desk.files.files[PREPARED] != noisy


def test_running_twice_decodes_once(desk: Desk) -> None:
    desk.add_recording(as_wav(syllables(1)))
    first = run(desk)
    desk.files.files.clear()

    assert run(desk) == first


def test_a_machine_that_is_too_busy_says_nothing_of_the_recording(desk: Desk) -> None:
    class Busy:
        def decode(self, audio: bytes, **_: Any) -> Any:
            raise ProviderTimeoutError("ffmpeg did not finish: it took too long")

        def reduce_noise(self, samples: bytes, *, background_dbfs: float) -> bytes:
            return samples

    desk.add_recording(as_wav(syllables(1)))

    with pytest.raises(ProviderTimeoutError):
        run(desk, Busy())
    assert desk.record.failure is None


def test_a_written_input_has_nothing_to_prepare(desk: Desk) -> None:
    desk.add()

    with pytest.raises(ConflictError):
        run(desk)
