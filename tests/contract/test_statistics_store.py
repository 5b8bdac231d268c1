"""Counters of providers: the same cases on the fake and on DynamoDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from intake.analytics.cache_use import CacheRow, CacheUseStore
from intake.errors import TransientError
from intake.gateway.statistics import Row, StatisticsStore, Tally
from intake.providers.ports import Capability
from intake.storage.cache_use import DynamoDBCacheUse
from intake.storage.statistics import ATTEMPTS, DynamoDBStatistics, row_key
from tests.fakes.clock import FakeClock
from tests.fakes.statistics import MemoryStatistics
from tests.fakes.tables import dynamodb_table

TODAY = Row(None, Capability.TRANSLATE, "es-en", "2026-11-20")
NOW = FakeClock().now()


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[StatisticsStore]:
    if request.param == "memory":
        yield MemoryStatistics()
        return
    with dynamodb_table(monkeypatch, "gateway") as table:
        yield DynamoDBStatistics(boto3.client("dynamodb"), table, pause=lambda _seconds: None)


def test_counts_add_up_by_provider(store: StatisticsStore) -> None:
    first = {"flash": Tally.success(500), "openai": Tally.failure("TransientError")}
    second = {"flash": Tally.success(700), "openai": Tally.failure("TransientError")}
    store.add_once("acme", "inp_1", {TODAY: first}, NOW)
    store.add_once("acme", "inp_2", {TODAY: second}, NOW)

    found = store.read([TODAY])[TODAY]

    assert found["flash"].successes == 2
    assert found["flash"].log_ms == pytest.approx(Tally.success(500).log_ms + Tally.success(700).log_ms, abs=1e-5)
    assert found["openai"].errors == {"TransientError": 2}


def test_what_was_counted_is_not_counted_again(store: StatisticsStore) -> None:
    assert store.add_once("acme", "inp_1", {TODAY: {"flash": Tally.success(500)}}, NOW)
    assert not store.add_once("acme", "inp_1", {TODAY: {"flash": Tally.success(500)}}, NOW)
    assert store.add_once("rival", "inp_1", {TODAY: {"flash": Tally.success(500)}}, NOW)

    assert store.read([TODAY])[TODAY]["flash"].successes == 2


def test_what_the_cache_did_is_counted_with_it_and_once(store: StatisticsStore) -> None:
    row = CacheRow("2026-11-20", "translate", "es-en")
    for _ in range(2):
        store.add_once("acme", "inp_1", {}, NOW, cache_use={row: {"miss": 1, "spent_microusd": 41}})

    counters: CacheUseStore
    if isinstance(store, MemoryStatistics):
        counters = store.cache_use
    else:
        counters = DynamoDBCacheUse(boto3.client("dynamodb"), "gateway")
    assert counters.read("acme", row.day, row.day) == {row: {"miss": 1, "spent_microusd": 41}}


def test_an_input_without_anything_to_count_is_marked_all_the_same(store: StatisticsStore) -> None:
    assert store.add_once("acme", "inp_1", {}, NOW)
    assert not store.add_once("acme", "inp_1", {TODAY: {"flash": Tally.success(500)}}, NOW)


def test_rows_of_other_periods_pairs_and_tenants_stand_apart(store: StatisticsStore) -> None:
    mine = Row("acme", Capability.TRANSLATE, "es-en", "2026-11")
    store.add_once("acme", "inp_1", {TODAY: {"flash": Tally.success(500)}, mine: {"flash": Tally.rated(5)}}, NOW)

    theirs = mine._replace(tenant="rival")
    found = store.read([TODAY, mine, theirs, TODAY._replace(pair="fr-en"), TODAY._replace(period="2026-11-19")])

    assert set(found) == {TODAY, mine}
    assert found[mine] == {"flash": Tally(ratings=1, marks=1)}


class Crowded:
    """A client whose transactions meet others for some time."""

    def __init__(self, client: Any, meetings: int) -> None:
        self._client = client
        self._meetings = meetings

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **request: Any) -> Any:
        if self._meetings:
            self._meetings -= 1
            response = {"CancellationReasons": [{"Code": "None"}, {"Code": "TransactionConflict"}], "Error": {}}
            raise self._client.exceptions.TransactionCanceledException(response, "TransactWriteItems")
        return self._client.transact_write_items(**request)


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], DynamoDBStatistics]]:
    with dynamodb_table(monkeypatch, "gateway") as table:
        client = boto3.client("dynamodb")
        yield lambda meetings: DynamoDBStatistics(
            Crowded(client, meetings),  # type: ignore[arg-type]
            table,
            pause=lambda _seconds: None,
        )


def test_who_meets_another_comes_again(crowded: Callable[[int], DynamoDBStatistics]) -> None:
    store = crowded(ATTEMPTS - 1)

    assert store.add_once("acme", "inp_1", {TODAY: {"flash": Tally.success(500)}}, NOW)
    assert store.read([TODAY])[TODAY]["flash"].successes == 1


def test_who_meets_others_for_too_long_says_so_and_counts_nothing(
    crowded: Callable[[int], DynamoDBStatistics],
) -> None:
    store = crowded(ATTEMPTS)
    with pytest.raises(TransientError):
        store.add_once("acme", "inp_1", {TODAY: {"flash": Tally.success(500)}}, NOW)

    assert store.read([TODAY]) == {}


def test_rows_and_marks_end_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    with dynamodb_table(monkeypatch, "gateway") as table:
        client = boto3.client("dynamodb")
        DynamoDBStatistics(client, table).add_once("acme", "inp_1", {TODAY: {"flash": Tally.success(500)}}, NOW)

        items = client.scan(TableName=table)["Items"]

    assert len(items) == 2
    assert all(int(item["expires_at"]["N"]) > NOW.timestamp() for item in items)
    assert row_key(TODAY)["pk"]["S"] == "_platform#measured#translate"
