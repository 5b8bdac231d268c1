"""Sound as engines want it: 16 kHz mono 16-bit samples, in and out."""

from __future__ import annotations

import io
import wave

from intake.errors import UnsupportedInputError
from intake.providers.embedded._subprocess import ProgramFinder
from intake.providers.embedded.ffmpeg import BYTES_PER_SECOND, SAMPLE_RATE, Ffmpeg

_SAMPLE_BYTES = 2


def to_samples(audio: bytes, *, longest_seconds: float, finder: ProgramFinder) -> bytes:
    """Decode a sound file to 16 kHz mono little-endian 16-bit samples.

    A WAV that is so already is read here; anything else needs ffmpeg.

    Raises
    ------
    UnsupportedInputError
        The audio cannot be decoded, is longer than ``longest_seconds``, or needs ffmpeg, which is missing.
    ProviderError
        ffmpeg did not finish.
    """
    samples = _plain_wav(audio)
    if samples is None:
        if finder("ffmpeg") is None:
            raise UnsupportedInputError(
                "Only WAV of 16 kHz, mono, 16 bit can be read here: send that, or have ffmpeg installed "
                "(apt-get install ffmpeg)."
            )
        samples = Ffmpeg(finder).decode(audio, longest_seconds=longest_seconds).samples
    if len(samples) > longest_seconds * BYTES_PER_SECOND:
        raise UnsupportedInputError(f"The audio is longer than {longest_seconds / 60:g} minutes: send it in parts.")
    return samples


def to_wav(samples: bytes) -> bytes:
    """Wrap 16 kHz mono 16-bit samples into a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_SAMPLE_BYTES)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(samples)
    return buffer.getvalue()


def seconds_of(samples: bytes) -> float:
    """Return how long samples sound."""
    return round(len(samples) / BYTES_PER_SECOND, 3)


def _plain_wav(audio: bytes) -> bytes | None:
    try:
        with wave.open(io.BytesIO(audio)) as file:
            wanted = (1, _SAMPLE_BYTES, SAMPLE_RATE)
            if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != wanted:
                return None
            return bytes(file.readframes(file.getnframes()))
    except (wave.Error, EOFError):
        return None
