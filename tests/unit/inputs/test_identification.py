"""Accuracy and calibration of language identification, measured. The samples are our own sentences."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import pytest

from intake.inputs.detection import SURE_ENOUGH
from intake.inputs.identification import PRIOR_ODDS, TEMPERATURE, _identifier, calibrated, identify
from tests.unit.inputs.language_samples import SAMPLES, SECOND_SAMPLES

Labelled = list[tuple[str, dict[str, float]]]


def sentences(samples: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in samples.items() for text in texts]


def with_beginnings(samples: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the sentences and their first two and three words (or characters, where words are not set apart)."""
    cut = []
    for language, text in sentences(samples):
        words = text.split()
        pieces = [" ".join(words[:2]), " ".join(words[:3])] if len(words) > 2 else [text[:3], text[:5]]
        cut += [(language, piece) for piece in (text, *pieces)]
    return cut


@pytest.fixture(scope="module")
def fitted() -> Labelled:
    return [(language, dict(_identifier().rank(text))) for language, text in with_beginnings(SAMPLES)]


def test_short_sentences_are_identified() -> None:
    right = sum(identify(text)[0].language == language for language, text in sentences(SAMPLES))

    assert right >= 99


def test_sentences_that_nothing_was_fitted_on_are_identified() -> None:
    right = sum(identify(text)[0].language == language for language, text in sentences(SECOND_SAMPLES))

    assert right >= 29


def test_two_or_three_words_that_are_decided_are_seldom_wrong() -> None:
    decided = [
        (language, identify(text)[0].language)
        for language, text in with_beginnings(SECOND_SAMPLES)
        if identify(text)[0].probability >= SURE_ENOUGH
    ]

    assert len(decided) >= 0.9 * len(with_beginnings(SECOND_SAMPLES))
    assert sum(language != found for language, found in decided) <= 2


def test_probabilities_mean_what_they_say(fitted: Labelled) -> None:
    probabilities = [(language, calibrated(ranked, TEMPERATURE, PRIOR_ODDS)) for language, ranked in fitted]

    assert calibration_error(probabilities) < 0.04


def test_the_temperature_is_better_than_the_models_own(fitted: Labelled) -> None:
    assert loss(fitted, TEMPERATURE) < loss(fitted, 0.8) < loss(fitted, 1.0)


def test_equal_evidence_is_decided_by_what_members_speak() -> None:
    probabilities = calibrated({"es": 0.5, "it": 0.5}, TEMPERATURE, PRIOR_ODDS)

    assert probabilities == {"es": 0.75, "it": 0.25}


def loss(labelled: Labelled, temperature: float) -> float:
    """Return the mean negative log-likelihood."""
    likelihoods = (calibrated(ranked, temperature, PRIOR_ODDS)[language] for language, ranked in labelled)
    return -sum(math.log(max(likelihood, 1e-9)) for likelihood in likelihoods) / len(labelled)


def calibration_error(labelled: Iterable[tuple[str, dict[str, float]]]) -> float:
    """Return the expected calibration error over five bins."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    total = 0
    for language, probabilities in labelled:
        best = max(probabilities, key=lambda name: probabilities[name])
        bins.setdefault(min(int(probabilities[best] * 5), 4), []).append((probabilities[best], best == language))
        total += 1
    gaps = (abs(sum(said for said, _right in hits) - sum(right for _said, right in hits)) for hits in bins.values())
    return sum(gaps) / total
