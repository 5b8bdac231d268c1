"""What the cache did, counted by tenant, day, capability and pair of languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from intake.clock import day_of
from intake.gateway.outcome import CacheStatus
from intake.inputs import memory
from intake.inputs.languages import primary
from intake.inputs.model import Input
from intake.inputs.results import ProviderResult
from intake.inputs.stages import BY_WORK

REUSED, WORKED_ON = "reused", "worked_on"
"""The layer in front of all: an identical input is answered without a run, or is worked on.

They stand in the place of a capability, each in rows of its own: the API adds to the one while transactions add to the
other, and neither waits.
"""
WHOLE_RESULTS = frozenset({REUSED, WORKED_ON})
SHORT_CHARACTERS = 40
"""Below this length a text is likely to be said again, word for word."""

_NOT_LOOKED_UP = frozenset({"rules", memory.PROVIDER})
"""Providers whose answers the cache is not asked for: rules, which take less time than a look-up
(`intake.gateway.gateway.NEEDS_NO_CACHE`), and approved corrections, which stand in for a provider."""


class CacheRow(NamedTuple):
    """Where counters stand: a day (``2026-11-20``), a capability or whole results, a pair of languages (``es-en``)."""

    day: str
    capability: str
    pair: str


Counts = Mapping[str, int]
"""Counters by name.

``memory``, ``table`` and ``miss`` count requests by where their answer came from, ``hit`` and ``miss`` whole results;
``short_miss`` those misses whose text is short. ``saved_microusd`` and ``saved_ms`` are what answers that were found
cost, and how long they took, when they were made; ``spent_microusd`` is what those cost that were not found.
"""


class CacheUseStore(Protocol):
    """The counters of each tenant."""

    def add(self, tenant: str, row: CacheRow, counts: Counts, now: datetime) -> None:
        """Add to one row, in one write."""
        ...

    def read(self, tenant: str, first_day: str, last_day: str) -> Mapping[CacheRow, Counts]:
        """Return the rows of the days from the first to the last."""
        ...


def uses(record: Input) -> Iterator[tuple[CacheRow, Counts]]:
    """Yield what the cache did for one input that was worked on, by row.

    An input that could have been answered whole (a text that was completed) is a miss of the whole results.
    """
    if record.record is None:
        return
    day, pair = day_of(record.record.completed_at), _pair(record.source_language, record.target_language)
    if record.fingerprint is not None:
        yield CacheRow(day, WORKED_ON, pair), {"miss": 1}
    for stage, result in record.provider_results().items():
        if result.provider is not None and result.provider not in _NOT_LOOKED_UP:
            yield CacheRow(day, BY_WORK[stage].capability.value, pair), _counts(record, result)


def reuse_of(answer: Mapping[str, Any], now: datetime) -> tuple[CacheRow, Counts]:
    """Return the row and counts of a whole result that was given again, as `intake.inputs.reuse.recall` returns it."""
    row = CacheRow(day_of(now), REUSED, _pair(answer["source_language"], answer["target_language"]))
    return row, {"hit": 1, "saved_microusd": answer["saved_microusd"], "saved_ms": round(answer["saved_ms"])}


def _pair(source: str | None, target: str) -> str:
    return f"{primary(source) if source else 'auto'}-{target}"


def _counts(record: Input, result: ProviderResult) -> dict[str, int]:
    if result.cache is not CacheStatus.MISS:
        return {
            result.cache.value: 1,
            "saved_microusd": result.saved_microusd,
            "saved_ms": round(result.saved_ms),
        }
    counts = {"miss": 1, "spent_microusd": result.cost_microusd}
    if record.text is not None and len(record.text) < SHORT_CHARACTERS:
        counts["short_miss"] = 1
    return counts
