"""Which recordings are refused, and which doubts are told."""

from __future__ import annotations

from array import array

import pytest

from intake.inputs.audio_checks import doubts, obstacle
from intake.inputs.audio_measures import measure
from intake.inputs.results import AudioMeasures
from tests.support.recordings import louder, mixed, noise, silence, syllables, tone
from tests.unit.inputs.conftest import GOOD


def such(**fields: float) -> AudioMeasures:
    return GOOD.model_copy(update=fields)


@pytest.mark.parametrize(
    ("samples", "problem", "remedy"),
    [
        (syllables(0.04), "0.04 s long; 0.5 s is the least", "Hold the button"),
        (syllables(61), "longer than 60 s", "POST /v1/inputs/uploads"),
        (silence(3), "silent", "not muted"),
        (louder(syllables(3), 0.004), "too quiet", "closer to it"),
        (louder(syllables(3), 10_000), "overdriven beyond use", "further from it"),
        (noise(3), "Nothing in the recording stands out", "quieter place"),
        (tone(3), "Nothing in the recording stands out", "quieter place"),
    ],
    ids=["short", "long", "silent", "quiet", "clipped", "noise", "tone"],
)
def test_what_nobody_could_understand_is_refused_with_a_remedy(samples: array[int], problem: str, remedy: str) -> None:
    said = obstacle(measure(samples), longest_seconds=60)

    assert said is not None
    assert problem in said
    assert remedy in said


@pytest.mark.parametrize(
    ("samples", "doubt"),
    [
        (mixed(louder(syllables(3), 4), noise(3, level=0.005)), "overdriven"),
        (mixed(syllables(3), noise(3, level=0.04)), "noisy"),
        (louder(syllables(3), 0.015), "quiet"),
    ],
    ids=["clipped", "noise", "quiet"],
)
def test_what_may_be_understood_is_tried_and_the_doubt_is_told(samples: array[int], doubt: str) -> None:
    measures = measure(samples)

    assert obstacle(measures, longest_seconds=60) is None
    (said,) = doubts(measures, stated_seconds=None)
    assert doubt in said


def test_more_speech_than_a_transcript_can_hold_is_refused_before_anybody_is_paid() -> None:
    two_hours = such(duration_seconds=7200.0, speech_share=0.7)

    said = obstacle(two_hours, longest_seconds=7200.0)

    assert said is not None
    assert "about 84 minutes of speech" in said
    assert "in parts of at most 30 minutes" in said


def test_a_good_recording_raises_no_doubt() -> None:
    measures = measure(mixed(syllables(3), noise(3, level=0.001)))

    assert obstacle(measures, longest_seconds=60) is None
    assert doubts(measures, stated_seconds=3.2) == ()


def test_an_upload_may_last_two_hours_and_no_longer() -> None:
    sparse = {"speech_share": 0.3}
    assert obstacle(such(duration_seconds=7_200, **sparse), longest_seconds=7_200) is None
    assert "longer than 2 hours" in str(obstacle(such(duration_seconds=7_201, **sparse), longest_seconds=7_200))


def test_a_file_that_says_more_than_it_holds_is_damaged() -> None:
    (said,) = doubts(such(duration_seconds=7), stated_seconds=12)

    assert "12 s, and 7 s could be read" in said
