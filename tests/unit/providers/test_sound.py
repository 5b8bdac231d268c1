"""What a sound file says about itself."""

from __future__ import annotations

import pytest

from intake.providers import sound
from intake.providers.language_codes import two_letters
from tests.unit.providers.sounds import wav


@pytest.mark.parametrize(
    ("audio", "seconds"),
    [
        (wav(1.5), 1.5),
        (wav(0.25, rate=44_100, channels=2), 0.25),
        (wav(2.0)[:44] + bytes(16_000), 0.5),
        (b"ID3 and so on", None),
        (b"RIFF", None),
        (b"", None),
    ],
    ids=["mono", "stereo", "shorter than it says", "mp3", "cut off", "empty"],
)
def test_the_length_of_a_wav_is_told_by_its_frames(audio: bytes, seconds: float | None) -> None:
    assert sound.seconds(audio) == seconds


def test_the_bound_of_a_length_is_exact_for_wav_and_ample_for_anything_else() -> None:
    assert sound.most_milliseconds(wav(1.5)) == 1_500
    minute_of_8_kilobits = b"x" * 60_000
    assert sound.most_milliseconds(minute_of_8_kilobits) == 120_000


def test_milliseconds_are_rounded_up() -> None:
    assert [sound.milliseconds(seconds) for seconds in (0, 1.0001, 2)] == [0, 1_001, 2_000]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("eng", "en"), ("en", "en"), ("SPA", "es"), ("cmn", "zh"), ("zh_CN", "zh"), ("fil", "fil"), ("mya", "my")],
)
def test_codes_of_three_letters_become_those_of_two_where_there_are_any(code: str, expected: str) -> None:
    assert two_letters(code) == expected
