"""How good a choice a provider is for a job: four figures from 0 to 1, weighed by what the caller wants.

Each measured figure is a Bayesian estimate: a prior that weighs as much as so many observations, and the observations.
With few of them the prior speaks, with many they do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from intake.gateway.outcome import Component
from intake.gateway.priors import Prior
from intake.gateway.statistics import Tally
from intake.money import Usage
from intake.providers.ports import Capability, Need

EXPECTED_SUCCESS = 0.97
SUCCESS_PRIOR_WEIGHT = 20
"""Calls."""
LATENCY_PRIOR_WEIGHT = 20
"""Calls."""
QUALITY_PRIOR_WEIGHT = 50
"""Ratings."""
HALF_VALUE_MICROUSD = 1_000
"""A call of a tenth of a cent is half as good as a free one: a thirtieth of what an interaction may cost."""
HALF_VALUE_MS = 2_000
"""A call of two seconds is half as good as one that takes no time."""

_QUALITY, _SUCCESS, _SPEED, _COST = 0.5, 0.25, 0.125, 0.125
_INDIFFERENT = 0.5

_CHARACTERS_A_TOKEN = 3
_INSTRUCTION_TOKENS = {Capability.TRANSLATE: 400, Capability.COMPLETE: 900}
_WRITTEN_PER_READ = {Capability.TRANSLATE: 1.0, Capability.COMPLETE: 2.0}
"""A cleaned text comes back once whole, and once more in its list of modifications."""
_WAV_BYTES_A_SECOND = 32_000
_CODED_BYTES_A_SECOND = 8_000


class Preference(BaseModel):
    """How much the caller cares for a low cost and for high quality, each from 0 to 1. Equal weights are balanced."""

    model_config = ConfigDict(frozen=True)

    cost: float = Field(default=_INDIFFERENT, ge=0, le=1)
    quality: float = Field(default=_INDIFFERENT, ge=0, le=1)

    @property
    def lean(self) -> float:
        """Say where the caller leans: -1 to cost alone, 1 to quality alone."""
        return self.quality - self.cost


BALANCED = Preference()


class Score(BaseModel):
    """A provider's score for one job, and what it is made of; ``prior`` is the score without anything measured."""

    model_config = ConfigDict(frozen=True)

    total: float
    prior: float
    components: Mapping[str, Component]
    cost_microusd: int


def weights(preference: Preference, complexity: float) -> dict[str, float]:
    """Return how much each component counts; together 1.

    Quality counts up to twice as much for a text that is hard to get right.
    """
    raw = {
        "quality": _QUALITY * (1 + preference.lean) * (1 + complexity),
        "success": _SUCCESS,
        "speed": _SPEED,
        "cost": _COST * (1 - preference.lean),
    }
    whole = sum(raw.values())
    return {name: weight / whole for name, weight in raw.items()}


def score(prior: Prior, tally: Tally, cost_microusd: int, shares: Mapping[str, float]) -> Score:
    """Score one provider for one job.

    Parameters
    ----------
    tally
        What it did lately in this capability and pair of languages.
    cost_microusd
        What the job is expected to cost.
    shares
        What `weights` returns.
    """
    components = {
        name: Component(value=round(value, 4), weight=round(shares[name], 4), samples=samples)
        for name, (value, samples) in _values(prior, tally, cost_microusd).items()
    }
    unmeasured = _values(prior, Tally(), cost_microusd)
    return Score(
        total=round(sum(part.value * part.weight for part in components.values()), 4),
        prior=round(sum(value * shares[name] for name, (value, _samples) in unmeasured.items()), 4),
        components=components,
        cost_microusd=cost_microusd,
    )


def expected_usage(capability: Capability, need: Need) -> Usage:
    """Estimate what a job consumes, from its size alone: good enough to compare prices, no bound to reserve by."""
    if capability is Capability.TRANSCRIBE:
        a_second = _WAV_BYTES_A_SECOND if need.media_type == "audio/wav" else _CODED_BYTES_A_SECOND
        return Usage(audio_milliseconds=need.size * 1000 // a_second)
    if capability is Capability.PARSE:
        return Usage(pages=1)
    text = need.size // _CHARACTERS_A_TOKEN + 1
    return Usage(
        input_tokens=_INSTRUCTION_TOKENS.get(capability, 0) + text,
        output_tokens=math.ceil(text * _WRITTEN_PER_READ.get(capability, 0.0)),
        characters=need.size,
    )


def _values(prior: Prior, tally: Tally, cost_microusd: int) -> dict[str, tuple[float, int]]:
    """Return each component's value, and how much was measured for it."""
    calls = tally.successes + tally.failures
    quality = _estimate(prior.quality, QUALITY_PRIOR_WEIGHT, tally.marks, tally.ratings)
    success = _estimate(EXPECTED_SUCCESS, SUCCESS_PRIOR_WEIGHT, tally.successes, calls)
    latency = math.exp(_estimate(math.log(prior.latency_ms), LATENCY_PRIOR_WEIGHT, tally.log_ms, tally.successes))
    return {
        "quality": (quality, round(tally.ratings)),
        "success": (success, round(calls)),
        "speed": (_halving(latency, HALF_VALUE_MS), round(tally.successes)),
        "cost": (_halving(cost_microusd, HALF_VALUE_MICROUSD), 0),
    }


def _estimate(prior: float, prior_weight: float, total: float, count: float) -> float:
    """Return the mean of observations and of a prior that stands for so many of them."""
    return (prior * prior_weight + total) / (prior_weight + count)


def _halving(amount: float, half_value_at: float) -> float:
    """Turn an amount of which less is better into a value: 1 for nothing, a half at the given amount."""
    return half_value_at / (half_value_at + amount)
