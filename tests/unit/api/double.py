"""The API as Lambda runs it, over fakes: events of API Gateway in, answers out."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

from pydantic import JsonValue

from intake.gateway.announcement import Announcer
from intake.gateway.breaker import CircuitBreaker
from intake.gateway.budget import Budget, Limits
from intake.gateway.cache import Cache
from intake.gateway.gateway import Gateway
from intake.gateway.jobs import Jobs
from intake.gateway.prices import PriceList
from intake.inputs.model import Completion, Input, InputError, Stage
from intake.inputs.results import (
    Assessment,
    Detection,
    Intent,
    IntentLabel,
    Quality,
    QualityLevel,
    Sanitization,
    TranslationResult,
    Urgency,
)
from intake.inputs.reuse import remember
from intake.machines import Run, RunStatus
from intake.providers.credentials import Credentials
from intake.providers.ports import AnyProvider
from intake.settings import Settings
from tests.doubles.callbacks import SECRET
from tests.fakes.analytics import MemoryCacheUse
from tests.fakes.batches import MemoryBatches
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments, MemoryVectorStore
from tests.fakes.erasures import MemoryErasures
from tests.fakes.events import MemoryEvents
from tests.fakes.experiments import MemoryExperiments
from tests.fakes.feedback import MemoryFeedback, MemoryOfTranslations
from tests.fakes.gateway_stores import InMemoryCacheStore, InMemoryCircuitStore, InMemoryLedger
from tests.fakes.inputs import MemoryInputs, MemoryResults
from tests.fakes.jobs import MemoryJobs, MemoryTasks, ScriptedService
from tests.fakes.objects import MemoryObjects
from tests.fakes.phrases import MemoryPhrases, MemoryWarmUps
from tests.fakes.subscriptions import MemoryTickets

ROOT = Path(__file__).resolve().parents[3]
TENANT = "acme"


@dataclass(frozen=True)
class Form:
    """A presigned form."""

    url: str
    fields: dict[str, str]


class FakeSigner:
    """Signs nothing, and says where to post."""

    def sign(self, bucket: str, key: str, *, content_type: str, max_bytes: int) -> Form:
        return Form(f"https://{bucket}.example/", {"key": key, "Content-Type": content_type})


@dataclass
class FakeMachines:
    """Runs no machine, but what a test puts in its place; ``runs`` and ``starts`` are the commands it was given."""

    on_run: Callable[[Mapping[str, JsonValue]], Run] = field(default=lambda command: Run(RunStatus.SUCCEEDED))
    on_start: Callable[[Mapping[str, JsonValue]], object] = field(default=lambda command: None)
    runs: list[dict[str, JsonValue]] = field(default_factory=list)
    starts: list[dict[str, JsonValue]] = field(default_factory=list)

    def run(self, machine: str, name: str, command: Mapping[str, JsonValue]) -> Run:
        assert machine == "arn:express"
        self.runs.append(dict(command))
        return self.on_run(command)

    def start(self, machine: str, name: str, command: Mapping[str, JsonValue]) -> None:
        assert machine in ("arn:standard", "arn:warm-cache", "arn:erasure")
        self.starts.append(dict(command))
        self.on_start(command)


@dataclass
class FakeServices:
    """`intake.runtime.Services` over fakes."""

    clock: FakeClock = field(default_factory=FakeClock)
    machines: FakeMachines = field(default_factory=FakeMachines)
    results: MemoryResults = field(default_factory=MemoryResults)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    cache_use: MemoryCacheUse = field(default_factory=MemoryCacheUse)
    phrases: MemoryPhrases = field(default_factory=MemoryPhrases)
    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    vectors: MemoryVectorStore = field(default_factory=MemoryVectorStore)
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    tickets: MemoryTickets = field(default_factory=MemoryTickets)
    uploads: FakeSigner = field(default_factory=FakeSigner)
    providers: tuple[AnyProvider, ...] = ()
    settings: Settings = field(
        default_factory=lambda: Settings.model_validate(
            {
                "INPUT_EXPRESS_ARN": "arn:express",
                "INPUT_STANDARD_ARN": "arn:standard",
                "WARM_CACHE_ARN": "arn:warm-cache",
                "ERASURE_ARN": "arn:erasure",
                "AUDIO_BUCKET": "audio",
                "DOCUMENTS_BUCKET": "documents",
                "WEBSOCKET_URL": "wss://ws.example/v1",
                "ELEVENLABS_WEBHOOK_SECRET": SECRET,
            }
        )
    )
    lines: InMemoryCacheStore = field(default_factory=InMemoryCacheStore)
    circuits: InMemoryCircuitStore = field(default_factory=InMemoryCircuitStore)
    transcriber: ScriptedService = field(default_factory=ScriptedService)
    waiting_tasks: MemoryTasks = field(default_factory=MemoryTasks)

    def __post_init__(self) -> None:
        self.inputs = MemoryInputs(self.clock)
        self.batches = MemoryBatches(self.clock)
        self.erasures = MemoryErasures(self.inputs)
        self.feedback = MemoryFeedback(self.inputs)
        self.memory = MemoryOfTranslations(self.clock)
        self.statistics = self.feedback.statistics
        self.experiments = MemoryExperiments()
        self.breaker = CircuitBreaker(self.circuits, self.clock, Announcer(lambda: self.events))
        self.warm_ups = MemoryWarmUps(self.clock)
        self.budget = Budget(InMemoryLedger(), self.clock, Limits(microusd_per_day=5_000_000, requests_per_hour=100))
        self.jobs = Jobs(
            [self.transcriber],
            store=MemoryJobs(),
            breaker=self.breaker,
            budget=self.budget,
            prices=PriceList(),
            clock=self.clock,
            patience_seconds=600,
        )

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.settings)

    @property
    def gateway(self) -> Gateway:
        return Gateway(
            self.providers,
            cache=Cache(self.lines, self.clock),
            breaker=self.breaker,
            budget=self.budget,
            prices=PriceList(),
            clock=self.clock,
            mode=self.settings.provider_mode,
            stage=self.settings.stage,
        )

    def finish(self, command: Mapping[str, JsonValue]) -> Run:
        """Do what the input machine would: keep a result of every stage, and remember the answer."""
        tenant, input_id = str(command["tenant"]), str(command["input_id"])
        detection = Detection(language="es", confidence=0.98, declared=False)
        translation = TranslationResult(provider="apertium", attempts=1, text="Hello, I have a claim.")
        self.inputs.keep(tenant, input_id, Stage.DETECT_LANGUAGE, detection)
        self.inputs.keep(tenant, input_id, Stage.TRANSLATE, translation)
        self.inputs.keep(
            tenant, input_id, Stage.SANITIZE, Sanitization(provider="rules", attempts=1, text="Hello, I have a claim.")
        )
        quality = Quality(
            score=0.95, level=QualityLevel.EXCELLENT, components={"numbers": 1.0}, requires_human_review=False
        )
        intent = Intent(label=IntentLabel.CLAIM, urgency=Urgency.NORMAL, confidence=0.9)
        self.inputs.keep(tenant, input_id, Stage.ASSESS, Assessment(quality=quality, intent=intent))
        done = Completion(
            completed_at=self.clock.now(),
            cache="miss",
            degraded=False,
            notice=None,
            cost_microusd=0,
            timings_ms={"total": 12.0},
        )
        self.inputs.keep(tenant, input_id, Stage.RECORD, done)
        remember(self.inputs.get(tenant, input_id), self.results, now=self.clock.now())
        return Run(RunStatus.SUCCEEDED)

    def fail(self, command: Mapping[str, JsonValue], error: InputError) -> Run:
        """Do what the input machine would on its way to ``Fail``."""
        self.inputs.fail(str(command["tenant"]), str(command["input_id"]), error)
        return Run(RunStatus.FAILED, error.error)

    def stored(self, input_id: str, tenant: str = TENANT) -> Input:
        return self.inputs.get(tenant, input_id)

    def age(self) -> timedelta:
        """Let some time pass, so that ids and dates differ."""
        self.clock.advance(seconds=1)
        return timedelta(seconds=1)


@dataclass(frozen=True)
class Answer:
    """What Lambda returns to API Gateway, read."""

    status: int
    headers: dict[str, str]
    text: str
    content: bytes = b""
    """Of an answer that is no text."""

    @property
    def body(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.text)
        return content


@dataclass
class LambdaContext:
    """What the runtime passes to a handler."""

    function_name: str = "ApiFunction"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:123456789012:function:ApiFunction"
    aws_request_id: str = "b1946ac9-0000-4000-8000-000000000000"


def resolved(path: str, answer: Answer) -> str:
    """Return the path that a client finds ``Location`` to mean, as RFC 3986 tells: the same below any base address."""
    base = "https://api.example/stage/prefix"
    found = urljoin(base + path, answer.headers["location"])
    assert found.startswith(base), found
    return found.removeprefix(base)


class Api:
    """Calls the handler as API Gateway would after its authorizer."""

    def __init__(self, handler: Callable[[dict[str, Any], Any], dict[str, Any]]) -> None:
        self._handler = handler

    def call(
        self,
        method: str,
        path: str,
        *,
        json_body: object = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, object] | None = None,
        role: str | None = "operator",
        tenant: str = TENANT,
    ) -> Answer:
        if json_body is not None:
            body = json.dumps(json_body).encode()
            headers = {"content-type": "application/json", **(headers or {})}
        event = event_of(method, path, body, headers or {}, query or {})
        if role is not None:
            proved = {"tenant": tenant, "role": role, "key_id": "key_1"}
            event["requestContext"]["authorizer"] = {"lambda": proved}
        answer = self._handler(event, LambdaContext())
        if answer["isBase64Encoded"]:
            content = base64.b64decode(answer["body"])
            return Answer(answer["statusCode"], answer["headers"], "", content)
        return Answer(answer["statusCode"], answer["headers"], answer["body"])


def event_of(
    method: str, path: str, body: bytes | None, headers: Mapping[str, str], query: Mapping[str, object]
) -> dict[str, Any]:
    """Make an event of payload format 2.0 from the sample; a body that is no text comes in base64, as there."""
    event: dict[str, Any] = json.loads((ROOT / "events" / "ApiFunction.json").read_text())
    event["requestContext"].pop("authorizer")
    event["rawPath"] = event["requestContext"]["http"]["path"] = path
    event["requestContext"]["http"]["method"] = method
    event["rawQueryString"] = urlencode(query)
    event["headers"] = {"host": "api.example", **{name.lower(): value for name, value in headers.items()}}
    event.pop("body", None)
    event["isBase64Encoded"] = False
    if body is not None:
        event["body"] = base64.b64encode(body).decode()
        event["isBase64Encoded"] = True
    return event
