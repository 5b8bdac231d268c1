"""Accuracy and calibration of language identification, on the sentences that `make eval` measures with."""

from __future__ import annotations

import math

import pytest

from evaluation.cases import LanguageSample
from evaluation.detection import beginnings, calibration_error, samples
from intake.inputs.detection import SURE_ENOUGH
from intake.inputs.identification import PRIOR_ODDS, TEMPERATURE, _identifier, calibrated, identify

Labelled = list[tuple[str, dict[str, float]]]


def with_beginnings(split: str) -> list[LanguageSample]:
    return [*samples(split), *beginnings(samples(split))]


@pytest.fixture(scope="module")
def fitted() -> Labelled:
    return [(sample.language, dict(_identifier().rank(sample.text))) for sample in with_beginnings("fitted")]


def test_short_sentences_are_identified() -> None:
    right = sum(identify(sample.text)[0].language == sample.language for sample in samples("fitted"))

    assert right >= 99


def test_sentences_that_nothing_was_fitted_on_are_identified() -> None:
    right = sum(identify(sample.text)[0].language == sample.language for sample in samples("other"))

    assert right >= 29


def test_two_or_three_words_that_are_decided_are_seldom_wrong() -> None:
    guesses = [(sample.language, identify(sample.text)[0]) for sample in with_beginnings("other")]
    decided = [(language, guess.language) for language, guess in guesses if guess.probability >= SURE_ENOUGH]

    assert len(decided) >= 0.9 * len(guesses)
    assert sum(language != found for language, found in decided) <= 2


def test_probabilities_mean_what_they_say(fitted: Labelled) -> None:
    probabilities = [(language, calibrated(ranked, TEMPERATURE, PRIOR_ODDS)) for language, ranked in fitted]

    best = [
        (max(shares.values()), max(shares, key=lambda name: shares[name]) == said) for said, shares in probabilities
    ]
    assert calibration_error(best) < 0.04


def test_the_temperature_is_better_than_the_models_own(fitted: Labelled) -> None:
    assert loss(fitted, TEMPERATURE) < loss(fitted, 0.8) < loss(fitted, 1.0)


def test_equal_evidence_is_decided_by_what_members_speak() -> None:
    probabilities = calibrated({"es": 0.5, "it": 0.5}, TEMPERATURE, PRIOR_ODDS)

    assert probabilities == {"es": 0.75, "it": 0.25}


def loss(labelled: Labelled, temperature: float) -> float:
    """Return the mean negative log-likelihood."""
    likelihoods = (calibrated(ranked, temperature, PRIOR_ODDS)[language] for language, ranked in labelled)
    return -sum(math.log(max(likelihood, 1e-9)) for likelihood in likelihoods) / len(labelled)
