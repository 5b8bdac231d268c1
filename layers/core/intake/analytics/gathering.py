"""Counts of a busy second, written together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from intake.analytics.cache_use import CacheRow, CacheUseStore, Counts
from intake.clock import Clock

WRITE_EVERY_MS = 1_000.0


class GatheredCacheUse:
    """A `CacheUseStore` that writes at most once in `WRITE_EVERY_MS`, all that came since.

    What comes after a quiet second is written at once, so that a few requests are counted exactly. The rest of a busy
    second waits for the next request: an environment that ends before it loses so much, and nothing else.
    """

    def __init__(self, store: CacheUseStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: dict[tuple[str, CacheRow], Counter[str]] = {}
        self._written_at_ms: float | None = None

    def add(self, tenant: str, row: CacheRow, counts: Counts, now: datetime) -> None:
        self._waiting.setdefault((tenant, row), Counter()).update(counts)
        present = self._clock.monotonic_ms()
        if self._written_at_ms is None or present - self._written_at_ms >= WRITE_EVERY_MS:
            self._written_at_ms = present
            self._write(now)

    def read(self, tenant: str, first_day: str, last_day: str) -> Mapping[CacheRow, Counts]:
        self._write(self._clock.now())
        return self._store.read(tenant, first_day, last_day)

    def _write(self, now: datetime) -> None:
        while self._waiting:
            (tenant, row), counts = next(iter(self._waiting.items()))
            self._store.add(tenant, row, counts, now)
            # Only now: what could not be written is tried again with the next.
            del self._waiting[tenant, row]
