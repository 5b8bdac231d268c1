"""Counters of the cache: the same cases on the fake and on DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest

from intake.analytics.cache_use import CacheRow, CacheUseStore
from intake.storage.cache_use import DynamoDBCacheUse
from tests.fakes.analytics import MemoryCacheUse
from tests.fakes.clock import FakeClock
from tests.fakes.tables import dynamodb_table

NOW = FakeClock().now()
ROW = CacheRow("2026-11-20", "translate", "es-en")


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[CacheUseStore]:
    if request.param == "memory":
        yield MemoryCacheUse()
        return
    with dynamodb_table(monkeypatch, "gateway") as table:
        yield DynamoDBCacheUse(boto3.client("dynamodb"), table)


def test_counts_add_up(store: CacheUseStore) -> None:
    store.add("acme", ROW, {"miss": 1, "spent_microusd": 41}, NOW)
    store.add("acme", ROW, {"miss": 1, "short_miss": 1, "table": 0}, NOW)

    assert store.read("acme", ROW.day, ROW.day) == {ROW: {"miss": 2, "spent_microusd": 41, "short_miss": 1}}


def test_only_the_days_that_are_asked_for_are_read(store: CacheUseStore) -> None:
    days = [ROW._replace(day=f"2026-11-{number:02}") for number in (18, 19, 20, 21)]
    for row in days:
        store.add("acme", row, {"miss": 1}, NOW)

    assert set(store.read("acme", "2026-11-19", "2026-11-20")) == set(days[1:3])


def test_a_tenant_reads_its_own(store: CacheUseStore) -> None:
    store.add("acme", ROW, {"miss": 1}, NOW)

    assert store.read("rival", ROW.day, ROW.day) == {}
