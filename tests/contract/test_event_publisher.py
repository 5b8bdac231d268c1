"""Whoever publishes events: in memory, or on a bus of EventBridge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws

from intake.errors import ConfigurationError, TransientError
from intake.events import Event, EventPublisher, InputCompleted, happened
from intake.storage.event_bus import EventBridge
from tests.fakes.events import MemoryEvents

BUS = "intake-events"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def completed(input_id: str = "inp_1", tenant: str = "acme") -> Event:
    data = InputCompleted(
        input_id=input_id,
        status="completed",
        spoken=False,
        source_language="es",
        target_language="en",
        cost_microusd=12,
        degraded=False,
        cache="miss",
        duration_ms=850.0,
    )
    return happened(data, tenant=tenant, at=AT)


@dataclass(frozen=True)
class Published:
    publisher: EventPublisher
    received: Callable[[], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


def on_eventbridge() -> Published:
    """Publish to a bus that takes what EventBridge would; that rules deliver it is for tests of the whole stack."""
    client: Any = boto3.client("events")
    client.create_event_bus(Name=BUS)
    sent: list[dict[str, Any]] = []

    def keep(params: dict[str, Any], **_more: Any) -> None:
        sent.extend(json.loads(params["body"])["Entries"])

    client.meta.events.register("before-call.events.PutEvents", keep)

    def received() -> list[dict[str, Any]]:
        details = [json.loads(entry["Detail"]) for entry in sent]
        assert {(entry["EventBusName"], entry["Source"]) for entry in sent} == {(BUS, "intake")}
        assert [entry["DetailType"] for entry in sent] == [detail["type"] for detail in details]
        return details

    return Published(EventBridge(client, BUS), received)


@pytest.fixture(params=["memory", "eventbridge"])
def bus(request: pytest.FixtureRequest) -> Iterator[Published]:
    if request.param == "memory":
        events = MemoryEvents()
        yield Published(events, lambda: [json.loads(event.model_dump_json()) for event in events.published])
        return
    with mock_aws():
        yield on_eventbridge()


def test_an_event_arrives_as_it_is_documented(bus: Published) -> None:
    event = completed()

    bus.publisher.publish(event)

    assert bus.received() == [
        {
            "id": event.id,
            "type": "input.completed",
            "version": 1,
            "tenant": "acme",
            "occurred_at": "2026-11-20T09:30:00.000Z",
            "data": {
                "input_id": "inp_1",
                "status": "completed",
                "spoken": False,
                "source_language": "es",
                "target_language": "en",
                "cost_microusd": 12,
                "degraded": False,
                "cache": "miss",
                "duration_ms": 850.0,
            },
        }
    ]


def test_a_happening_announced_twice_has_one_id_and_another_has_another(bus: Published) -> None:
    for event in (completed(), completed(), completed("inp_2"), completed(tenant="other")):
        bus.publisher.publish(event)

    ids = [event["id"] for event in bus.received()]
    assert len(ids) == 4
    assert len(set(ids)) == 3


def test_a_bus_that_is_not_there_is_a_fault_of_the_set_up() -> None:
    with mock_aws():
        client: Any = boto3.client("events")
        with pytest.raises(ConfigurationError, match="ResourceNotFoundException"):
            EventBridge(client, BUS).publish(completed())


def test_a_bus_that_is_not_reached_may_be_reached_soon() -> None:
    # Port 9, "discard": nothing listens there.
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    client: Any = boto3.client("events", endpoint_url="http://127.0.0.1:9", config=config)

    with pytest.raises(TransientError):
        EventBridge(client, BUS).publish(completed())


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InternalFailure", TransientError),
        ("ThrottlingException", TransientError),
        ("AccessDeniedException", ConfigurationError),
        ("ResourceNotFoundException", ConfigurationError),
    ],
)
def test_an_event_that_is_not_taken_is_no_silent_loss(code: str, error: type[Exception]) -> None:
    client: Any = boto3.client("events")
    with Stubber(client) as stub:
        stub.add_client_error("put_events", code)
        with pytest.raises(error, match=code):
            EventBridge(client, BUS).publish(completed())

        # EventBridge answers 200 also where it refuses an entry.
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": [{"ErrorCode": code}]})
        with pytest.raises(error, match=code):
            EventBridge(client, BUS).publish(completed())


def test_a_missing_setting_is_told_by_its_name() -> None:
    client: Any = boto3.client("events")

    with pytest.raises(ConfigurationError, match="EVENT_BUS"):
        EventBridge(client, "")
