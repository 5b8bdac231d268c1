"""A provider that falls out or comes back is told once, and never at the cost of a call."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest

from intake.errors import CircuitOpenError, TransientError
from intake.gateway.circuit import BreakerPolicy
from intake.providers.ports import Capability
from tests.fakes.gateway_stores import InMemoryCircuitStore
from tests.fakes.providers import GatewayBench, ScriptedProvider

TRANSLATE = Capability.TRANSLATE


def fail(bench: GatewayBench, provider: ScriptedProvider, times: int) -> None:
    provider.will(*[TransientError("down")] * times)
    for _ in range(times):
        with pytest.raises(TransientError):
            bench.translate()


def told(bench: GatewayBench) -> list[dict[str, Any]]:
    return [{"type": event.type} | event.data.model_dump() for event in bench.events.published]


def test_the_failure_that_opens_a_circuit_is_told_and_the_ones_before_and_after_are_not() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    fail(bench, provider, 4)
    assert told(bench) == []

    fail(bench, provider, 1)
    with pytest.raises(CircuitOpenError):
        bench.translate()
    bench.clock.advance(seconds=61)
    fail(bench, provider, 1)

    since = {"provider": "openai", "capability": "translate", "since": "2026-11-20T10:00:00.000Z"}
    assert told(bench) == [{"type": "provider.degraded", **since, "state": "open", "error": "transient"}]
    assert bench.events.published[0].tenant == "*"


def test_of_many_callers_that_fail_at_once_one_tells_it() -> None:
    circuits = InMemoryCircuitStore()
    together = Barrier(12)

    class Failing(ScriptedProvider):
        def call(self, request: object) -> Any:
            together.wait(timeout=10)
            raise TransientError("down")

    benches = [GatewayBench([Failing()], circuits=circuits) for _ in range(12)]

    def call(bench: GatewayBench) -> None:
        with pytest.raises(TransientError):
            bench.translate()

    callers = [Thread(target=call, args=(bench,)) for bench in benches]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert circuits.read(TRANSLATE, "openai").failures == 12
    assert sum(len(bench.events.published) for bench in benches) == 1


def test_a_failure_that_is_written_down_twice_does_not_hide_the_opening() -> None:
    class Twice(InMemoryCircuitStore):
        def add_failure(self, *arguments: Any) -> Any:
            super().add_failure(*arguments)
            return super().add_failure(*arguments)

    provider = ScriptedProvider()
    bench = GatewayBench([provider], circuits=Twice())

    fail(bench, provider, 3)

    assert bench.events.types == ["provider.degraded"]


def test_a_circuit_that_closes_is_told_with_the_moment_it_opened() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    fail(bench, provider, 5)
    bench.clock.advance(seconds=61)

    for number in range(3):
        bench.translate(f"probe {number}")
    bench.translate("closed")

    assert bench.events.types == ["provider.degraded", "provider.recovered"]
    since = {"provider": "openai", "capability": "translate", "since": "2026-11-20T10:00:00.000Z"}
    assert told(bench)[1] == {"type": "provider.recovered", **since, "was": "open"}


def test_failures_that_never_opened_the_circuit_end_without_a_word() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    fail(bench, provider, 4)

    bench.translate()

    assert told(bench) == []


def test_each_time_that_a_provider_falls_out_has_an_id_of_its_own() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider], policy=BreakerPolicy(good_probes_to_close=1))
    for number in range(2):
        fail(bench, provider, 5)
        bench.clock.advance(seconds=61)
        bench.translate(f"probe {number}")

    assert bench.events.types == ["provider.degraded", "provider.recovered"] * 2
    assert len({event.id for event in bench.events.published}) == 4


def test_a_bus_that_is_down_costs_the_news_and_nothing_else() -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])
    bench.events.is_down = True
    fail(bench, provider, 5)
    bench.clock.advance(seconds=61)

    assert [bench.translate(f"probe {number}").value.text for number in range(3)] == ["hello"] * 3
    bench.breaker.hold(TRANSLATE, "openai", "audit", by="key_1")


class TestHolds:
    def test_a_hold_and_its_end_are_told_once_each(self) -> None:
        bench = GatewayBench([ScriptedProvider()])

        bench.breaker.hold(TRANSLATE, "openai", "audit", by="key_1")
        bench.clock.advance(seconds=5)
        bench.breaker.hold(TRANSLATE, "openai", "a longer audit", by="key_1")
        bench.breaker.resume(TRANSLATE, "openai", None, by="key_1")
        bench.breaker.resume(TRANSLATE, "openai", None, by="key_1")

        since = {"provider": "openai", "capability": "translate", "since": "2026-11-20T10:00:00.000Z"}
        assert told(bench) == [
            {"type": "provider.degraded", **since, "state": "held", "error": None},
            {"type": "provider.recovered", **since, "was": "held"},
        ]

    def test_a_circuit_that_is_open_under_the_hold_recovers_when_it_closes(self) -> None:
        provider = ScriptedProvider()
        bench = GatewayBench([provider])
        fail(bench, provider, 5)
        bench.breaker.hold(TRANSLATE, "openai", "audit", by="key_1")

        bench.breaker.resume(TRANSLATE, "openai", None, by="key_1")
        assert bench.events.types == ["provider.degraded", "provider.degraded"]

        bench.clock.advance(seconds=61)
        for number in range(3):
            bench.translate(f"probe {number}")
        assert bench.events.types[2:] == ["provider.recovered"]

    def test_a_circuit_that_closes_under_the_hold_recovers_when_it_is_resumed(self) -> None:
        provider = ScriptedProvider()
        bench = GatewayBench([provider], policy=BreakerPolicy(good_probes_to_close=1))
        fail(bench, provider, 5)
        bench.clock.advance(seconds=61)
        provider.will(lambda: bench.breaker.hold(TRANSLATE, "openai", "audit", by="key_1"))

        bench.translate("a probe that was on its way")
        assert bench.events.types == ["provider.degraded", "provider.degraded"]

        bench.breaker.resume(TRANSLATE, "openai", None, by="key_1")
        assert bench.events.types[2:] == ["provider.recovered"]
