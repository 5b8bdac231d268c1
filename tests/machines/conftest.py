"""The real machines with the real handlers on the embedded AWS, and doubles on the wire where providers would be."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from intake.clock import SystemClock
from intake.gateway.budget import Budget, Limits
from intake.gateway.circuit import BreakerPolicy
from intake.providers.ports import Capability
from intake.storage.circuits import DynamoDBCircuitStore
from intake.storage.ledger import DynamoDBLedger
from tests.doubles import amazon_server, elevenlabs_server
from tests.doubles.callbacks import SECRET
from tests.doubles.control import Control
from tests.doubles.openai_server import running
from tests.support.stack import RunningStack, running_stack

OPENAI_KEY = "sk-openai"
FLASH_KEY = "flash-key"
SECOND_PASS_DELAY_SECONDS = 4
"""Of an erasure: longer than a run that a test erases, and no longer than a test may wait."""
DAILY_LIMIT = Limits(microusd_per_day=5_000_000, requests_per_hour=1_000)


@dataclass
class Machines:
    """A stack in the mode ``real``, and doubles: of OpenAI, which is Flash too, of ElevenLabs and of Amazon."""

    stack: RunningStack
    double: Control
    elevenlabs: Control
    amazon: Control

    def post(self, text: str, **more: Any) -> Any:
        return self.stack.api.post("/v1/inputs", json={"text": text, "source_language": "es", **more})

    def calls(self, key: str) -> int:
        count: int = self.double.counts()["by_key"].get(key, 0)
        return count

    @property
    def circuits(self) -> DynamoDBCircuitStore:
        return DynamoDBCircuitStore(self.stack.client("dynamodb"), self.stack.outputs["GatewayTable"])

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Count what providers do, for as long as the context lasts.

        Else nothing is counted: the failures that one test orders would change the routes of the next.
        """
        events, rule = self.stack.client("events"), self._measurement
        events.enable_rule(**rule)
        try:
            yield
        finally:
            events.disable_rule(**rule)

    def stop_measuring(self) -> None:
        """Leave routes to their priors."""
        self.stack.client("events").disable_rule(**self._measurement)

    @property
    def _measurement(self) -> dict[str, str]:
        bus = self.stack.outputs["EventBus"]
        rules = self.stack.client("events").list_rules(EventBusName=bus)["Rules"]
        return {"Name": next(rule["Name"] for rule in rules if "Measure" in rule["Name"]), "EventBusName": bus}

    @property
    def budget(self) -> Budget:
        ledger = DynamoDBLedger(self.stack.client("dynamodb"), self.stack.outputs["GatewayTable"])
        return Budget(ledger, SystemClock(), DAILY_LIMIT)

    def open_circuit(self, capability: Capability, provider: str) -> None:
        for _ in range(BreakerPolicy().threshold):
            self.circuits.add_failure(capability, provider, "TransientError", SystemClock().now(), None)
        # A worker trusts the last healthy row that it read for so long, which no other process can see.
        time.sleep(BreakerPolicy().memory.total_seconds())

    def close_circuits(self) -> None:
        for capability in (Capability.TRANSCRIBE, Capability.TRANSLATE, Capability.COMPLETE, Capability.EMBED):
            for provider in ("elevenlabs", "openai", "flash", "amazon_transcribe"):
                seen = self.circuits.read(capability, provider)
                if seen.failures:
                    self.circuits.forget_failures(capability, provider, seen)


@pytest.fixture(scope="session")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with running() as double, elevenlabs_server.running() as elevenlabs, amazon_server.running() as amazon:
        variables = {
            "OPENAI_API_KEY": OPENAI_KEY,
            "OPENAI_BASE_URL": double.openai_base_url,
            "FLASH_API_KEY": FLASH_KEY,
            "FLASH_BASE_URL": double.flash_base_url,
            "ELEVENLABS_API_KEY": "xi-key",
            "ELEVENLABS_BASE_URL": elevenlabs.address,
            "ELEVENLABS_WEBHOOK_SECRET": SECRET,
            "INTAKE_AWS_AI": "on",
            "AWS_ENDPOINT_URL_TRANSCRIBE": amazon.address,
            "INTAKE_CALLBACK_SECONDS": "2",
            "INTAKE_JOB_PATIENCE_SECONDS": "5",
            "INTAKE_BUDGET_REQUESTS_PER_HOUR": str(DAILY_LIMIT.requests_per_hour),
            "INTAKE_SECOND_PASS_DELAY_SECONDS": str(SECOND_PASS_DELAY_SECONDS),
        }
        with running_stack(tmp_path_factory.mktemp("machines"), "real", variables) as stack:
            machines = Machines(stack, double, elevenlabs, amazon)
            machines.stop_measuring()
            yield machines


@pytest.fixture
def machines(_running: Machines) -> Iterator[Machines]:
    """Return the running machines with every circuit closed and no failure ordered."""
    _running.double.reset()
    _running.elevenlabs.reset()
    _running.amazon.reset()
    _running.close_circuits()
    yield _running
    _running.double.clear_faults()
    _running.elevenlabs.clear_faults()
    _running.amazon.clear_faults()
