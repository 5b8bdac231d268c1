"""Recordings made at test time: what a microphone gives on good and on bad days."""

from __future__ import annotations

import math
import random
import subprocess
from array import array

from intake.inputs.audio_preparation import wav
from intake.providers.embedded.ffmpeg import find_ffmpeg

RATE = 16_000
FORMATS = {
    "wav": "-f wav -ac 2 -ar 44100",
    "mp3": "-f mp3 -ar 44100",
    "m4a": "-f ipod -c:a aac",
    "ogg": "-f ogg -c:a libopus",
    "webm": "-f webm -c:a libopus",
    "flac": "-f flac",
}
"""How each format that is taken is made, by its suffix."""


def syllables(seconds: float = 3.0, *, level: float = 0.3, pitch_hz: float = 180.0) -> array[int]:
    """Return four syllables a second at a pitch, and a pause after each; ``level`` 1 is full scale."""
    return array(
        "h",
        (
            int(
                32_767
                * level
                * math.sin(2 * math.pi * pitch_hz * place / RATE)
                * max(0.0, math.sin(8 * math.pi * place / RATE))
            )
            for place in range(round(seconds * RATE))
        ),
    )


def noise(seconds: float = 3.0, *, level: float = 0.1) -> array[int]:
    """Return white noise of a root mean square level; the same each time."""
    source = random.Random(7)
    return array("h", (_limited(source.gauss(0, 32_767 * level)) for _ in range(round(seconds * RATE))))


def tone(seconds: float = 3.0, *, level: float = 0.3) -> array[int]:
    """Return a steady tone."""
    return array("h", (int(32_767 * level * math.sin(0.2 * place)) for place in range(round(seconds * RATE))))


def silence(seconds: float = 3.0) -> array[int]:
    """Return digital silence."""
    return array("h", bytes(2 * round(seconds * RATE)))


def louder(samples: array[int], times: float) -> array[int]:
    """Return samples so many times as loud, cut off at full scale."""
    return array("h", (_limited(sample * times) for sample in samples))


def mixed(one: array[int], other: array[int]) -> array[int]:
    """Return both at once."""
    return array("h", (_limited(left + right) for left, right in zip(one, other, strict=True)))


def as_wav(samples: array[int]) -> bytes:
    """Return samples as 16 kHz mono WAV."""
    return wav(samples.tobytes())


def encoded(samples: array[int], suffix: str) -> bytes:
    """Return samples in one of `FORMATS`."""
    # Through a file: the index of an m4a is written last, and then moved.
    return made_by_ffmpeg(f"-i pipe:0 {FORMATS[suffix]}", as_wav(samples))


def made_by_ffmpeg(options: str, given: bytes = b"") -> bytes:
    """Return what ffmpeg writes with these options."""
    program = find_ffmpeg()
    assert program is not None
    command = ["/bin/sh", "-c", 'file=$(mktemp) && "$@" -y "$file" && cat "$file"; rm -f "$file"', "sh", program]
    command += ["-v", "error", *options.split()]
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, check=True).stdout


def _limited(value: float) -> int:
    return max(-32_768, min(32_767, round(value)))
