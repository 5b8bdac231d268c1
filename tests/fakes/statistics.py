"""Counters in memory, under the same contract test as those in DynamoDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intake.analytics.cache_use import CacheRow, Counts
from intake.errors import TransientError
from intake.gateway.statistics import Row, Tallies, Tally
from tests.fakes.analytics import MemoryCacheUse


@dataclass
class MemoryStatistics:
    """`StatisticsStore` in a dictionary; it counts how often it was read, and fails where it is ``broken``."""

    rows: dict[Row, dict[str, Tally]] = field(default_factory=dict)
    counted: set[tuple[str, str]] = field(default_factory=set)
    cache_use: MemoryCacheUse = field(default_factory=MemoryCacheUse)
    reads: int = 0
    broken: bool = False

    def read(self, rows: Sequence[Row]) -> Mapping[Row, Tallies]:
        self.reads += 1
        if self.broken:
            raise TransientError("The table of statistics is busy.")
        return {row: dict(self.rows[row]) for row in rows if row in self.rows}

    def add_once(
        self,
        tenant: str,
        subject: str,
        additions: Mapping[Row, Tallies],
        now: datetime,
        *,
        cache_use: Mapping[CacheRow, Counts] | None = None,
    ) -> bool:
        if self.broken:
            raise TransientError("The table did not answer.")
        if (tenant, subject) in self.counted:
            return False
        self.counted.add((tenant, subject))
        for row, tallies in additions.items():
            self.add(row, tallies)
        for cache_row, counts in (cache_use or {}).items():
            self.cache_use.add(tenant, cache_row, counts, now)
        return True

    def add(self, row: Row, tallies: Tallies) -> None:
        """Add to one row."""
        known = self.rows.setdefault(row, {})
        for provider, tally in tallies.items():
            known[provider] = known.get(provider, Tally()).plus(tally)
