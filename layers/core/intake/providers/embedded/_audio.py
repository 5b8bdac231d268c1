"""Sound as engines want it: 16 kHz mono 16-bit samples, in and out."""

from __future__ import annotations

import io
import wave

from intake.errors import ProviderRefusedError, UnsupportedInputError
from intake.providers.embedded._subprocess import MEBIBYTE, Limits, ProgramError, ProgramFinder, run
from intake.providers.embedded.ffmpeg import BYTES_PER_SECOND, SAMPLE_RATE, Ffmpeg
from intake.providers.sound import pcm_wav

_SAMPLE_BYTES = 2

NO_MP3 = "MP3 needs ffmpeg (apt-get install ffmpeg): ask for WAV"


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
    return pcm_wav(samples, SAMPLE_RATE)


def encoded(wav: bytes, media_type: str | None, *, finder: ProgramFinder) -> bytes:
    """Return a WAV file as it is, or as the MP3 that is wanted.

    Raises
    ------
    ProviderError
        ffmpeg is missing, or did not finish.
    """
    if media_type in (None, "audio/wav"):
        return wav
    ffmpeg = finder("ffmpeg")
    if ffmpeg is None:
        raise ProviderRefusedError(f"{NO_MP3}.")
    limits = Limits(seconds=20, cpu_seconds=20, memory_bytes=512 * MEBIBYTE, output_bytes=16 * MEBIBYTE)
    options = [
        "-nostdin", "-v", "error", "-threads", "1", "-f", "wav", "-protocol_whitelist", "file", "-i", "file:/dev/stdin",
        "-b:a", "64k", "-f", "mp3", "-",
    ]  # fmt: skip
    try:
        return run(ffmpeg, options, stdin=wav, limits=limits)
    except ProgramError as error:
        raise error.as_provider_error("ffmpeg") from error


def encoding_obstacle(media_type: str | None, finder: ProgramFinder) -> str | None:
    """Say why speech cannot be had as such a file, or None if it can."""
    if media_type in (None, "audio/wav"):
        return None
    if media_type != "audio/mpeg":
        return f"engines here make WAV and MP3, not {media_type}"
    return NO_MP3 if finder("ffmpeg") is None else None


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
