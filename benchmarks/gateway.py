"""The gateway's own CPU time per call: the same calls of the same provider, bare and through the gateway."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.report import Figure
from intake.clock import SystemClock
from intake.gateway.announcement import Announcer
from intake.gateway.breaker import CircuitBreaker
from intake.gateway.budget import Budget, Limits
from intake.gateway.cache import Cache
from intake.gateway.gateway import Gateway
from intake.gateway.prices import PriceList
from intake.providers.ports import Capability, TranslationRequest
from intake.providers.remote import remote_providers
from intake.settings import ProviderMode, Settings, Stage
from tests.doubles.openai_server import running
from tests.fakes.events import MemoryEvents
from tests.fakes.gateway_stores import InMemoryCacheStore, InMemoryCircuitStore, InMemoryLedger

CALLS = 400
ROUNDS = 5
LIMIT_MS = 0.5


def measure() -> list[Figure]:
    """Measure in turn, bare and through the gateway, and compare the best rounds.

    The stores are in memory: what DynamoDB's client adds is the client's, and is measured on the running stack.
    """
    with running() as double:
        settings = Settings.model_validate(
            {"OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": double.openai_base_url, "INTAKE_PROVIDERS": "real"}
        )
        providers = remote_providers(settings)
        bare = next(p for p in providers if p.name == "openai" and p.capability is Capability.TRANSLATE)
        gateway = _gateway(providers)
        serial = iter(range(10**9))

        def request() -> TranslationRequest:
            text = f"Quiero presentar una reclamación número {next(serial)}."
            return TranslationRequest(text=text, source_language="es", target_language="en")

        def through_the_gateway() -> Any:
            return gateway.call(Capability.TRANSLATE, "openai", request(), tenant="bench")

        cached = request()
        gateway.call(Capability.TRANSLATE, "openai", cached, tenant="bench")
        rounds = [
            (
                _cpu_ms(lambda: bare.call(request())),
                _cpu_ms(through_the_gateway),
                _cpu_ms(lambda: gateway.call(Capability.TRANSLATE, "openai", cached, tenant="bench")),
            )
            for _ in range(ROUNDS)
        ]
    client = min(round_[0] for round_ in rounds)
    whole = min(round_[1] for round_ in rounds)
    hit = min(round_[2] for round_ in rounds)
    return [
        Figure("provider call alone (openai client)", client, "ms CPU"),
        Figure("the same through the gateway", whole, "ms CPU"),
        Figure("the gateway's own share of a call", whole - client, "ms CPU", LIMIT_MS),
        Figure("a call answered by the memory cache", hit, "ms CPU"),
    ]


def _gateway(providers: Any) -> Gateway:
    clock = SystemClock()
    return Gateway(
        providers,
        cache=Cache(InMemoryCacheStore(), clock),
        breaker=CircuitBreaker(InMemoryCircuitStore(), clock, Announcer(MemoryEvents)),
        budget=Budget(InMemoryLedger(), clock, Limits(microusd_per_day=10**12, requests_per_hour=10**9)),
        prices=PriceList(),
        clock=clock,
        mode=ProviderMode.REAL,
        stage=Stage.LOCAL,
    )


def _cpu_ms(call: Callable[[], Any]) -> float:
    """Return the CPU time of this thread for one call, over many; the double has a thread of its own."""
    started = time.thread_time()
    for _ in range(CALLS):
        call()
    return (time.thread_time() - started) * 1000 / CALLS
