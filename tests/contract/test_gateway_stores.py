"""The gateway's stores: the same cases on the fakes and on DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import boto3
import pytest

from intake.errors import BudgetExceededError
from intake.gateway.budget import LEASE, Budget, Ledger, Limits
from intake.gateway.cache import CacheLine, CacheStore
from intake.gateway.circuit import Circuit, CircuitStore, EndedHold
from intake.providers.ports import Capability
from intake.storage.cache import DynamoDBCacheStore
from intake.storage.circuits import DynamoDBCircuitStore
from intake.storage.ledger import DynamoDBLedger
from tests.fakes.clock import FakeClock
from tests.fakes.gateway_stores import InMemoryCacheStore, InMemoryCircuitStore, InMemoryLedger
from tests.fakes.tables import dynamodb_table

EMBED = Capability.EMBED


@dataclass
class Stores:
    cache: CacheStore
    circuits: CircuitStore
    ledger: Ledger


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    if request.param == "memory":
        yield Stores(InMemoryCacheStore(), InMemoryCircuitStore(), InMemoryLedger())
        return
    with dynamodb_table(monkeypatch, "gateway") as table:
        client = boto3.client("dynamodb")
        yield Stores(
            DynamoDBCacheStore(client, table), DynamoDBCircuitStore(client, table), DynamoDBLedger(client, table)
        )


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


class TestCache:
    def test_a_line_comes_back_as_it_was_put(self, stores: Stores, clock: FakeClock) -> None:
        line = CacheLine(body='{"text": "¿qué?"}', provider="flash", model="m", cost_microusd=12, expires=clock.now())
        stores.cache.put("acme", "key", line)

        assert stores.cache.get("acme", "key") == line

    def test_an_unknown_key_and_another_tenant_have_no_line(self, stores: Stores, clock: FakeClock) -> None:
        line = CacheLine(body="{}", provider="flash", model="m", cost_microusd=0, expires=clock.now())
        stores.cache.put("acme", "key", line)

        assert stores.cache.get("acme", "other") is None
        assert stores.cache.get("rival", "key") is None

    def test_a_line_is_erased_once_and_for_its_tenant_only(self, stores: Stores, clock: FakeClock) -> None:
        line = CacheLine(body="{}", provider="flash", model="m", cost_microusd=0, expires=clock.now())
        stores.cache.put("acme", "key", line)
        stores.cache.put("acme", "other", line)

        assert not stores.cache.erase("rival", "key")
        assert stores.cache.erase("acme", "key")
        assert not stores.cache.erase("acme", "key")

        assert stores.cache.get("acme", "key") is None
        assert stores.cache.get("acme", "other") == line


class TestCircuits:
    def test_a_fresh_row_is_healthy(self, stores: Stores) -> None:
        assert stores.circuits.read(EMBED, "openai") == Circuit()

    def test_failures_add_up_and_say_what_and_when(self, stores: Stores, clock: FakeClock) -> None:
        stores.circuits.add_failure(EMBED, "openai", "TransientError", clock.now(), None)
        row = stores.circuits.add_failure(EMBED, "openai", "RateLimitedError", clock.now(), clock.now())

        assert (row.failures, row.last_error, row.failed_at) == (2, "RateLimitedError", clock.now())
        assert row.paused_until == clock.now()
        assert stores.circuits.read(EMBED, "openai") == row
        assert stores.circuits.read(EMBED, "flash") == Circuit()
        assert stores.circuits.read(Capability.COMPLETE, "openai") == Circuit()

    def test_one_probe_at_a_time_and_only_after_the_cool_down(self, stores: Stores, clock: FakeClock) -> None:
        stores.circuits.add_failure(EMBED, "openai", "TransientError", clock.now(), None)
        lease = timedelta(seconds=30)

        def take() -> bool:
            now = clock.now()
            before = now - timedelta(seconds=60)
            return stores.circuits.take_probe(EMBED, "openai", failed_before=before, now=now, until=now + lease)

        assert not take()
        clock.advance(seconds=60)
        assert take()
        assert not take()
        clock.advance(seconds=30)
        assert take()
        stores.circuits.end_probe(EMBED, "openai")
        assert take()

    def test_a_good_probe_is_counted_and_a_failure_forgets_it(self, stores: Stores, clock: FakeClock) -> None:
        stores.circuits.add_failure(EMBED, "openai", "TransientError", clock.now(), None)
        assert stores.circuits.add_good_probe(EMBED, "openai").good_probes == 1

        row = stores.circuits.add_failure(EMBED, "openai", "TransientError", clock.now(), None)

        assert (row.good_probes, row.probe_until) == (0, None)

    def test_failures_are_forgotten_unless_another_came_meanwhile(self, stores: Stores, clock: FakeClock) -> None:
        seen = stores.circuits.add_failure(EMBED, "openai", "TransientError", clock.now(), None)
        newer = stores.circuits.add_failure(EMBED, "openai", "TransientError", clock.now(), None)

        assert not stores.circuits.forget_failures(EMBED, "openai", seen)
        assert stores.circuits.read(EMBED, "openai").failures == 2

        assert stores.circuits.forget_failures(EMBED, "openai", newer)
        assert stores.circuits.read(EMBED, "openai").failures == 0

    def test_one_caller_finds_a_circuit_open_until_it_closes(self, stores: Stores, clock: FakeClock) -> None:
        seen = stores.circuits.add_failure(EMBED, "openai", "TransientError", clock.now(), None)

        assert not stores.circuits.mark_open(EMBED, "openai", threshold=2, now=clock.now())
        assert stores.circuits.mark_open(EMBED, "openai", threshold=1, now=clock.now())
        assert not stores.circuits.mark_open(EMBED, "openai", threshold=1, now=clock.now())
        assert stores.circuits.read(EMBED, "openai").opened_at == clock.now()

        stores.circuits.forget_failures(EMBED, "openai", seen)
        assert stores.circuits.read(EMBED, "openai").opened_at is None

    def test_a_second_hold_keeps_since_when_and_changes_the_reason(self, stores: Stores, clock: FakeClock) -> None:
        first = clock.now()
        stores.circuits.hold(EMBED, "openai", "audit", by="key_1", now=first)
        clock.advance(minutes=1)

        row = stores.circuits.hold(EMBED, "openai", "bad answers", by="key_2", now=clock.now())

        assert (row.held_because, row.held_at, row.held_by) == ("bad answers", first, "key_2")
        assert stores.circuits.read(EMBED, "openai") == row
        assert stores.circuits.read(Capability.COMPLETE, "openai").held_because is None

    @pytest.mark.parametrize("reason", ["audit is over", None])
    def test_a_hold_that_is_ended_is_kept_as_the_last_one(
        self, stores: Stores, clock: FakeClock, reason: str | None
    ) -> None:
        held = stores.circuits.hold(EMBED, "openai", "audit", by="key_1", now=clock.now())
        since = clock.now()
        clock.advance(minutes=1)

        assert stores.circuits.resume(EMBED, "openai", reason, by="key_2", now=clock.now()) == held

        row = stores.circuits.read(EMBED, "openai")
        assert (row.held_because, row.held_at, row.held_by) == (None, None, None)
        assert row.last_hold == EndedHold(
            reason="audit", since=since, by="key_1", ended_because=reason, ended_at=clock.now(), ended_by="key_2"
        )

    def test_what_is_not_held_is_not_resumed(self, stores: Stores, clock: FakeClock) -> None:
        assert stores.circuits.resume(EMBED, "openai", None, by="key_1", now=clock.now()) is None
        assert stores.circuits.read(EMBED, "openai").last_hold is None


class TestLedger:
    def budget(self, stores: Stores, clock: FakeClock, *, money: int = 100, requests: int = 10) -> Budget:
        return Budget(stores.ledger, clock, Limits(microusd_per_day=money, requests_per_hour=requests))

    def test_reserved_then_settled(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock)
        reservation = budget.reserve("acme", "openai", 40)
        assert budget.balance("acme", "openai").reserved_microusd == 40

        budget.settle(reservation, 15)

        balance = budget.balance("acme", "openai")
        assert (balance.spent_microusd, balance.reserved_microusd, balance.requests_this_hour) == (15, 0, 1)

    def test_what_is_settled_below_the_reservation_can_be_used_again(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock)
        budget.settle(budget.reserve("acme", "openai", 100), 40)

        budget.reserve("acme", "openai", 60)
        with pytest.raises(BudgetExceededError):
            budget.reserve("acme", "openai", 1)

    def test_a_limit_is_used_to_the_last_micro_dollar_and_not_beyond(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock, money=100)
        budget.reserve("acme", "openai", 100)

        with pytest.raises(BudgetExceededError):
            budget.reserve("acme", "openai", 1)
        with pytest.raises(BudgetExceededError):
            budget.reserve("rival", "openai", 101)
        budget.reserve("rival", "openai", 100)

    def test_requests_are_limited_by_the_hour(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock, requests=2)
        for _ in range(2):
            budget.settle(budget.reserve("acme", "openai", 1), 1)
        with pytest.raises(BudgetExceededError):
            budget.reserve("acme", "openai", 1)

        clock.advance(hours=1)
        budget.reserve("acme", "openai", 1)

    def test_money_is_limited_by_the_day(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock, money=10)
        budget.settle(budget.reserve("acme", "openai", 10), 10)

        clock.advance(days=1)
        budget.reserve("acme", "openai", 10)

    def test_an_expired_reservation_is_given_back(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock, money=100)
        budget.reserve("acme", "openai", 100)
        clock.advance(seconds=LEASE.total_seconds() - 1)
        with pytest.raises(BudgetExceededError):
            budget.reserve("acme", "openai", 1)

        clock.advance(seconds=1)
        assert budget.balance("acme", "openai").reserved_microusd == 0
        budget.reserve("acme", "openai", 100)

    def test_a_cost_that_comes_after_its_lease_is_still_counted(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock, money=100)
        slow = budget.reserve("acme", "openai", 100)
        clock.advance(seconds=LEASE.total_seconds())
        budget.settle(budget.reserve("acme", "openai", 20), 20)

        budget.settle(slow, 30)

        assert budget.balance("acme", "openai").spent_microusd == 50

    def test_a_settlement_delivered_twice_counts_once(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock)
        reservation = budget.reserve("acme", "openai", 40)

        budget.settle(reservation, 15)
        budget.settle(reservation, 15)

        assert budget.balance("acme", "openai").spent_microusd == 15

    def test_a_reservation_delivered_twice_counts_once(self, stores: Stores, clock: FakeClock) -> None:
        budget = self.budget(stores, clock)
        reservation = budget.reserve("acme", "openai", 40)

        stores.ledger.reserve(reservation, budget.limits, clock.now())

        balance = budget.balance("acme", "openai")
        assert (balance.reserved_microusd, balance.requests_this_hour) == (40, 1)
