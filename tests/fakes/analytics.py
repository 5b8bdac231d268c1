"""Counters of the cache in memory, under the same contract test as the gateway's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from intake.analytics.cache_use import CacheRow, Counts


@dataclass
class MemoryCacheUse:
    """`CacheUseStore` in a dictionary."""

    counts: dict[tuple[str, CacheRow], Counter[str]] = field(default_factory=dict)

    def add(self, tenant: str, row: CacheRow, counts: Counts, now: datetime) -> None:
        kept = self.counts.setdefault((tenant, row), Counter())
        kept.update({name: count for name, count in counts.items() if count})

    def read(self, tenant: str, first_day: str, last_day: str) -> Mapping[CacheRow, Counts]:
        return {
            row: dict(counts)
            for (owner, row), counts in self.counts.items()
            if owner == tenant and first_day <= row.day <= last_day
        }
