"""One contract for the table of connections and for its fakes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from intake.subscriptions.ports import SubscriptionStore
from intake.tenancy.api_keys import Role
from intake.tenancy.tickets import Ticket, TicketStore
from tests.fakes.clock import FakeClock
from tests.fakes.subscriptions import MemorySubscriptions, MemoryTickets
from tests.fakes.tables import dynamodb_table

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TICKET = Ticket(tenant="acme", ticket_hash="ab" * 32, role=Role.VIEWER, key_id="key_1", expires=NOW)


@dataclass(frozen=True)
class Stores:
    subscriptions: SubscriptionStore
    tickets: TicketStore


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    if request.param == "memory":
        yield Stores(MemorySubscriptions(), MemoryTickets())
        return
    import boto3

    from intake.storage.subscriptions import DynamoDBSubscriptions, DynamoDBTickets

    with dynamodb_table(monkeypatch, "connections") as table:
        client = boto3.client("dynamodb")
        yield Stores(DynamoDBSubscriptions(client, table, FakeClock(NOW)), DynamoDBTickets(client, table))


def test_subscribers_are_found_by_topic_and_topics_by_connection(stores: Stores) -> None:
    store = stores.subscriptions
    store.add("acme", "c1", "inp_1")
    store.add("acme", "c1", "inp_1")
    store.add("acme", "c2", "inp_1")
    store.add("acme", "c2", "kind:input")

    assert sorted(store.subscribers("acme", "inp_1")) == ["c1", "c2"]
    assert store.subscribers("acme", "kind:input") == ("c2",)
    assert sorted(store.topics("acme", "c2")) == ["inp_1", "kind:input"]


def test_another_tenant_has_none_of_them(stores: Stores) -> None:
    store = stores.subscriptions
    store.add("acme", "c1", "inp_1")
    store.set_seen("acme", "c1", "inp_1", 4)

    store.forget("other", "c1")
    store.remove("other", "c1", "inp_1")

    assert store.subscribers("other", "inp_1") == ()
    assert store.topics("other", "c1") == ()
    assert store.seen("other", "c1", "inp_1") == 0
    assert store.subscribers("acme", "inp_1") == ("c1",)


def test_a_subscription_that_is_removed_is_forgotten_with_how_far_it_came(stores: Stores) -> None:
    store = stores.subscriptions
    store.add("acme", "c1", "inp_1")
    store.set_seen("acme", "c1", "inp_1", 4)

    store.remove("acme", "c1", "inp_1")
    store.remove("acme", "c1", "inp_1")

    assert (store.subscribers("acme", "inp_1"), store.topics("acme", "c1")) == ((), ())
    assert store.seen("acme", "c1", "inp_1") == 0


def test_how_far_a_connection_came_only_rises_until_it_is_set_anew(stores: Stores) -> None:
    store = stores.subscriptions

    store.advance_seen("acme", "c1", "inp_1", 3)
    store.advance_seen("acme", "c1", "inp_1", 2)
    assert store.seen("acme", "c1", "inp_1") == 3

    store.set_seen("acme", "c1", "inp_1", 1)
    assert store.seen("acme", "c1", "inp_1") == 1


def test_a_connection_is_forgotten_whole(stores: Stores) -> None:
    store = stores.subscriptions
    for connection in ("c1", "c2"):
        store.add("acme", connection, "inp_1")
        store.add("acme", connection, "kind:document")
        store.set_seen("acme", connection, "inp_1", 2)

    store.forget("acme", "c1")

    assert store.topics("acme", "c1") == ()
    assert store.seen("acme", "c1", "inp_1") == 0
    assert store.subscribers("acme", "inp_1") == ("c2",)
    assert store.subscribers("acme", "kind:document") == ("c2",)


def test_a_ticket_is_taken_once_and_by_its_own_tenant(stores: Stores) -> None:
    stores.tickets.add(TICKET)

    assert stores.tickets.take("other", TICKET.ticket_hash) is None
    assert stores.tickets.take("acme", TICKET.ticket_hash) == TICKET
    assert stores.tickets.take("acme", TICKET.ticket_hash) is None
