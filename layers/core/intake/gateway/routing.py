"""Routing: which providers may do a job, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from intake.gateway.outcome import Choice
from intake.gateway.scoring import Score
from intake.money import format_usd
from intake.providers.ports import AnyProvider, ProviderKind
from intake.settings import ProviderMode, Stage

MARGIN = 0.02
"""What a measured lead must come to before it changes the order of the priors: more than any one observation can."""

KINDS_BY_MODE: dict[ProviderMode, frozenset[ProviderKind]] = {
    ProviderMode.EMBEDDED: frozenset({ProviderKind.EMBEDDED, ProviderKind.BUILTIN}),
    ProviderMode.MOCK: frozenset({ProviderKind.MOCK, ProviderKind.BUILTIN}),
    ProviderMode.REAL: frozenset({ProviderKind.REMOTE, ProviderKind.BUILTIN}),
    ProviderMode.HYBRID: frozenset({ProviderKind.REMOTE, ProviderKind.EMBEDDED, ProviderKind.BUILTIN}),
}

MADE_UP_IN_PRODUCTION = frozenset({ProviderKind.MOCK, ProviderKind.EMBEDDED})
"""Kinds whose answers a production caller must never get in place of a real one."""

_LAST_RESORT = {
    ProviderKind.EMBEDDED: "last resort, an engine on this machine",
    ProviderKind.BUILTIN: "last resort, Intake's own code",
}


class Candidate(NamedTuple):
    """A provider and its score for one job."""

    provider: AnyProvider
    score: Score


def kind_obstacle(kind: ProviderKind, mode: ProviderMode, stage: Stage) -> str | None:
    """Say why a kind of provider may not be used in a mode and stage, or None if it may."""
    if stage is Stage.PROD and kind in MADE_UP_IN_PRODUCTION:
        return f"{kind} providers are refused in production"
    if kind not in KINDS_BY_MODE[mode]:
        modes = " or ".join(other for other, kinds in KINDS_BY_MODE.items() if kind in kinds)
        return f"{kind} providers are not used in the mode {mode}, but in {modes}"
    return None


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Order candidates, best first: as their priors say, save that a lead of more than the margin overtakes.

    Without the margin, providers that are as good as each other would change places with every call.
    """
    order: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda one: (-one.score.prior, one.provider.name)):
        place = len(order)
        while place and candidate.score.total > order[place - 1].score.total + MARGIN:
            place -= 1
        order.insert(place, candidate)
    return order


def choices(ranked: Sequence[Candidate]) -> tuple[Choice, ...]:
    """Say of each provider of a route why it stands where it does."""
    return tuple(
        Choice(
            provider=candidate.provider.name,
            reason=_reason(candidate, ranked[:place], alone=len(ranked) == 1),
            score=candidate.score.total,
            components=candidate.score.components,
        )
        for place, candidate in enumerate(ranked)
    )


def _reason(candidate: Candidate, before: Sequence[Candidate], *, alone: bool) -> str:
    if alone:
        return "the only one that can do it here"
    if not before:
        return f"score {candidate.score.total:.2f}: {_in_words(candidate.score)}"
    last_resort = _LAST_RESORT.get(candidate.provider.kind)
    is_last_resort = last_resort and any(other.provider.kind is ProviderKind.REMOTE for other in before)
    words = f"score {candidate.score.total:.2f}, {_behind(candidate, before[0])}"
    return f"{last_resort}: {words}" if is_last_resort else f"next, should those before it fail: {words}"


def _behind(candidate: Candidate, first: Candidate) -> str:
    """Say what a provider lacks most against the first."""
    if candidate.score.total >= first.score.total:
        return f"no more than {MARGIN} ahead of {first.provider.name}, which is not enough to overtake it"
    parts, best = candidate.score.components, first.score.components
    lacking = max(parts, key=lambda name: (best[name].value - parts[name].value) * parts[name].weight)
    mine, theirs = parts[lacking].value, best[lacking].value
    return f"behind {first.provider.name} above all in {lacking}, {mine:.2f} against {theirs:.2f}"


def _in_words(score: Score) -> str:
    """Say what a score is made of, the weightiest part first."""
    cost = "free" if score.cost_microusd == 0 else f"about {format_usd(score.cost_microusd)}"
    parts = sorted(score.components.items(), key=lambda part: -part[1].weight)
    words = [
        f"{name} {part.value:.2f} ({cost if name == 'cost' else _evidence(name, part.samples)})"
        for name, part in parts
        if part.weight > 0
    ]
    return ", ".join(words)


def _evidence(name: str, samples: int) -> str:
    if not samples:
        return "expected"
    counted = "rating" if name == "quality" else "call"
    return f"measured, {samples} {counted}{'' if samples == 1 else 's'}"
