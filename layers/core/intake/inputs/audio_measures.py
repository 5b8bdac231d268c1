"""What can be measured on a recording before anybody listens to it: level, clipping, background and pauses.

Everything is taken from the power of frames of 20 ms. It tells sound from silence, not speech from music: a door that
slams is as good as a word here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

from intake.inputs.results import AudioMeasures

SAMPLE_RATE = 16_000
FRAME = SAMPLE_RATE // 50
"""Samples of 20 ms: shorter than a syllable, longer than a period of the voice."""

_FULL_SCALE = 32_768
_CLIPPED = round(_FULL_SCALE * 0.99)
_SILENT_DBFS = -60.0
"""Below it lies a microphone's own hiss in a quiet room, and no voice in front of it."""
_DIGITAL_SILENCE_DBFS = -80.0
"""Below it nothing was recorded: a pause that a telephone or a codec left empty says nothing of the background."""
_QUIETEST_DBFS = -96.0
"""The smallest step of 16 bits."""
_BACKGROUND_SHARE = 0.1
"""The quietest tenth of what was recorded is taken for the background: people pause for breath more than that."""
_ABOVE_BACKGROUND_DB = 6.0
_HIGHEST_SNR_DB = 60.0


def measure(samples: Sequence[int]) -> AudioMeasures:
    """Measure a recording.

    Parameters
    ----------
    samples
        16-bit, mono, 16 kHz.

    Returns
    -------
    AudioMeasures
        ``loudness_dbfs`` and ``clipped_share`` are of the parts that stand out from the background, or of all where
        none does; ``snr_db`` is 0 there, and 60 at most.
    """
    powers: list[float] = []
    peak = clipped = 0
    for start in range(0, len(samples), FRAME):
        frame = samples[start : start + FRAME]
        powers.append(sum(map(mul, frame, frame)) / len(frame))
        loudest = max(map(abs, frame))
        peak = max(peak, loudest)
        if loudest >= _CLIPPED:
            clipped += sum(abs(sample) >= _CLIPPED for sample in frame)
    recorded = sorted(power for power in powers if power >= _power(_DIGITAL_SILENCE_DBFS))
    background = recorded[int(len(recorded) * _BACKGROUND_SHARE)] if recorded else 0.0
    standing_out = _power(max(_dbfs(background) + _ABOVE_BACKGROUND_DB, _SILENT_DBFS))
    active = [power for power in powers if power >= standing_out]
    heard = active or recorded
    loudness = sum(heard) / len(heard) if heard else 0.0
    return AudioMeasures(
        duration_seconds=round(len(samples) / SAMPLE_RATE, 3),
        peak_dbfs=round(_dbfs(float(peak) ** 2), 1),
        loudness_dbfs=round(_dbfs(loudness), 1),
        clipped_share=min(1.0, round(clipped / FRAME / len(heard), 4)) if heard else 0.0,
        snr_db=round(_ratio_db(loudness, background), 1) if active else 0.0,
        speech_share=_share(len(active), powers),
        silence_share=_share(sum(power < _power(_SILENT_DBFS) for power in powers), powers),
    )


def _ratio_db(loud: float, background: float) -> float:
    floor = max(background, _power(_QUIETEST_DBFS))
    return min(_HIGHEST_SNR_DB, 10 * math.log10(max(loud - background, floor / 100) / floor))


def _share(count: int, powers: Sequence[float]) -> float:
    return round(count / len(powers), 3) if powers else 0.0


def _dbfs(power: float) -> float:
    return max(_QUIETEST_DBFS, 10 * math.log10(power / _FULL_SCALE**2)) if power else _QUIETEST_DBFS


def _power(dbfs: float) -> float:
    return float(10 ** (dbfs / 10) * _FULL_SCALE**2)
