"""A subscriber of the stack's events: a queue of its own behind a rule of its own, as docs/events.md tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support.stack import RunningStack
from tests.support.tenants import until


@dataclass(frozen=True)
class Subscriber:
    """Receives the events of one tenant."""

    sqs: Any
    queue_url: str

    def next(self) -> Any:
        """Wait for an event, and return it with its envelope."""
        return until(self._received, "an event")

    def waiting(self) -> Iterator[Any]:
        """Yield the events that are there, without waiting for more."""
        while (event := self._received()) is not None:
            yield event

    def _received(self) -> Any:
        received = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=1).get("Messages", [])
        for message in received:
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
            return json.loads(message["Body"])
        return None


@contextmanager
def subscriber(stack: RunningStack, tenant: str) -> Iterator[Subscriber]:
    """Subscribe to what happens to a tenant's inputs and documents."""
    events, sqs = stack.client("events"), stack.client("sqs")
    name, bus = f"subscriber-{uuid4().hex[:8]}", stack.outputs["EventBus"]
    queue_url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": ["intake"], "detail": {"tenant": [tenant]}})
    events.put_rule(Name=name, EventBusName=bus, EventPattern=pattern)
    events.put_targets(Rule=name, EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        yield Subscriber(sqs, queue_url)
    finally:
        events.remove_targets(Rule=name, EventBusName=bus, Ids=["queue"])
        events.delete_rule(Name=name, EventBusName=bus)
        sqs.delete_queue(QueueUrl=queue_url)
