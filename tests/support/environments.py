"""Gateways as execution environments have them: memory of their own, the table shared; one also as a process."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from intake.clock import SystemClock
from intake.gateway.announcement import Announcer
from intake.gateway.breaker import CircuitBreaker
from intake.gateway.budget import Budget, Limits
from intake.gateway.cache import Cache
from intake.gateway.gateway import Gateway
from intake.gateway.prices import PriceList
from intake.providers.ports import AnyProvider, Capability, TranslationRequest
from intake.providers.remote import remote_providers
from intake.settings import ProviderMode, Settings, Stage
from intake.storage.cache import DynamoDBCacheStore
from intake.storage.circuits import DynamoDBCircuitStore
from intake.storage.ledger import DynamoDBLedger
from tests.fakes.events import MemoryEvents
from tests.support.stack import RunningStack, aws_client


def environment(client: Any, table: str, openai_base_url: str, limits: Limits) -> Gateway:
    """Return the gateway of one more environment in this process."""
    clock = SystemClock()
    return Gateway(
        remote(openai_base_url),
        cache=Cache(DynamoDBCacheStore(client, table), clock),
        breaker=CircuitBreaker(DynamoDBCircuitStore(client, table), clock, Announcer(MemoryEvents)),
        budget=Budget(DynamoDBLedger(client, table), clock, limits),
        prices=PriceList(),
        clock=clock,
        mode=ProviderMode.REAL,
        stage=Stage.LOCAL,
    )


def remote(openai_base_url: str) -> tuple[AnyProvider, ...]:
    """Return the remote providers of every environment."""
    settings = Settings.model_validate({"OPENAI_API_KEY": "sk-load", "OPENAI_BASE_URL": openai_base_url})
    return remote_providers(settings)


def request(number: int) -> TranslationRequest:
    """Return one of many requests of the same size."""
    return TranslationRequest(text=f"Caso {number:03}", source_language="es", target_language="en")


def start_caller(stack: RunningStack, openai_base_url: str, tenant: str, limits: Limits) -> subprocess.Popen[bytes]:
    """Start a process that makes one call; a test may kill it."""
    arguments = [
        stack.endpoints["aws_endpoint_url"],
        stack.outputs["GatewayTable"],
        openai_base_url,
        tenant,
        limits.model_dump_json(),
    ]
    return subprocess.Popen([sys.executable, "-m", "tests.support.environments", *arguments])


if __name__ == "__main__":
    endpoint, table, base_url, tenant, limits = sys.argv[1:]
    gateway = environment(aws_client("dynamodb", endpoint), table, base_url, Limits.model_validate_json(limits))
    gateway.call(Capability.TRANSLATE, "openai", request(1), tenant=tenant)
