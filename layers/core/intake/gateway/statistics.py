"""What providers did, counted: by capability, pair of languages and day for all tenants; ratings by month for each.

Latency and success are the provider's own and hold for everybody, like circuits. Ratings stay with their tenant: the
users of one must not move the routes of another. Counters hold no words and name nobody.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cachetools import TTLCache

from intake.clock import Clock, day_of
from intake.observability import logger
from intake.providers.ports import Capability, Need

if TYPE_CHECKING:
    from intake.analytics.cache_use import CacheRow, Counts

MEASURED = frozenset({Capability.TRANSCRIBE, Capability.TRANSLATE, Capability.COMPLETE})
"""Capabilities whose outcomes are counted; of the others nothing is read either."""
DAYS = 7
"""How many days count, today included."""
HALF_LIFE_DAYS = 2.0
"""A call counts half as much as one two days younger."""
MONTHS = 3
"""How many months of ratings count, this one included; each counts half as much as the next."""
MEMORY = timedelta(seconds=30)
"""How long a process trusts what it has read."""
SHORTEST_MS, LONGEST_MS = 10.0, 60_000.0
"""Times beyond these are counted as these, so that one outlier says no more than it knows."""


@dataclass(frozen=True)
class Moments:
    """Observations of one figure: how many, their sum, and the sum of their squares."""

    count: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, other: Moments, weight: float = 1.0) -> Moments:
        """Return this and a part of another."""
        return Moments(
            self.count + weight * other.count, self.total + weight * other.total, self.squares + weight * other.squares
        )

    @classmethod
    def of(cls, value: float, times: int = 1) -> Moments:
        """Return one observation; ``times`` is -1 to take one back."""
        return cls(times, times * value, times * value * value)


@dataclass(frozen=True)
class Tally:
    """Counts of one provider, or of one variant of an experiment. Weighted by age they are no longer whole."""

    successes: float = 0.0
    log_ms: float = 0.0
    """Sum of the natural logarithms of the milliseconds that the successes took."""
    errors: Mapping[str, float] = field(default_factory=dict)
    """Failures by the class of their error."""
    ratings: float = 0.0
    marks: float = 0.0
    """Sum of the ratings, each as a share of full marks: 0 for one star, 1 for five."""
    measures: Mapping[str, Moments] = field(default_factory=dict)
    """Of an experiment: the figures that variants are compared by."""

    @property
    def failures(self) -> float:
        """How often the provider failed."""
        return sum(self.errors.values())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to add."""
        counts = (self.successes, self.log_ms, self.ratings, self.marks, *self.errors.values())
        return not any(counts) and all(moments == Moments() for moments in self.measures.values())

    def plus(self, other: Tally, weight: float = 1.0) -> Tally:
        """Return this and a part of another."""
        errors = dict(self.errors)
        for name, count in other.errors.items():
            errors[name] = errors.get(name, 0.0) + weight * count
        measures = dict(self.measures)
        for name, moments in other.measures.items():
            measures[name] = measures.get(name, Moments()).plus(moments, weight)
        return Tally(
            measures=measures,
            successes=self.successes + weight * other.successes,
            log_ms=self.log_ms + weight * other.log_ms,
            errors=errors,
            ratings=self.ratings + weight * other.ratings,
            marks=self.marks + weight * other.marks,
        )

    @classmethod
    def success(cls, duration_ms: float) -> Tally:
        """Return one call that was answered."""
        return cls(successes=1, log_ms=math.log(min(LONGEST_MS, max(SHORTEST_MS, duration_ms))))

    @classmethod
    def failure(cls, error: str) -> Tally:
        """Return one job that the provider did not do."""
        return cls(errors={error: 1})

    @classmethod
    def rated(cls, rating: int, times: int = 1) -> Tally:
        """Return one rating of one to five stars; ``times`` is -1 to take one back."""
        return cls(ratings=times, marks=times * (rating - 1) / 4)


class Row(NamedTuple):
    """Where counters of one period stand: ``tenant`` is None for those of all tenants."""

    tenant: str | None
    capability: Capability
    pair: str
    period: str
    """A day, ``2026-11-20``, or of a tenant's ratings a month, ``2026-11``."""


Tallies = Mapping[str, Tally]
"""Counts by the name of the provider."""


class StatisticsStore(Protocol):
    """The shared counters."""

    def read(self, rows: Sequence[Row]) -> Mapping[Row, Tallies]:
        """Return those of some rows that are there, in one request."""
        ...

    def add_once(
        self,
        tenant: str,
        subject: str,
        additions: Mapping[Row, Tallies],
        now: datetime,
        *,
        cache_use: Mapping[CacheRow, Counts] | None = None,
    ) -> bool:
        """Add to some rows, all or none, and mark that a tenant's subject was counted; say False where it was before.

        Parameters
        ----------
        cache_use
            What the cache did for the subject, added in the same transaction to the tenant's own counters.

        Raises
        ------
        TransientError
            The counters could not be written; nothing was.
        """
        ...


class Statistics:
    """Reads what providers did, from memory where this process has just read it.

    Routing must not depend on it: where the store fails, nothing is known, and priors decide.
    """

    def __init__(self, store: StatisticsStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._memory: TTLCache[tuple[str, Capability, str], Tallies] = TTLCache(
            maxsize=1024, ttl=MEMORY.total_seconds(), timer=lambda: clock.now().timestamp()
        )

    def look(self, tenant: str, capability: Capability, pair: str) -> Tallies:
        """Return the counts that matter to one tenant's job, recent ones weighing more."""
        if capability not in MEASURED:
            return {}
        key = (tenant, capability, pair)
        known = self._memory.get(key)
        if known is None:
            known = self._memory[key] = self._read(tenant, capability, pair)
        return known

    def _read(self, tenant: str, capability: Capability, pair: str) -> Tallies:
        now = self._clock.now()
        weights = {
            Row(None, capability, pair, day_of(now - timedelta(days=age))): 0.5 ** (age / HALF_LIFE_DAYS)
            for age in range(DAYS)
        } | {Row(tenant, capability, pair, month): 0.5**age for age, month in enumerate(_months(now))}
        try:
            found = self._store.read(list(weights))
        except Exception as error:  # noqa: BLE001 - without statistics, priors decide
            logger.error("statistics cannot be read; routes follow priors", error=type(error).__name__)
            return {}
        sums: dict[str, Tally] = {}
        for row, tallies in found.items():
            for provider, tally in tallies.items():
                sums[provider] = sums.get(provider, Tally()).plus(tally, weights[row])
        return sums


def pair_of(need: Need) -> str:
    """Name the languages of a job: ``es-en``, ``es`` where there is no target, ``auto`` where none is known."""
    source = need.source_language or "auto"
    return f"{source}-{need.target_language}" if need.target_language else source


def month_of(moment: datetime) -> str:
    """Return the month of a moment, in UTC: ``2026-11``."""
    return f"{moment:%Y-%m}"


def _months(now: datetime) -> list[str]:
    """Return this month and those before it, latest first."""
    first, months = now.replace(day=1), []
    for _ in range(MONTHS):
        months.append(month_of(first))
        first = (first - timedelta(days=1)).replace(day=1)
    return months
