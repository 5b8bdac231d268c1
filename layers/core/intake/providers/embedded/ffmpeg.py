"""ffmpeg in a limited child process: strangers' recordings become 16 kHz mono 16-bit samples.

The program is the one of the package imageio-ffmpeg, which the layer `audio` brings to Lambda (docs/decisions/0014);
where that is missing, the one that is installed.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from intake.errors import ConfigurationError, UnsupportedInputError
from intake.providers.embedded._subprocess import (
    MEBIBYTE,
    Ending,
    Finished,
    Limits,
    ProgramError,
    ProgramFinder,
    find_program,
    run,
    run_with_report,
)

SAMPLE_RATE = 16_000
BYTES_PER_SECOND = SAMPLE_RATE * 2

_DEMUXERS = {
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/webm": "matroska",
    "audio/flac": "flac",
}
# No play lists (hls, concat, dash …): they make ffmpeg open the files that they name.
_CONTAINERS = ",".join(_DEMUXERS.values())
# Of several hundred decoders, those that recordings of speech are made with: the others are doors that nobody needs.
_CODECS = (
    "aac,adpcm_ima_wav,adpcm_ms,alac,flac,gsm_ms,mp3,mp3float,opus,pcm_alaw,pcm_f32le,pcm_f64le,pcm_mulaw,pcm_s16be,"
    "pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,vorbis"
)
_QUIETLY = ("-hide_banner", "-nostdin", "-nostats", "-threads", "1")
_STANDARD_INPUT = "file:/dev/stdin"
"""A file in memory (`_subprocess`), not a pipe: the index of an m4a may lie at its end."""
_RAW = ("-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "1")

_STATED = re.compile(r"^\[info\]   Duration: (\d+):(\d\d):(\d\d\.\d+)", re.MULTILINE)
_SOUND = re.compile(r"\[info\]   Stream #0:\S+ Audio: ")
_OPENED = "[info] Input #0, "

# docs/inputs.md says what it did to noisy samples; told the level of the noise, it takes three times as much away as
# when it follows the noise itself.
_DENOISE = "afftdn=nr=20:nf={floor:.0f}"
_LOWEST_FLOOR_DBFS, _HIGHEST_FLOOR_DBFS = -80.0, -20.0

_MISSING = "ffmpeg is not installed: pip install imageio-ffmpeg, or apt-get install ffmpeg"
_FORMATS = "WAV, MP3, M4A, OGG, WebM or FLAC"
_DAMAGED = f"The audio could not be decoded: it is damaged, or not a sound file. Record it again as {_FORMATS}."
_SOUNDLESS = f"The file has no sound, only other streams such as a picture. Send a recording as {_FORMATS}."
_UNSAFE = "The audio was rejected as unsafe to decode: {ending}. Convert it to WAV or MP3, and send that."


class DecodedAudio(BaseModel):
    """A recording as samples (16 kHz, mono, 16 bits, little-endian), and how long its file says that it is."""

    model_config = ConfigDict(frozen=True)

    samples: bytes = Field(repr=False)
    stated_seconds: float | None = None


def find_ffmpeg(name: str = "ffmpeg") -> str | None:
    """Return where ffmpeg is, or None."""
    if find_spec("imageio_ffmpeg") is None:
        return find_program(name)
    from imageio_ffmpeg import get_ffmpeg_exe

    try:
        found = str(get_ffmpeg_exe())
    except RuntimeError:  # a package for another processor
        return find_program(name)
    return found if Path(found).is_absolute() else find_program(name)


class Ffmpeg:
    """Decodes and cleans recordings; never opens anything but the bytes that it is given.

    Parameters
    ----------
    finder
        Finds the program; tests pass one that finds none.
    """

    def __init__(self, finder: ProgramFinder = find_ffmpeg) -> None:
        self._find = finder

    def decode(self, audio: bytes, *, longest_seconds: float, media_type: str | None = None) -> DecodedAudio:
        """Decode a recording; of one that is longer than allowed, one second more, so that it shows itself as such.

        Parameters
        ----------
        media_type
            The container, where it is known; else ffmpeg looks for one of those that are taken.

        Raises
        ------
        UnsupportedInputError
            The audio is damaged, has no sound, crashes its decoder or exhausts it.
        ConfigurationError
            ffmpeg is not installed.
        ProviderTimeoutError
            The machine was too busy to finish.
        """
        seconds = longest_seconds + 1
        container = ("-f", _DEMUXERS[media_type]) if media_type else ("-format_whitelist", _CONTAINERS)
        options = [
            *_QUIETLY, "-v", "level+info",
            *container, "-protocol_whitelist", "file", "-codec_whitelist", _CODECS, "-i", _STANDARD_INPUT,
            "-map", "0:a:0", "-t", f"{seconds:g}", *_RAW, "-",
        ]  # fmt: skip
        try:
            finished = run_with_report(self._program(), options, stdin=audio, limits=_limits(seconds))
        except ProgramError as error:
            raise _rejection(error) from error
        return DecodedAudio(samples=_whole(finished), stated_seconds=_stated_seconds(finished.report))

    def reduce_noise(self, samples: bytes, *, background_dbfs: float) -> bytes:
        """Return as many samples with less of what sounds steadily, of which the level is known.

        Raises
        ------
        ConfigurationError
            ffmpeg is not installed.
        ProviderError
            It did not finish.
        """
        floor = min(max(background_dbfs, _LOWEST_FLOOR_DBFS), _HIGHEST_FLOOR_DBFS)
        cleaning = _DENOISE.format(floor=floor)
        options = [*_QUIETLY, "-v", "error", *_RAW, "-i", _STANDARD_INPUT, "-af", cleaning, *_RAW, "-"]
        try:
            return run(self._program(), options, stdin=samples, limits=_limits(len(samples) / BYTES_PER_SECOND))
        except ProgramError as error:
            raise error.as_provider_error("ffmpeg") from error

    def _program(self) -> str:
        found = self._find("ffmpeg")
        if found is None:
            raise ConfigurationError(_MISSING)
        return found


def _limits(seconds: float) -> Limits:
    # A minute of sound takes a tenth of a second; what takes a hundred times as long was made to.
    allowed = min(15 + seconds / 60, 100)
    return Limits(
        seconds=allowed,
        cpu_seconds=int(allowed),
        memory_bytes=1024 * MEBIBYTE,
        output_bytes=int(seconds * BYTES_PER_SECOND) + MEBIBYTE,
    )


def _whole(finished: Finished) -> bytes:
    if not finished.output:
        raise UnsupportedInputError(_DAMAGED)
    return finished.output


def _stated_seconds(report: str) -> float | None:
    stated = _STATED.search(report)
    if stated is None:
        return None
    hours, minutes, seconds = stated.groups()
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _rejection(error: ProgramError) -> Exception:
    """Say why a recording is not decoded; where the machine was too busy, that says nothing of the recording."""
    if error.ending.is_resource_limit:
        return UnsupportedInputError(_UNSAFE.format(ending=error.ending))
    if error.ending is Ending.CRASH:
        return UnsupportedInputError(_DAMAGED)
    if error.ending is Ending.FAILED:
        is_soundless = _OPENED in error.stderr and not _SOUND.search(error.stderr)
        return UnsupportedInputError(_SOUNDLESS if is_soundless else _DAMAGED)
    return error.as_provider_error("ffmpeg")
