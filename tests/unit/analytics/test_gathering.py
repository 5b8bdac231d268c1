"""Counts are written together, at most once a second, and none is lost while requests come."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from intake.analytics.cache_use import CacheRow
from intake.analytics.gathering import WRITE_EVERY_MS, GatheredCacheUse
from intake.errors import TransientError
from tests.fakes.analytics import MemoryCacheUse
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ROW = CacheRow("2026-11-20", "reused", "es-en")


class Store(MemoryCacheUse):
    """Counts its writes, and fails where told to."""

    writes = 0
    broken = False

    def add(self, *arguments: object) -> None:
        self.writes += 1
        if self.broken:
            raise TransientError("The table answered nothing.")
        super().add(*arguments)  # type: ignore[arg-type]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def gathered(store: Store, clock: FakeClock) -> GatheredCacheUse:
    return GatheredCacheUse(store, clock)


def hits(store: Store) -> int:
    return sum(counts["hit"] for counts in store.counts.values())


def test_the_first_is_written_at_once(gathered: GatheredCacheUse, store: Store) -> None:
    gathered.add("acme", ROW, {"hit": 1}, NOW)

    assert hits(store) == 1


def test_a_busy_second_is_one_write_and_the_next_request_brings_it(
    gathered: GatheredCacheUse, store: Store, clock: FakeClock
) -> None:
    for _ in range(100):
        gathered.add("acme", ROW, {"hit": 1}, NOW)
    assert store.writes == 1

    clock.advance(milliseconds=WRITE_EVERY_MS)
    gathered.add("acme", ROW, {"hit": 1}, NOW)

    assert (store.writes, hits(store)) == (2, 101)


def test_tenants_are_counted_apart(gathered: GatheredCacheUse, store: Store) -> None:
    gathered.add("acme", ROW, {"hit": 1}, NOW)
    gathered.add("other", ROW, {"hit": 5}, NOW)

    assert gathered.read("acme", "2026-11-20", "2026-11-20") == {ROW: {"hit": 1}}
    assert gathered.read("other", "2026-11-20", "2026-11-20") == {ROW: {"hit": 5}}


def test_what_could_not_be_written_is_written_later(gathered: GatheredCacheUse, store: Store, clock: FakeClock) -> None:
    store.broken = True
    with pytest.raises(TransientError):
        gathered.add("acme", ROW, {"hit": 1}, NOW)

    store.broken = False
    clock.advance(milliseconds=WRITE_EVERY_MS)
    gathered.add("acme", ROW, {"hit": 1}, NOW)

    assert hits(store) == 2
