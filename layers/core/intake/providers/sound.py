"""What a sound file says about itself, without decoding it."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass, field

from intake.audio_types import AUDIO_TYPES

LOWEST_BYTES_PER_SECOND = 500
"""4 kbit/s, below the lowest rate of the codecs in use for speech (AMR 4.75, Opus 6, MP3 8 kbit/s). A file of near
silence may be smaller still: then a reservation is too low, while what was billed is charged all the same."""


@dataclass(frozen=True)
class SoundFile:
    """A recording as a multipart form carries it."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


def file_name(media_type: str) -> str | None:
    """Return a name whose suffix tells a service the format, or None of a media type that is no known sound."""
    suffix = AUDIO_TYPES.get(media_type)
    return f"recording.{suffix}" if suffix else None


def seconds(audio: bytes) -> float | None:
    """Return how long a PCM WAV file sounds, or None of anything else."""
    try:
        with wave.open(io.BytesIO(audio)) as file:
            rate = file.getframerate() * file.getnchannels() * file.getsampwidth()
            # By the frames that are there, not by the header's number, which a stream leaves open.
            there = len(file.readframes(file.getnframes()))
    except (wave.Error, EOFError):
        return None
    return round(there / rate, 3) if rate else None


def most_milliseconds(audio: bytes) -> int:
    """Return an upper bound of how long a file sounds: exact for PCM WAV, else by the lowest usual rate."""
    exact = seconds(audio)
    return milliseconds(exact if exact is not None else len(audio) / LOWEST_BYTES_PER_SECOND)


def pcm_wav(samples: bytes, rate: int) -> bytes:
    """Wrap mono little-endian 16-bit samples into a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return buffer.getvalue()


def milliseconds(duration_seconds: float) -> int:
    """Convert to whole milliseconds, rounding up: what is billed is never understated."""
    return -int(-duration_seconds * 1000 // 1)
