"""Routing: which providers may do a job, in which order, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from intake.clock import Clock
from intake.errors import IntakeError, ProvidersUnavailableError, UnsupportedInputError
from intake.gateway.breaker import CircuitBreaker
from intake.gateway.budget import Budget
from intake.gateway.circuit import CircuitState
from intake.gateway.outcome import Choice, Route
from intake.gateway.prices import PriceList
from intake.gateway.priors import prior_of
from intake.gateway.scoring import BALANCED, Preference, Score, expected_usage, score, weights
from intake.gateway.statistics import Statistics, Tally, pair_of
from intake.money import format_usd
from intake.providers.ports import AnyProvider, Capability, Need, ProviderKind
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


class _Obstacle(NamedTuple):
    """Why a provider is passed over, and where the reason lies."""

    reason: str
    lies_in: Literal["policy", "job", "set-up", "moment"]


class Router:
    """Chooses the providers for a job, among all that are configured.

    Parameters
    ----------
    providers
        Every provider that is configured, of every kind; mode and stage decide which are used.
    mode, stage
        See `kind_obstacle`.
    statistics
        What providers did lately; without them, routes follow priors.
    """

    def __init__(
        self,
        providers: Iterable[AnyProvider],
        *,
        breaker: CircuitBreaker,
        budget: Budget,
        prices: PriceList,
        clock: Clock,
        mode: ProviderMode,
        stage: Stage,
        statistics: Statistics | None = None,
    ) -> None:
        self._providers = tuple(providers)
        self._breaker = breaker
        self._budget = budget
        self._prices = prices
        self._clock = clock
        self._mode = mode
        self._stage = stage
        self._statistics = statistics

    def route(self, capability: Capability, need: Need, *, tenant: str, preference: Preference = BALANCED) -> Route:
        """Choose the providers for a job, in the order in which they are to be tried, each with score and reason.

        Raises
        ------
        UnsupportedInputError
            No provider that is configured can ever do this job.
        ProvidersUnavailableError
            Those that could are switched off, over budget or not set up.
        """
        able: list[Candidate] = []
        obstacles: list[tuple[AnyProvider, _Obstacle]] = []
        missed: list[Choice] = []
        for candidate in in_order(self._candidates(capability, need, tenant, preference)):
            provider = candidate.provider
            obstacle = self._obstacle(provider, need, tenant)
            if obstacle is None:
                able.append(candidate)
            else:
                obstacles.append((provider, obstacle))
                if obstacle.lies_in == "moment" and not able:
                    missed.append(Choice(provider=provider.name, reason=obstacle.reason))
        passed_over = tuple(Choice(provider=provider.name, reason=obstacle.reason) for provider, obstacle in obstacles)
        if not able:
            raise _no_provider(capability, passed_over, {obstacle.lies_in for _provider, obstacle in obstacles})
        return Route(providers=choices(able), passed_over=passed_over, missed=tuple(missed))

    def _candidates(self, capability: Capability, need: Need, tenant: str, preference: Preference) -> list[Candidate]:
        measured = self._statistics.look(tenant, capability, pair_of(need)) if self._statistics else {}
        shares = weights(preference, need.complexity)
        return [
            Candidate(
                provider,
                score(prior_of(provider), measured.get(provider.name, Tally()), self._expected(provider, need), shares),
            )
            for provider in self._providers
            if provider.capability is capability
        ]

    def _expected(self, provider: AnyProvider, need: Need) -> int:
        """Estimate what a job costs with a provider; nothing where its price is not known, for it is passed over."""
        if provider.kind is not ProviderKind.REMOTE:
            return 0
        price = self._prices.lookup(provider.name, provider.model, self._clock.now().date())
        return 0 if price is None else price.cost_microusd(expected_usage(provider.capability, need))

    def _obstacle(self, provider: AnyProvider, need: Need, tenant: str) -> _Obstacle | None:
        barred = kind_obstacle(provider.kind, self._mode, self._stage)
        if barred is not None:
            return _Obstacle(barred, "policy")
        incapable = provider.obstacle(need)
        if incapable is not None:
            return _Obstacle(incapable, "job")
        lacking = provider.missing()
        if lacking is not None:
            return _Obstacle(lacking, "set-up")
        passing = self._switched_off(provider) or self._unaffordable(provider, tenant)
        return _Obstacle(passing, "moment") if passing is not None else None

    def _switched_off(self, provider: AnyProvider) -> str | None:
        circuit = self._breaker.look(provider.capability, provider.name)
        state = self._breaker.state(provider.capability, provider.name)
        if state is CircuitState.HELD:
            return f"an operator holds it: {circuit.held_because}"
        return "its circuit is open" if state is CircuitState.OPEN else None

    def _unaffordable(self, provider: AnyProvider, tenant: str) -> str | None:
        if provider.kind is not ProviderKind.REMOTE:
            return None
        if self._prices.lookup(provider.name, provider.model, self._clock.now().date()) is None:
            return f"its model {provider.model} has no price"
        balance = self._budget.balance(tenant, provider.name)
        limits = self._budget.limits
        if balance.requests_this_hour >= limits.requests_per_hour:
            return "its requests for this hour are used up"
        if balance.spent_microusd + balance.reserved_microusd >= limits.microusd_per_day:
            return "its budget for today is used up"
        return None


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


def _no_provider(capability: Capability, passed_over: Iterable[Choice], obstacles: set[str]) -> IntakeError:
    """Choose the error: the caller's if only the job stood in the way of the providers that may be used, else ours."""
    reasons = "; ".join(f"{choice.provider}: {choice.reason.rstrip('.')}" for choice in passed_over)
    detail = f"No provider can {capability} this here ({reasons or 'none is configured'})."
    if "job" in obstacles and obstacles.isdisjoint({"set-up", "moment"}):
        return UnsupportedInputError(detail)
    return ProvidersUnavailableError(detail)


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
