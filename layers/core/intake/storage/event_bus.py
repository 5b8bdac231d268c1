"""Events on a bus of Amazon EventBridge, where rules take them to whoever subscribes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from intake.errors import ConfigurationError, TransientError
from intake.events import Event

SOURCE = "intake"

_SET_UP_WRONGLY = {"AccessDeniedException", "ResourceNotFoundException", "ValidationException"}


class EventsClient(Protocol):
    """What is used of boto3's client of EventBridge."""

    def put_events(self, *, Entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:  # noqa: N803
        """Put events on their buses; an entry that was not taken is named in the answer."""
        ...


class EventBridge:
    """`EventPublisher` on one bus of EventBridge."""

    def __init__(self, client: EventsClient, bus: str) -> None:
        if not bus:
            raise ConfigurationError("No event bus is set: EVENT_BUS names it.")
        self._client = client
        self._bus = bus

    def publish(self, event: Event) -> None:
        """Put one event on the bus.

        Raises
        ------
        TransientError
            EventBridge did not take it.
        ConfigurationError
            There is no such bus, or this function may not use it.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        entry = {
            "EventBusName": self._bus,
            "Source": SOURCE,
            "DetailType": event.type,
            "Time": event.occurred_at,
            "Detail": event.model_dump_json(),
        }
        try:
            answer = self._client.put_events(Entries=[entry])
        except ClientError as error:
            raise _failure(error.response.get("Error", {}).get("Code", "unknown")) from error
        except BotoCoreError as error:
            raise TransientError(f"EventBridge did not answer: {type(error).__name__}.") from error
        if answer.get("FailedEntryCount", 0):
            raise _failure(answer["Entries"][0].get("ErrorCode", "unknown"))


@cache
def event_bridge() -> EventsClient:
    """Return the client of EventBridge: one retry, for a connection that went stale; the machine has its own."""
    import boto3
    from botocore.config import Config

    client: EventsClient = boto3.client(
        "events",
        config=Config(
            connect_timeout=2,
            read_timeout=5,
            retries={"total_max_attempts": 2, "mode": "standard"},
            parameter_validation=False,
        ),
    )
    return client


def _failure(code: str) -> TransientError | ConfigurationError:
    if code in _SET_UP_WRONGLY:
        return ConfigurationError(f"The event bus cannot be used: EventBridge answered {code}.")
    return TransientError(f"EventBridge answered {code}.")
