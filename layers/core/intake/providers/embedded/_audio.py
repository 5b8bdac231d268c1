"""Sound as engines want it: 16 kHz mono 16-bit samples, in and out."""

from __future__ import annotations

import io
import wave

from intake.errors import UnsupportedInputError
from intake.providers.embedded._subprocess import MEBIBYTE, Ending, Limits, ProgramError, ProgramFinder, run

SAMPLE_RATE = 16_000
_SAMPLE_BYTES = 2
BYTES_PER_SECOND = SAMPLE_RATE * _SAMPLE_BYTES

# Containers that hold sound. Play lists (hls, concat, dash …) stay out: they make ffmpeg open files that they name.
_CONTAINERS = "wav,w64,aiff,mp3,aac,mov,ogg,flac,matroska,amr,au"


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
        ffmpeg = finder("ffmpeg")
        if ffmpeg is None:
            raise UnsupportedInputError(
                "Only WAV of 16 kHz, mono, 16 bit can be read here: send that, or have ffmpeg installed "
                "(apt-get install ffmpeg)."
            )
        samples = _decode(ffmpeg, audio, longest_seconds)
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


def _decode(ffmpeg: str, audio: bytes, longest_seconds: float) -> bytes:
    # One second more than allowed, so that too long a recording shows itself as such.
    seconds = longest_seconds + 1
    limits = Limits(
        seconds=60,
        cpu_seconds=60,
        memory_bytes=1024 * MEBIBYTE,
        output_bytes=int(seconds * BYTES_PER_SECOND) + MEBIBYTE,
    )
    options = [
        "-nostdin", "-v", "error", "-threads", "1", "-format_whitelist", _CONTAINERS, "-protocol_whitelist", "file",
        "-i", "file:/dev/stdin", "-map", "0:a:0", "-t", f"{seconds:g}", "-ac", "1", "-ar", str(SAMPLE_RATE),
        "-f", "s16le", "-",
    ]  # fmt: skip
    try:
        return run(ffmpeg, options, stdin=audio, limits=limits)
    except ProgramError as error:
        if error.ending is Ending.FAILED:
            raise UnsupportedInputError(
                "The audio could not be decoded: it is damaged, or not a sound file. "
                "Record it again as WAV, MP3, M4A, OGG, WebM or FLAC."
            ) from error
        raise error.as_provider_error("ffmpeg") from error
