"""A provider whose every call is scripted, and a gateway around such providers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from intake.gateway.announcement import Announcer
from intake.gateway.breaker import CircuitBreaker
from intake.gateway.budget import Budget, Limits
from intake.gateway.cache import Cache
from intake.gateway.circuit import BreakerPolicy
from intake.gateway.gateway import Gateway
from intake.gateway.prices import PriceList
from intake.gateway.statistics import Statistics
from intake.money import Usage
from intake.providers.ports import AnyProvider, Capability, Need, ProviderKind, Reply, Translation, TranslationRequest
from intake.settings import ProviderMode, Stage
from tests.fakes.clock import FakeClock
from tests.fakes.events import MemoryEvents
from tests.fakes.gateway_stores import InMemoryCacheStore, InMemoryCircuitStore, InMemoryLedger

AMPLE = Limits(microusd_per_day=5_000_000, requests_per_hour=100)


class ScriptedProvider:
    """Answers from a script, then with its usual answer; counts the calls that reached it."""

    def __init__(
        self,
        name: str = "openai",
        *,
        capability: Capability = Capability.TRANSLATE,
        kind: ProviderKind = ProviderKind.REMOTE,
        model: str = "gpt-5.6-luna",
        answer: Any = None,
        usage: Usage | None = None,
        obstacle: str | None = None,
        missing: str | None = None,
    ) -> None:
        self.name = name
        self.capability = capability
        self.kind = kind
        self.model = model
        self.version = "1"
        self.calls = 0
        self._answer = answer if answer is not None else Translation(text="hello")
        self._usage = usage or Usage(input_tokens=1000, output_tokens=500)
        self._script: list[Exception | Callable[[], None]] = []
        self._obstacle = obstacle
        self._missing = missing

    def will(self, *failures: Exception | Callable[[], None]) -> None:
        """Fail the next calls, one after another; a function is run before the call is answered."""
        self._script.extend(failures)

    def missing(self) -> str | None:
        return self._missing

    def obstacle(self, need: Need) -> str | None:
        return self._obstacle

    def largest_usage(self, request: object) -> Usage:
        return Usage(input_tokens=2 * self._usage.input_tokens, output_tokens=2 * self._usage.output_tokens)

    def call(self, request: object) -> Reply[Any]:
        self.calls += 1
        if self._script:
            step = self._script.pop(0)
            if isinstance(step, Exception):
                raise step
            step()
        return Reply(value=self._answer, usage=self._usage)


class GatewayBench:
    """A gateway over in-memory stores that a test can look into. Two benches may share stores, as environments do."""

    def __init__(
        self,
        providers: Iterable[AnyProvider],
        *,
        mode: ProviderMode = ProviderMode.REAL,
        stage: Stage = Stage.LOCAL,
        limits: Limits = AMPLE,
        policy: BreakerPolicy | None = None,
        clock: FakeClock | None = None,
        circuits: InMemoryCircuitStore | None = None,
        ledger: InMemoryLedger | None = None,
        lines: InMemoryCacheStore | None = None,
        statistics: Statistics | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.circuits = circuits or InMemoryCircuitStore()
        self.ledger = ledger or InMemoryLedger()
        self.lines = lines or InMemoryCacheStore()
        self.events = MemoryEvents()
        self.breaker = CircuitBreaker(self.circuits, self.clock, Announcer(lambda: self.events), policy)
        self.budget = Budget(self.ledger, self.clock, limits)
        self.gateway = Gateway(
            providers,
            cache=Cache(self.lines, self.clock),
            breaker=self.breaker,
            budget=self.budget,
            prices=PriceList(),
            clock=self.clock,
            mode=mode,
            stage=stage,
            statistics=statistics,
        )

    def translate(
        self,
        text: str = "hola",
        provider: str = "openai",
        tenant: str = "acme",
        check: Callable[[Any], None] | None = None,
        claim: Callable[[str], None] | None = None,
    ) -> Any:
        request = TranslationRequest(text=text, source_language="es", target_language="en")
        return self.gateway.call(Capability.TRANSLATE, provider, request, tenant=tenant, check=check, claim=claim)
