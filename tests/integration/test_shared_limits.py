"""Limits that many environments share, on a real table: budgets and circuits, with callers at the same moment."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from intake.clock import Clock, SystemClock
from intake.errors import BudgetExceededError, CircuitOpenError, TransientError
from intake.gateway.budget import LEASE, Budget, Limits
from intake.gateway.circuit import BreakerPolicy
from intake.gateway.gateway import Gateway
from intake.gateway.prices import PriceList
from intake.providers.ports import Capability
from intake.storage.circuits import DynamoDBCircuitStore
from intake.storage.ledger import DynamoDBLedger
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.doubles.openai_server import running
from tests.fakes.clock import FakeClock
from tests.support.environments import environment, remote, request, start_caller
from tests.support.stack import RunningStack, running_stack

pytestmark = pytest.mark.emulator

CALLERS = 100
PAID_FOR = 37


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    with running_stack(Path(tmp_path_factory.mktemp("limits")), "embedded") as started:
        yield started


@pytest.fixture
def double() -> Iterator[Control]:
    # Slow enough that all callers have asked for money before the first one gives any back.
    with running(delay_seconds=1.5) as control:
        yield control


def one_environment(stack: RunningStack, double: Control, limits: Limits) -> Gateway:
    return environment(stack.client("dynamodb"), stack.outputs["GatewayTable"], double.openai_base_url, limits)


def ledger(stack: RunningStack, clock: Clock, limits: Limits) -> Budget:
    return Budget(DynamoDBLedger(stack.client("dynamodb"), stack.outputs["GatewayTable"]), clock, limits)


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Run calls in threads that start together; return what each gave or raised."""
    together = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(number: int) -> None:
        together.wait()
        try:
            results[number] = calls[number]()
        except Exception as error:  # noqa: BLE001 - every end is a result
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def largest_cost(double: Control) -> int:
    """Return what is reserved for a request, in micro-dollars."""
    translators = [one for one in remote(double.openai_base_url) if one.capability is Capability.TRANSLATE]
    openai = next(one for one in translators if one.name == "openai")
    price = PriceList().find("openai", openai.model, SystemClock().now().date())
    return price.cost_microusd(openai.largest_usage(request(0)))


@pytest.mark.parametrize("limited_by", ["money", "requests"])
def test_a_hundred_callers_never_overshoot(stack: RunningStack, double: Control, limited_by: str) -> None:
    reserved = largest_cost(double)
    limits = (
        Limits(microusd_per_day=reserved * PAID_FOR, requests_per_hour=10**6)
        if limited_by == "money"
        else Limits(microusd_per_day=10**9, requests_per_hour=PAID_FOR)
    )
    gateways = [one_environment(stack, double, limits) for _ in range(10)]
    tenant = f"load-{limited_by}"

    def call(number: int) -> Callable[[], Any]:
        gateway = gateways[number % len(gateways)]
        return lambda: gateway.call(Capability.TRANSLATE, "openai", request(number), tenant=tenant)

    results = at_once([call(number) for number in range(CALLERS)])

    kinds = Counter(type(result).__name__ for result in results)
    assert kinds == {"Outcome": PAID_FOR, "BudgetExceededError": CALLERS - PAID_FOR}
    assert double.counts()["calls"] == PAID_FOR
    balance = ledger(stack, SystemClock(), limits).balance(tenant, "openai")
    paid = sum(result.cost_microusd for result in results if not isinstance(result, Exception))
    assert (balance.spent_microusd, balance.reserved_microusd) == (paid, 0)


def test_a_killed_callers_money_comes_back_with_its_lease(stack: RunningStack, double: Control) -> None:
    reserved = largest_cost(double)
    limits = Limits(microusd_per_day=reserved, requests_per_hour=10**6)
    double.fail(Fault(kind=Kind.SLOW, delay_seconds=60, times=1))
    caller = start_caller(stack, double.openai_base_url, "killed", limits)
    deadline = time.monotonic() + 10
    while double.counts()["calls"] == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    caller.kill()
    caller.wait()

    budget = ledger(stack, SystemClock(), limits)
    assert budget.balance("killed", "openai").reserved_microusd == reserved
    with pytest.raises(BudgetExceededError):
        budget.reserve("killed", "openai", 1)

    later = FakeClock(SystemClock().now() + LEASE)
    after = ledger(stack, later, limits)
    after.settle(after.reserve("killed", "openai", reserved), 0)
    assert after.balance("killed", "openai").reserved_microusd == 0


def test_twenty_environments_open_one_circuit_and_probes_close_it(stack: RunningStack, double: Control) -> None:
    ample = Limits(microusd_per_day=10**9, requests_per_hour=10**6)
    environments = [one_environment(stack, double, ample) for _ in range(20)]
    double.fail(Fault(kind=Kind.STATUS, status=503, times=None))

    def call(gateway: Gateway, number: int) -> Callable[[], Any]:
        return lambda: gateway.call(Capability.TRANSLATE, "openai", request(number), tenant="circuits")

    for number, gateway in enumerate(environments[: BreakerPolicy().threshold]):
        with pytest.raises(TransientError):
            call(gateway, number)()
    refused = at_once([call(gateway, number) for number, gateway in enumerate(environments)])

    assert {type(result) for result in refused} == {CircuitOpenError}
    assert double.counts()["calls"] == BreakerPolicy().threshold

    double.reset()
    circuits = DynamoDBCircuitStore(stack.client("dynamodb"), stack.outputs["GatewayTable"])
    cooled = SystemClock().now() - BreakerPolicy().cool_down
    circuits.add_failure(Capability.TRANSLATE, "openai", "TransientError", cooled, None)
    for expected in range(1, BreakerPolicy().good_probes_to_close + 1):
        probes = at_once([call(gateway, 100 * expected + n) for n, gateway in enumerate(environments)])
        assert Counter(type(probe) for probe in probes)[CircuitOpenError] == len(environments) - 1
        assert double.counts()["calls"] == expected

    assert circuits.read(Capability.TRANSLATE, "openai").failures == 0
    closed = at_once([call(gateway, 900 + n) for n, gateway in enumerate(environments)])
    assert not any(isinstance(result, (BudgetExceededError, CircuitOpenError)) for result in closed)
