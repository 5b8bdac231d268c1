"""What an experiment has shown: each variant's figures with 95 % confidence intervals, and whether they differ.

Shares have Wilson's interval, means Student's from their sum and sum of squares; differences of means Welch's, of
shares Newcombe's. Where several figures of several variants are compared, chance has as many tries, so the level of
each comparison is raised (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist
from typing import Any, NamedTuple

from intake.experiments.model import Experiment
from intake.gateway.statistics import Moments, Tally

MEASURES = {"quality": 4, "rating": 3, "cost_microusd": 1, "latency_ms": 1}
"""What has a mean, and how many decimals of it are worth showing."""
CONFIDENCE = 0.95
FEWEST = 10
"""Observations of each variant below which nothing is said of a difference."""


class Interval(NamedTuple):
    """A figure, and between what the true one lies with the given confidence."""

    value: float
    low: float
    high: float


def results(experiment: Experiment, counted: Mapping[str, Tally]) -> dict[str, Any]:
    """Return each variant's figures, and in plain words whether it differs from the first by more than chance."""
    tallies = {variant.name: counted.get(variant.name, Tally()) for variant in experiment.variants}
    first, *others = tallies
    return {
        "experiment_id": experiment.id,
        "status": experiment.status.value,
        "confidence": CONFIDENCE,
        "variants": [{"name": name} | _figures(tally) for name, tally in tallies.items()],
        "conclusions": [
            sentence
            for other in others
            for sentence in _compared(first, tallies[first], other, tallies[other], len(others))
        ],
    }


def wilson(successes: float, count: float, confidence: float = CONFIDENCE) -> Interval | None:
    """Return a share and its interval, or None where there is nothing to share."""
    if count <= 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / count
    centre = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


def mean(moments: Moments, confidence: float = CONFIDENCE) -> Interval | None:
    """Return a mean and its interval, or None where one or no observation says nothing about the spread."""
    if moments.count < 2:
        return None
    value = moments.total / moments.count
    half = student((1 + confidence) / 2, moments.count - 1) * math.sqrt(_variance(moments) / moments.count)
    return Interval(value, value - half, value + half)


def student(probability: float, freedom: float) -> float:
    """Return the quantile of Student's distribution.

    Exact for one and two degrees of freedom, else within 0.5 % in the range used here.

    Source
    ------
    Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
    """
    if freedom < 1.5:
        return math.tan(math.pi * (probability - 0.5))
    if freedom < 2.5:
        return (2 * probability - 1) * math.sqrt(2 / (4 * probability * (1 - probability)))
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))


def _figures(tally: Tally) -> dict[str, Any]:
    count = tally.successes + tally.failures
    return {
        "inputs": round(count),
        "completed": _shown(wilson(tally.successes, count), count, 4),
        "failed": round(tally.failures),
    } | {
        name: _shown(mean(moments), moments.count, decimals)
        for name, decimals in MEASURES.items()
        for moments in (tally.measures.get(name, Moments()),)
    }


def _shown(interval: Interval | None, count: float, decimals: int) -> dict[str, Any]:
    value, low, high = (None, None, None) if interval is None else (round(part, decimals) for part in interval)
    return {"n": round(count), "value": value, "low": low, "high": high}


def _compared(first: str, one: Tally, other: str, two: Tally, others: int) -> list[str]:
    confidence = 1 - (1 - CONFIDENCE) / (others * (1 + len(MEASURES)))
    sentences = [
        _sentence(
            first, other, "share of completed inputs", _difference_of_shares(one, two, confidence), _fewest(one, two)
        )
    ]
    for name in MEASURES:
        before, after = one.measures.get(name, Moments()), two.measures.get(name, Moments())
        difference = _difference_of_means(before, after, confidence)
        sentences.append(_sentence(first, other, name, difference, min(before.count, after.count)))
    return sentences


def _sentence(first: str, other: str, name: str, difference: Interval | None, fewest: float) -> str:
    if difference is None or fewest < FEWEST:
        return (
            f"{name}: too few observations to compare {other} with {first} ({round(fewest)}, at least {FEWEST} needed)."
        )
    span = f"{difference.value:+.4g} ({difference.low:+.4g} to {difference.high:+.4g})"
    if difference.low > 0 or difference.high < 0:
        way = "higher" if difference.value > 0 else "lower"
        return f"{name}: {other} is {way} than {first} by more than chance, {span}."
    return f"{name}: no difference between {other} and {first} beyond chance, {span}."


def _fewest(one: Tally, two: Tally) -> float:
    return min(one.successes + one.failures, two.successes + two.failures)


def _difference_of_shares(one: Tally, two: Tally, confidence: float) -> Interval | None:
    before = wilson(one.successes, one.successes + one.failures, confidence)
    after = wilson(two.successes, two.successes + two.failures, confidence)
    if before is None or after is None:
        return None
    value = after.value - before.value
    below = math.hypot(after.value - after.low, before.high - before.value)
    above = math.hypot(after.high - after.value, before.value - before.low)
    return Interval(value, value - below, value + above)


def _difference_of_means(before: Moments, after: Moments, confidence: float) -> Interval | None:
    if before.count < 2 or after.count < 2:
        return None
    errors = [_variance(each) / each.count for each in (before, after)]
    value = after.total / after.count - before.total / before.count
    spread = sum(errors)
    if spread == 0:
        return Interval(value, value, value)
    freedom = spread**2 / sum(e**2 / (each.count - 1) for e, each in zip(errors, (before, after), strict=True))
    half = student((1 + confidence) / 2, freedom) * math.sqrt(spread)
    return Interval(value, value - half, value + half)


def _variance(moments: Moments) -> float:
    """Return the variance of a sample; rounding must not make it negative."""
    return max(0.0, moments.squares - moments.total**2 / moments.count) / (moments.count - 1)
