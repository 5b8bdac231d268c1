"""What is measured on a recording."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.inputs.audio_measures import measure
from tests.support.recordings import louder, mixed, noise, silence, syllables, tone


def test_clear_speech_stands_out_and_has_pauses() -> None:
    measures = measure(syllables(4, level=0.3))

    assert measures.duration_seconds == 4
    assert measures.peak_dbfs == pytest.approx(-10.5, abs=0.2)
    assert -20 < measures.loudness_dbfs < -10
    assert measures.clipped_share == 0
    assert measures.snr_db > 15
    assert 0.3 < measures.speech_share < 0.6
    assert 0.3 < measures.silence_share < 0.6


@pytest.mark.parametrize(("level", "expected_db"), [(0.003, 30), (0.01, 20), (0.03, 10)])
def test_the_signal_is_measured_against_the_noise(level: float, expected_db: float) -> None:
    speech = syllables(3, level=0.3)
    loudness = measure(speech).loudness_dbfs
    background = measure(noise(3, level=level)).loudness_dbfs

    heard = measure(mixed(speech, noise(3, level=level)))

    assert heard.snr_db == pytest.approx(loudness - background, abs=2)
    assert heard.snr_db == pytest.approx(expected_db, abs=10)


@pytest.mark.parametrize("samples", [noise(2), tone(2)], ids=["noise", "tone"])
def test_what_is_steady_does_not_stand_out(samples: array[int]) -> None:
    measures = measure(samples)

    assert (measures.snr_db, measures.speech_share) == (0, 0)
    assert measures.loudness_dbfs > -25


def test_a_pause_that_a_codec_left_empty_is_no_background() -> None:
    noisy = mixed(syllables(2), noise(2, level=0.03))

    assert measure(noisy + silence(4)).snr_db == pytest.approx(measure(noisy).snr_db, abs=1)


def test_what_is_cut_off_at_full_scale_is_counted() -> None:
    measures = measure(louder(syllables(2, level=0.5), 20))

    assert 0.6 < measures.clipped_share < 0.8
    assert measures.peak_dbfs == 0


def test_silence_is_silent() -> None:
    measures = measure(silence(1))

    assert (measures.peak_dbfs, measures.snr_db, measures.speech_share, measures.silence_share) == (-96, 0, 0, 1)


def test_nothing_is_measured_as_nothing() -> None:
    assert measure(array("h")).duration_seconds == 0


@given(st.lists(st.integers(-32_768, 32_767), max_size=2_000))
def test_measures_stay_in_their_bounds(samples: list[int]) -> None:
    measures = measure(array("h", samples))

    assert all(0 <= share <= 1 for share in (measures.clipped_share, measures.speech_share, measures.silence_share))
    assert -96 <= measures.loudness_dbfs <= measures.peak_dbfs + 0.1
    assert measures.peak_dbfs <= 0
    assert -20 <= measures.snr_db <= 60
