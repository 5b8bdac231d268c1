"""Speech in and out: what flite says, pocketsphinx hears."""

import array
import io
import math
import random
import subprocess
import wave
from pathlib import Path
from shutil import which

import pytest

from intake.errors import ConfigurationError, UnsupportedInputError
from intake.providers.embedded import _audio
from intake.providers.embedded.espeak_ng import EspeakNg
from intake.providers.embedded.ffmpeg import BYTES_PER_SECOND
from intake.providers.embedded.flite import Flite
from intake.providers.embedded.pocketsphinx import Pocketsphinx
from intake.providers.ports import Need, Speech, SpeechRequest, Transcript, TranscriptionRequest

pytestmark = pytest.mark.engine

SENTENCE = "I need to report a car accident on the highway."


def spoken(text: str, language: str = "en", voice: str | None = None) -> Speech:
    return Flite().call(SpeechRequest(text=text, language=language, voice=voice)).value


def heard(audio: bytes, language: str | None = "en") -> Transcript:
    return Pocketsphinx().call(TranscriptionRequest(audio=audio, media_type="audio/wav", language=language)).value


def wav_of(samples: list[int]) -> bytes:
    return _audio.to_wav(array.array("h", samples).tobytes())


def wave_format(audio: bytes) -> tuple[int, int, int]:
    with wave.open(io.BytesIO(audio)) as file:
        return file.getnchannels(), file.getsampwidth(), file.getframerate()


@pytest.fixture(scope="module")
def sentence() -> bytes:
    return spoken(SENTENCE).audio


class TestPocketsphinx:
    def test_it_hears_what_was_said(self, sentence: bytes) -> None:
        transcript = heard(sentence)

        assert transcript.text == "i need to report a car accident on the highway"
        assert transcript.language == "en"
        assert 2 < transcript.duration_seconds < 4
        assert transcript.confidence is not None
        assert 0.5 < transcript.confidence <= 1

    def test_pauses_part_the_speech_and_lose_none_of_it(self, sentence: bytes) -> None:
        samples = _audio.to_samples(sentence, longest_seconds=60, finder=lambda _: None)

        transcript = heard(_audio.to_wav(samples + bytes(2 * BYTES_PER_SECOND) + samples))

        assert transcript.text.count("car accident on the highway") == 2

    @pytest.mark.parametrize(
        "options",
        ["-f mp3", "-f ipod -c:a aac", "-f ogg", "-f webm", "-f flac", "-ac 2 -ar 44100 -f wav"],
    )
    def test_other_formats_are_decoded(self, sentence: bytes, options: str, tmp_path: Path) -> None:
        file = tmp_path / "recording"
        subprocess.run(["ffmpeg", "-v", "error", "-i", "-", *options.split(), str(file)], input=sentence, check=True)

        assert "car accident on the highway" in heard(file.read_bytes()).text

    def test_without_ffmpeg_the_remedy_is_told(self) -> None:
        request = TranscriptionRequest(audio=b"ID3 not a wav", media_type="audio/mpeg")

        with pytest.raises(UnsupportedInputError, match=r"WAV of 16 kHz.*ffmpeg"):
            Pocketsphinx(lambda _: None).call(request)

    @pytest.mark.parametrize(
        "audio",
        [
            wav_of([0] * 32_000),
            wav_of([]),
            wav_of([int(random.Random(1).gauss(0, 40)) for _ in range(32_000)]),
            wav_of([int(8000 * math.sin(n * 2 * math.pi * 440 / 16_000)) for n in range(32_000)]),
        ],
        ids=["silence", "no samples", "hiss", "tone"],
    )
    def test_without_speech_it_invents_nothing(self, audio: bytes) -> None:
        with pytest.raises(UnsupportedInputError, match=r"No speech was heard.*microphone"):
            heard(audio)

    @pytest.mark.parametrize(
        "audio",
        [
            b"",
            b"RIFF....WAVE",
            b"\x00" * 5000,
            b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
            b"ffconcat version 1.0\n",
        ],
        ids=["empty", "header only", "zeros", "play list", "concat list"],
    )
    def test_damaged_audio_is_refused_in_words(self, audio: bytes) -> None:
        with pytest.raises(UnsupportedInputError, match="could not be decoded"):
            heard(audio)

    def test_too_long_audio_is_refused_before_it_is_heard(self) -> None:
        with pytest.raises(UnsupportedInputError, match="longer than 4 minutes"):
            heard(_audio.to_wav(bytes(5 * 60 * BYTES_PER_SECOND)))

    def test_only_english(self, sentence: bytes) -> None:
        assert Pocketsphinx().obstacle(Need(source_language="es")) == "pocketsphinx hears English only, not es"
        assert Pocketsphinx().obstacle(Need(source_language="en-GB")) is None
        with pytest.raises(UnsupportedInputError, match="English only"):
            heard(sentence, "es")


class TestFlite:
    def test_it_speaks_16_khz_mono(self) -> None:
        speech = spoken(SENTENCE)

        assert wave_format(speech.audio) == (1, 2, 16_000)
        assert speech.media_type == "audio/wav"
        assert speech.duration_seconds is not None
        assert 2 < speech.duration_seconds < 4

    def test_typographic_signs_are_read(self) -> None:
        assert spoken("It’s “fine”.").audio == spoken('It\'s "fine".').audio

    def test_a_voice_is_a_name_and_never_a_path(self) -> None:
        with pytest.raises(UnsupportedInputError, match="no voice /etc/passwd"):
            spoken("Hello", voice="/etc/passwd")

    @pytest.mark.parametrize("text", ["", " … ", "你好"])
    def test_nothing_to_speak_is_said(self, text: str) -> None:
        with pytest.raises(UnsupportedInputError, match="no text to speak"):
            spoken(text)

    def test_it_makes_mp3_where_that_is_wanted(self) -> None:
        speech = Flite().call(SpeechRequest(text=SENTENCE, language="en", media_type="audio/mpeg")).value

        assert speech.media_type == "audio/mpeg"
        assert len(speech.audio) < len(spoken(SENTENCE).audio) / 3
        assert abs(len(_audio.to_samples(speech.audio, longest_seconds=60, finder=which)) / 32_000 - 2.9) < 1

    def test_mp3_without_ffmpeg_is_an_obstacle(self) -> None:
        without = Flite(lambda name: which(name) if name == "flite" else None)

        assert "ffmpeg" in (without.obstacle(Need(target_language="en", media_type="audio/mpeg")) or "")
        assert without.obstacle(Need(target_language="en", media_type="audio/wav")) is None

    def test_only_english(self) -> None:
        assert Flite().obstacle(Need(target_language="fr")) == "flite speaks English only, not fr"


class TestEspeakNg:
    @pytest.mark.parametrize("language", ["es", "es-MX", "en-US", "zh", "ar", "vi", "de"])
    def test_it_speaks_many_languages_at_16_khz(self, language: str) -> None:
        speech = EspeakNg().call(SpeechRequest(text="Hola 你好 مرحبا 1", language=language)).value

        assert wave_format(speech.audio) == (1, 2, 16_000)
        assert speech.duration_seconds is not None
        assert speech.duration_seconds > 0.3

    def test_an_unknown_language_is_refused(self) -> None:
        assert EspeakNg().obstacle(Need(target_language="xx")) == "espeak-ng has no voice for xx"
        with pytest.raises(UnsupportedInputError, match="no voice for xx"):
            EspeakNg().call(SpeechRequest(text="x", language="xx"))

    def test_without_ffmpeg_the_remedy_is_told(self) -> None:
        assert "apt-get install ffmpeg" in str(EspeakNg(lambda name: name if name == "espeak-ng" else None).missing())


@pytest.mark.parametrize("engine", [Flite, EspeakNg])
def test_a_missing_engine_is_named_with_the_remedy(engine: type[Flite] | type[EspeakNg]) -> None:
    missing = engine(lambda _: None)

    assert missing.missing() == f"{engine.name} is not installed: apt-get install {engine.name}"
    assert missing.engine_version() is None
    with pytest.raises(ConfigurationError, match="not installed"):
        missing.call(SpeechRequest(text="Hello", language="en"))
