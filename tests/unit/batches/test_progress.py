"""The progress of a batch only grows in number, tells its counts, and reaches nobody else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from intake.batches.ending import RecordFailureCommand, cancel
from intake.batches.files import source_key
from intake.batches.model import Batch
from intake.batches.progress import entries
from intake.errors import NotFoundError
from intake.subscriptions.actions import Caller, act
from intake.subscriptions.delivery import Change, Delivery
from tests.fakes.subscriptions import MemoryConnections, MemorySubscriptions
from tests.unit.batches.conftest import TENANT, Counter

LINES: list[dict[str, Any]] = [{"text": f"Tengo un reclamo por {n} dólares.", "source_language": "es"} for n in (1, 2)]


@dataclass
class Listener:
    """Somebody who listens."""

    counter: Counter
    connections: MemoryConnections = field(default_factory=MemoryConnections)
    store: MemorySubscriptions = field(default_factory=MemorySubscriptions)

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.store, self.connections, {"batch": lambda tenant, id_: told(self.counter, id_, tenant)})

    def ask(self, tenant: str = TENANT, **message: Any) -> dict[str, Any]:
        act(Caller(tenant, tenant), json.dumps(message), self.delivery)
        return self.connections.sent[tenant][0]

    def push(self, batch: Batch, times: int = 1) -> None:
        self.delivery.push([Change(TENANT, "batch", batch.id)] * times)


def told(counter: Counter, batch_id: str, tenant: str = TENANT) -> tuple[dict[str, Any], ...]:
    return entries(tenant, batch_id, batches=counter.batches, clock=counter.clock)


def last(counter: Counter, batch: Batch) -> tuple[Any, ...]:
    return tuple(told(counter, batch.id)[-1].get(name) for name in ("sequence", "kind", "lines", "completed", "failed"))


def test_it_grows_with_every_line_and_ends_behind_all_of_them(counter: Counter) -> None:
    batch = counter.prepared(*LINES, {"text": 1})
    seen = [last(counter, batch)]
    for line in (1, 2, 3):
        counter.work_on(batch, line)
        seen.append(last(counter, batch))
    counter.finish(batch)
    seen.append(last(counter, batch))

    assert seen == [
        (2, "started", 3, None, None),
        (3, "lines_done", 3, 1, 0),
        (4, "lines_done", 3, 2, 0),
        (5, "lines_done", 3, 2, 1),
        (6, "completed", 3, 2, 1),
    ]
    assert [entry["kind"] for entry in told(counter, batch.id)] == ["accepted", "started", "completed"]


def test_a_batch_that_is_cancelled_says_so(counter: Counter) -> None:
    batch = counter.prepared(*LINES)
    counter.work_on(batch, 1)
    cancel(TENANT, batch.id, batches=counter.batches, events=counter.events, clock=counter.clock)
    before = last(counter, batch)
    counter.finish(batch)

    assert (before[1], last(counter, batch)) == ("lines_done", (5, "cancelled", 2, 1, 1))


def test_a_batch_that_failed_names_its_error(counter: Counter) -> None:
    batch = counter.prepared(*LINES)
    counter.closing.record_failure(RecordFailureCommand(key=source_key(TENANT, batch.id), error="States.Timeout"))

    end = told(counter, batch.id)[-1]

    assert (end["sequence"], end["kind"], end["error"], end["failed"]) == (5, "failed", "IntakeError", 2)


def test_a_listener_gets_what_is_new_once_and_may_miss_counts_in_between(counter: Counter) -> None:
    batch, listener = counter.prepared(*LINES), Listener(counter)
    answer = listener.ask(action="subscribe", id=batch.id, after=1)
    for number in (1, 2):
        counter.work_on(batch, number)
    listener.push(batch, times=3)
    counter.finish(batch)
    listener.push(batch)

    assert (answer["type"], answer["kind"], answer["sequence"]) == ("subscribed", "batch", 2)
    assert listener.connections.entries(TENANT, batch.id) == [2, 4, 5]


def test_a_kind_brings_batches_from_their_beginning(counter: Counter) -> None:
    listener = Listener(counter)
    listener.ask(action="subscribe", kind="batch")
    batch = counter.prepared(*LINES)
    listener.push(batch)

    assert listener.connections.entries(TENANT, batch.id) == [1, 2]


def test_another_tenant_finds_nothing(counter: Counter) -> None:
    batch, listener = counter.prepared(*LINES), Listener(counter)

    refused = listener.ask(tenant="other", action="subscribe", id=batch.id)
    listener.push(batch)

    assert (refused["type"], refused["problem"]["type"]) == ("error", "not-found")
    assert listener.connections.entries("other", batch.id) == []
    with pytest.raises(NotFoundError):
        told(counter, batch.id, tenant="other")
