from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from intake.errors import (
    BudgetExceededError,
    CircuitOpenError,
    ConfigurationError,
    ErasedError,
    ProviderRefusedError,
    ProviderTimeoutError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
)
from intake.gateway.budget import LEASE, Budget, Limits
from intake.gateway.cache import CacheLine
from intake.gateway.outcome import CacheStatus
from intake.money import Usage
from intake.providers.ports import Capability, ProviderKind
from intake.settings import ProviderMode
from tests.fakes.clock import FakeClock
from tests.fakes.gateway_stores import InMemoryCacheStore, InMemoryCircuitStore, InMemoryLedger
from tests.fakes.providers import GatewayBench, ScriptedProvider


class OldLines(InMemoryCacheStore):
    """A table that an older version of Intake has filled."""

    def get(self, tenant: str, key: str) -> CacheLine | None:
        expires = FakeClock().now() + timedelta(days=30)
        return CacheLine(body='{"words": ["hello"]}', provider="openai", model="m", cost_microusd=1, expires=expires)


# 1,000 tokens in at $0.20 and 500 out at $1.20 a million.
COST = 800


def test_an_answer_carries_its_provider_and_its_cost() -> None:
    bench = GatewayBench([ScriptedProvider()])

    outcome = bench.translate()

    assert (outcome.provider, outcome.cost_microusd, outcome.cache) == ("openai", COST, CacheStatus.MISS)
    balance = bench.ledger.balance("acme", "openai", bench.clock.now())
    assert (balance.spent_microusd, balance.reserved_microusd, balance.requests_this_hour) == (COST, 0, 1)


def test_an_equal_request_is_answered_from_memory_and_costs_nothing() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    bench.translate()

    again = bench.translate()

    assert (again.cache, again.cost_microusd, again.saved_microusd) == (CacheStatus.MEMORY, 0, COST)
    assert provider.calls == 1


def test_another_environment_answers_from_the_shared_table() -> None:
    lines = InMemoryCacheStore()
    GatewayBench([ScriptedProvider()], lines=lines).translate()
    provider = ScriptedProvider()

    outcome = GatewayBench([provider], lines=lines).translate()

    assert (outcome.cache, provider.calls) == (CacheStatus.TABLE, 0)


@pytest.mark.parametrize("change", [{"tenant": "other"}, {"text": "adiós"}])
def test_another_tenant_or_another_text_is_never_answered_from_the_cache(change: dict[str, Any]) -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    bench.translate()

    bench.translate(**change)

    assert provider.calls == 2


def test_a_cached_answer_in_the_form_of_another_version_is_asked_anew() -> None:
    lines = OldLines()
    provider = ScriptedProvider()

    outcome = GatewayBench([provider], lines=lines).translate()

    assert (outcome.value.text, outcome.cache, provider.calls) == ("hello", CacheStatus.MISS, 1)


def test_a_cached_answer_ends_with_its_life() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    bench.translate()
    bench.clock.advance(days=31)

    bench.translate()

    assert provider.calls == 2


def test_a_failing_cache_costs_a_call_and_nothing_else() -> None:
    class BrokenStore(InMemoryCacheStore):
        def get(self, tenant: str, key: str) -> None:
            raise OSError

        def put(self, tenant: str, key: str, line: object) -> None:
            raise OSError

    assert GatewayBench([ScriptedProvider()], lines=BrokenStore()).translate().value.text == "hello"


def test_a_failed_call_is_not_charged() -> None:
    provider = ScriptedProvider()
    provider.will(TransientError("503"))
    bench = GatewayBench([provider])

    with pytest.raises(TransientError):
        bench.translate()

    balance = bench.ledger.balance("acme", "openai", bench.clock.now())
    assert (balance.spent_microusd, balance.reserved_microusd) == (0, 0)


def test_a_failed_call_that_the_provider_bills_is_charged() -> None:
    provider = ScriptedProvider()
    provider.will(TransientError("truncated", billed=Usage(input_tokens=1000, output_tokens=500)))
    bench = GatewayBench([provider])

    with pytest.raises(TransientError):
        bench.translate()

    assert bench.ledger.balance("acme", "openai", bench.clock.now()).spent_microusd == COST


def test_over_budget_nothing_is_sent() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider], limits=Limits(microusd_per_day=2 * COST - 1, requests_per_hour=100))

    with pytest.raises(BudgetExceededError):
        bench.translate()

    assert provider.calls == 0


def test_a_reservation_of_a_dead_caller_ends_with_its_lease() -> None:
    limits = Limits(microusd_per_day=2 * COST, requests_per_hour=100)
    bench = GatewayBench([ScriptedProvider()], limits=limits)
    Budget(bench.ledger, bench.clock, limits).reserve("acme", "openai", COST)

    with pytest.raises(BudgetExceededError):
        bench.translate()
    bench.clock.advance(seconds=LEASE.total_seconds())

    assert bench.translate().cost_microusd == COST


def test_five_failures_over_all_environments_open_the_circuit_and_three_good_probes_close_it() -> None:
    circuits = InMemoryCircuitStore()
    provider = ScriptedProvider()
    first = GatewayBench([provider], circuits=circuits)
    environments = [first] + [GatewayBench([provider], circuits=circuits, clock=first.clock) for _ in range(19)]
    provider.will(*[TransientError("down")] * 5)

    for environment in environments[:5]:
        with pytest.raises(TransientError):
            environment.translate()
    for environment in environments:
        with pytest.raises(CircuitOpenError):
            environment.translate()
    assert provider.calls == 5

    first.clock.advance(seconds=60)
    for number in range(3):
        environments[number].translate(text=f"probe {number}")
    assert circuits.read(Capability.TRANSLATE, "openai").failures == 0
    assert environments[9].translate(text="closed again").provider == "openai"


def test_only_one_environment_probes_at_a_time() -> None:
    circuits = InMemoryCircuitStore()
    provider = ScriptedProvider()
    bench = GatewayBench([provider], circuits=circuits)
    other = GatewayBench([provider], circuits=circuits, clock=bench.clock)
    provider.will(*[TransientError("down")] * 5)
    for _ in range(5):
        with pytest.raises(TransientError):
            bench.translate()
    bench.clock.advance(seconds=61)

    def second_prober() -> None:
        with pytest.raises(CircuitOpenError):
            other.translate(text="meanwhile")

    provider.will(second_prober)
    bench.translate(text="probe")

    assert provider.calls == 6


def test_a_failed_probe_opens_the_circuit_again() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    provider.will(*[TransientError("down")] * 6)
    for _ in range(5):
        with pytest.raises(TransientError):
            bench.translate()
    bench.clock.advance(seconds=61)
    with pytest.raises(TransientError):
        bench.translate()

    with pytest.raises(CircuitOpenError):
        bench.translate()


def test_a_probe_that_the_budget_stops_is_given_back() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider], limits=Limits(microusd_per_day=2 * COST, requests_per_hour=6))
    provider.will(*[TransientError("down")] * 5)
    for _ in range(5):
        with pytest.raises(TransientError):
            bench.translate()
    bench.clock.advance(seconds=61)
    bench.translate(text="first probe")
    with pytest.raises(BudgetExceededError):
        bench.translate(text="second probe")

    assert bench.circuits.read(Capability.TRANSLATE, "openai").probe_until is None


def test_the_healthy_path_writes_nothing_to_the_circuit() -> None:
    bench = GatewayBench([ScriptedProvider()])

    bench.translate("one")
    bench.translate("two")

    assert bench.circuits.writes == 0


def test_failures_that_are_not_in_a_row_do_not_open_the_circuit() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    for number in range(8):
        provider.will(TransientError("blip"))
        with pytest.raises(TransientError):
            bench.translate(f"a {number}")
        bench.translate(f"b {number}")

    assert provider.calls == 16


def test_a_refusal_does_not_count_against_the_circuit() -> None:
    provider = ScriptedProvider()
    provider.will(*[ProviderRefusedError("content policy")] * 9)
    bench = GatewayBench([provider])
    for _ in range(9):
        with pytest.raises(ProviderRefusedError):
            bench.translate()

    assert bench.translate().provider == "openai"


def test_an_exhausted_quota_counts_against_the_circuit() -> None:
    provider = ScriptedProvider()
    provider.will(*[QuotaExhaustedError("no credit")] * 9)
    bench = GatewayBench([provider])
    for _ in range(5):
        with pytest.raises(QuotaExhaustedError):
            bench.translate()

    with pytest.raises(CircuitOpenError):
        bench.translate()


def test_a_pause_that_the_provider_asks_for_is_kept() -> None:
    provider = ScriptedProvider()
    provider.will(RateLimitedError("slow down", retry_after_seconds=7))
    bench = GatewayBench([provider])
    with pytest.raises(RateLimitedError):
        bench.translate()
    bench.clock.advance(seconds=6)
    with pytest.raises(RateLimitedError):
        bench.translate()
    assert provider.calls == 1

    bench.clock.advance(seconds=1)
    assert bench.translate().provider == "openai"


def test_a_hold_stops_calls_and_says_why() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    bench.breaker.hold(Capability.TRANSLATE, "openai", "invoice disputed", by="key_1")

    with pytest.raises(CircuitOpenError, match="invoice disputed"):
        bench.translate()
    assert provider.calls == 0


def test_a_broken_circuit_store_lets_calls_pass() -> None:
    class BrokenCircuits(InMemoryCircuitStore):
        def read(self, capability: Capability, provider: str) -> object:  # type: ignore[override]
            raise OSError

    assert GatewayBench([ScriptedProvider()], circuits=BrokenCircuits()).translate().provider == "openai"


def test_a_ledger_that_fails_stops_the_call_for_a_retry_and_is_not_the_providers_fault() -> None:
    class BrokenLedger(InMemoryLedger):
        def reserve(self, *arguments: object) -> None:
            raise TransientError("The ledger of budgets answered InternalServerError.")

    provider = ScriptedProvider()
    bench = GatewayBench([provider], ledger=BrokenLedger())

    for _ in range(9):
        with pytest.raises(TransientError, match="ledger"):
            bench.translate()

    assert provider.calls == 0
    assert bench.circuits.read(Capability.TRANSLATE, "openai").failures == 0


def test_a_model_without_a_price_is_refused() -> None:
    provider = ScriptedProvider(model="gpt-unknown")

    with pytest.raises(ConfigurationError, match="gpt-unknown"):
        GatewayBench([provider]).translate()
    assert provider.calls == 0


def test_an_answer_that_is_refused_is_paid_for_and_not_kept() -> None:
    def refuse(answer: object) -> None:
        raise ProviderRefusedError("it lost a placeholder")

    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    with pytest.raises(ProviderRefusedError):
        bench.translate(check=refuse)

    assert bench.ledger.balance("acme", "openai", bench.clock.now()).spent_microusd == COST
    assert bench.translate().cache is CacheStatus.MISS
    assert bench.translate().cache is CacheStatus.MEMORY
    with pytest.raises(ProviderRefusedError):
        bench.translate(check=refuse)
    assert provider.calls == 3


def test_files_that_an_engine_cannot_take_do_not_switch_it_off_for_others() -> None:
    provider = ScriptedProvider("apertium", kind=ProviderKind.EMBEDDED)
    provider.will(*[ProviderTimeoutError("a huge scan")] * 9)
    bench = GatewayBench([provider], mode=ProviderMode.EMBEDDED)
    for _ in range(9):
        with pytest.raises(ProviderTimeoutError):
            bench.translate(provider="apertium", tenant="acme")

    assert bench.translate(provider="apertium", tenant="other").value.text == "hello"
    assert bench.circuits.writes == 0


class Claims:
    """Whoever keeps the keys of lines, and what the store held when each was told."""

    def __init__(self, lines: InMemoryCacheStore) -> None:
        self._lines = lines
        self.keys: list[str] = []
        self.held_before: list[int] = []

    def __call__(self, key: str) -> None:
        self.keys.append(key)
        self.held_before.append(len(self._lines.lines))


def test_a_line_is_claimed_before_it_is_written_and_when_it_is_read() -> None:
    bench = GatewayBench([ScriptedProvider()])
    claims = Claims(bench.lines)

    bench.translate(claim=claims)
    bench.translate(claim=claims)

    assert claims.held_before == [0, 1]
    assert {("acme", key) for key in claims.keys} == set(bench.lines.lines)


def test_a_line_that_cannot_be_claimed_is_neither_written_nor_paid_for() -> None:
    def erased(_key: str) -> None:
        raise ErasedError("The input was erased.")

    provider = ScriptedProvider()
    bench = GatewayBench([provider])

    with pytest.raises(ErasedError):
        bench.translate(claim=erased)

    assert (provider.calls, bench.lines.lines) == (0, {})


def test_a_line_that_was_erased_is_remembered_for_a_minute_at_most() -> None:
    bench = GatewayBench([ScriptedProvider()])
    bench.translate()
    bench.lines.lines.clear()

    bench.clock.advance(seconds=59)
    assert bench.translate().cache is CacheStatus.MEMORY
    bench.clock.advance(seconds=1)
    assert bench.translate().cache is CacheStatus.MISS
