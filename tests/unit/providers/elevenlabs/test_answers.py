"""What ElevenLabs is asked, and what is made of its answers."""

from __future__ import annotations

import io
import math
import wave

import pytest

from intake.errors import IntakeError, ProviderError, ProviderRefusedError, TransientError, UnsupportedInputError
from intake.money import Usage
from intake.providers.ports import Capability, Need, SpeechRequest, TranscriptionRequest
from tests.doubles.control import Control
from tests.doubles.elevenlabs_server import LOGPROB, SOUND, UNKNOWN_VOICE
from tests.doubles.faults import Fault, Kind
from tests.unit.providers.elevenlabs.conftest import Make
from tests.unit.providers.sounds import wav

RECORDING = TranscriptionRequest(audio=wav(1.5), media_type="audio/wav")
IN_SPANISH = TranscriptionRequest(audio=b"ID3 sound", media_type="audio/mpeg", language="es")
TEXT = SpeechRequest(text="Su póliza cubre el robo.", language="es")


def test_speech_is_written_down_and_its_length_is_billed(make: Make, double: Control) -> None:
    reply = make(Capability.TRANSCRIBE).call(RECORDING)

    assert reply.value.text == "Mi coche no arranca."
    assert reply.value.language == "es"
    assert reply.value.duration_seconds == 1.5
    assert reply.usage == Usage(audio_milliseconds=1_500)
    sent = double.requests()[0]["body"]
    assert sent["model_id"] == "scribe_v2"
    assert sent["file"] == "recording.wav"
    assert "language_code" not in sent


def test_a_known_language_is_said(make: Make, double: Control) -> None:
    make(Capability.TRANSCRIBE).call(IN_SPANISH)

    assert double.requests()[0]["body"]["language_code"] == "es"
    assert double.requests()[0]["body"]["file"] == "recording.mp3"


def test_confidence_is_that_of_the_words_and_at_most_that_of_a_language_left_open(make: Make) -> None:
    of_words = round(math.exp(LOGPROB), 3)
    transcriber = make(Capability.TRANSCRIBE)

    assert transcriber.call(IN_SPANISH).value.confidence == of_words == 0.951
    assert transcriber.call(RECORDING).value.confidence == 0.9


def test_silence_is_a_text_without_words_and_without_a_confidence(make: Make, double: Control) -> None:
    double.fail(Fault(kind=Kind.SILENCE))

    reply = make(Capability.TRANSCRIBE).call(RECORDING)

    assert (reply.value.text, reply.value.confidence) == ("", None)
    assert reply.usage == Usage(audio_milliseconds=1_500)


def test_a_length_that_is_not_told_is_that_of_the_wav_or_of_the_words(make: Make, double: Control) -> None:
    double.fail(Fault(kind=Kind.NO_DURATION, times=2))
    transcriber = make(Capability.TRANSCRIBE)

    assert transcriber.call(RECORDING).value.duration_seconds == 1.5
    assert transcriber.call(IN_SPANISH).value.duration_seconds == 2.0


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {"message": "Request accepted", "request_id": "1"},
        {"text": "x", "language_code": "eng", "language_probability": 2, "words": []},
        {"text": "x", "language_code": "eng", "language_probability": 1, "words": [{"type": "word", "logprob": 1}]},
    ],
)
def test_an_answer_of_another_form_may_pass(make: Make, double: Control, answer: object) -> None:
    double.fail(Fault(kind=Kind.ANSWER, body=answer))

    with pytest.raises(TransientError):
        make(Capability.TRANSCRIBE).call(RECORDING)


def test_what_is_no_recording_is_not_sent(make: Make, double: Control) -> None:
    transcriber = make(Capability.TRANSCRIBE)

    assert "text/plain" in (transcriber.obstacle(Need(media_type="text/plain")) or "")
    with pytest.raises(ProviderRefusedError):
        transcriber.call(TranscriptionRequest(audio=b"x", media_type="text/plain"))
    assert double.counts()["calls"] == 0


def test_a_text_is_spoken_and_its_characters_are_billed(make: Make, double: Control) -> None:
    reply = make(Capability.SYNTHESIZE, ELEVENLABS_VOICE_ID="ours").call(TEXT)

    assert (reply.value.audio, reply.value.media_type) == (SOUND, "audio/mpeg")
    assert reply.usage == Usage(characters=24)
    assert double.requests()[0]["body"] == {
        "text": TEXT.text,
        "model_id": "eleven_flash_v2_5",
        "language_code": "es",
        "voice_id": "ours",
        "output_format": "mp3_44100_64",
    }


def test_wav_is_the_services_samples_in_a_file(make: Make, double: Control) -> None:
    reply = make(Capability.SYNTHESIZE).call(TEXT.model_copy(update={"media_type": "audio/wav"}))

    with wave.open(io.BytesIO(reply.value.audio)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
    assert reply.value.media_type == "audio/wav"
    assert double.requests()[0]["body"]["output_format"] == "pcm_16000"


def test_another_kind_of_file_is_an_obstacle(make: Make) -> None:
    assert "audio/ogg" in (make(Capability.SYNTHESIZE).obstacle(Need(media_type="audio/ogg")) or "")


def test_a_voice_of_the_request_goes_before_the_default(make: Make, double: Control) -> None:
    make(Capability.SYNTHESIZE).call(TEXT.model_copy(update={"voice": "theirs"}))

    assert double.requests()[0]["body"]["voice_id"] == "theirs"


def test_another_default_voice_is_another_line_of_the_cache(make: Make) -> None:
    one, other = (make(Capability.SYNTHESIZE, ELEVENLABS_VOICE_ID=voice) for voice in ("a", "b"))

    assert one.version != other.version


@pytest.mark.parametrize(
    ("change", "expected", "calls"),
    [
        ({"text": " ... "}, UnsupportedInputError, 0),
        ({"text": "a" * 40_001}, ProviderRefusedError, 0),
        ({"language": "am"}, ProviderRefusedError, 0),
        ({"voice": "../user"}, ProviderRefusedError, 0),
        ({"voice": UNKNOWN_VOICE}, ProviderRefusedError, 1),
    ],
)
def test_what_cannot_be_spoken_is_refused(
    make: Make, double: Control, change: dict[str, str], expected: type[IntakeError], calls: int
) -> None:
    with pytest.raises(expected):
        make(Capability.SYNTHESIZE).call(TEXT.model_copy(update=change))

    assert double.counts()["calls"] == calls


@pytest.mark.parametrize(("language", "theirs"), [("tl", "fil"), ("nb", "no"), ("pt-BR", "pt")])
def test_a_language_is_named_as_the_service_names_it(make: Make, double: Control, language: str, theirs: str) -> None:
    speaker = make(Capability.SYNTHESIZE)

    assert speaker.obstacle(Need(target_language=language, size=40_000)) is None
    speaker.call(TEXT.model_copy(update={"language": language}))
    assert double.requests()[0]["body"]["language_code"] == theirs


def test_what_is_out_of_reach_is_an_obstacle(make: Make) -> None:
    speaker = make(Capability.SYNTHESIZE)

    assert "am" in (speaker.obstacle(Need(target_language="am")) or "")
    assert "40,001" in (speaker.obstacle(Need(target_language="en", size=40_001)) or "")


def test_an_empty_sound_is_no_answer_and_billed(make: Make, double: Control) -> None:
    double.fail(Fault(kind=Kind.SILENCE))

    with pytest.raises(ProviderError) as caught:
        make(Capability.SYNTHESIZE).call(TEXT)

    assert type(caught.value) is TransientError
    assert caught.value.billed == Usage(characters=24)
