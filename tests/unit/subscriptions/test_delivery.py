"""Delivery: everything, in order, to whom it belongs, and nothing lost when something fails."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import NotFoundError, TransientError
from intake.progress import Entry, Kind, numbered
from intake.subscriptions.actions import MOST_LISTENERS, MOST_SUBSCRIPTIONS, Caller, act
from intake.subscriptions.delivery import Change, Delivery
from intake.subscriptions.ports import Entries
from tests.fakes.subscriptions import MemoryConnections, MemorySubscriptions

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ENTRY = Entry(kind=Kind.STAGE_DONE, at=NOW, stage="translate")


@dataclass
class Room:
    """Things of tenants whose progress grows, and who listens to it."""

    things: dict[tuple[str, str], list[Entry]] = field(default_factory=dict)
    store: MemorySubscriptions = field(default_factory=MemorySubscriptions)
    connections: MemoryConnections = field(default_factory=MemoryConnections)

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.store, self.connections, {"input": self.progress, "document": self.progress})

    def progress(self, tenant: str, thing_id: str) -> Entries:
        if (tenant, thing_id) not in self.things:
            raise NotFoundError("There is nothing under this id.")
        return numbered(self.things[tenant, thing_id])

    def grow(self, thing_id: str = "inp_1", entries: int = 1, tenant: str = "acme") -> None:
        self.things.setdefault((tenant, thing_id), []).extend([ENTRY] * entries)

    def push(self, thing_id: str = "inp_1", tenant: str = "acme") -> None:
        kind = "input" if thing_id.startswith("inp") else "document"
        self.delivery.push([Change(tenant, kind, thing_id)])

    def ask(self, connection: str = "c1", tenant: str = "acme", **message: Any) -> dict[str, Any]:
        act(Caller(tenant, connection), json.dumps(message), self.delivery)
        return next(
            (sent for sent in reversed(self.connections.sent.get(connection, [])) if sent["type"] != "progress"), {}
        )

    def got(self, connection: str = "c1", thing_id: str = "inp_1") -> list[int]:
        return self.connections.entries(connection, thing_id)


@pytest.fixture
def room() -> Room:
    made = Room()
    made.grow(entries=2)
    return made


def test_a_subscriber_gets_what_was_and_what_comes(room: Room) -> None:
    answer = room.ask(action="subscribe", id="inp_1")
    room.grow()
    room.push()
    room.grow(entries=2)
    room.push()

    assert (answer["type"], answer["id"], answer["sequence"], answer["version"]) == ("subscribed", "inp_1", 2, 1)
    assert room.got() == [1, 2, 3, 4, 5]
    assert room.connections.sent["c1"][0]["type"] == "subscribed", "before any progress"


def test_who_comes_back_gets_what_was_missed_and_nothing_twice(room: Room) -> None:
    room.ask(action="subscribe", id="inp_1")
    room.connections.gone.add("c1")
    room.grow(entries=3)
    room.push()

    room.ask("c2", action="subscribe", id="inp_1", after=2)
    room.push()

    assert room.got("c2") == [3, 4, 5]
    assert room.store.topics("acme", "c1") == (), "the dead connection is removed"


def test_a_kind_brings_everything_of_the_tenant_from_its_beginning(room: Room) -> None:
    room.ask(action="subscribe", kind="input")
    room.grow("inp_2")
    room.push("inp_2")
    room.grow("inp_2")
    room.push("inp_2")
    room.grow("doc_1")
    room.push("doc_1")

    assert room.got(thing_id="inp_2") == [1, 2]
    assert room.got(thing_id="doc_1") == []


def test_who_listens_to_an_id_and_its_kind_is_told_once(room: Room) -> None:
    room.ask(action="subscribe", id="inp_1", after=2)
    room.ask(action="subscribe", kind="input")
    room.grow()
    room.push()

    assert room.got() == [3]


def test_tenants_never_meet(room: Room) -> None:
    refused = room.ask("c9", tenant="other", action="subscribe", id="inp_1")
    room.ask("c9", tenant="other", action="subscribe", kind="input")
    room.grow()
    room.push()

    assert (refused["type"], refused["problem"]["type"]) == ("error", "not-found")
    assert refused["problem"] == room.ask("c9", tenant="other", action="subscribe", id="inp_none")["problem"]
    assert room.got("c9") == []
    assert "inp_1" not in room.store.topics("other", "c9")


def test_who_unsubscribes_is_told_no_more(room: Room) -> None:
    room.ask(action="subscribe", id="inp_1")
    answer = room.ask(action="unsubscribe", id="inp_1")
    room.grow()
    room.push()

    assert answer["type"] == "unsubscribed"
    assert room.got() == [1, 2]


def test_a_failed_delivery_is_made_up_for_and_holds_up_nobody(room: Room) -> None:
    for connection in ("c1", "c2"):
        room.ask(connection, action="subscribe", kind="input")
    room.connections.failing.add("c1")
    room.grow("inp_2")
    changes = [Change("acme", "input", "inp_2"), Change("acme", "input", "inp_1")]

    with pytest.raises(TransientError):
        room.delivery.push(changes)
    room.connections.failing.clear()
    room.delivery.push(changes)

    assert room.got("c1", "inp_2") == room.got("c2", "inp_2") == [1]
    assert room.got("c2", "inp_1") == [1, 2]


def test_what_is_gone_since_it_was_written_is_passed_over(room: Room) -> None:
    room.ask(action="subscribe", kind="input")

    assert room.delivery.push([Change("acme", "input", "inp_gone")]) == 0


def test_a_long_history_comes_in_several_messages_in_order(room: Room) -> None:
    room.grow(entries=118)

    room.ask(action="subscribe", id="inp_1")

    assert room.got() == list(range(1, 121))
    assert len(room.connections.sent["c1"]) == 1 + 3


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"action": "subscribe"}, "id"),
        ({"action": "subscribe", "id": "inp_1", "kind": "input"}, "id"),
        ({"action": "subscribe", "kind": "secrets"}, "kind"),
        ({"action": "subscribe", "kind": ["input"]}, "kind"),
        ({"action": "subscribe", "id": "inp_1", "after": -1}, "after"),
        ({"action": "subscribe", "id": "inp_1", "after": True}, "after"),
        ({"action": "subscribe", "id": "inp_1", "after": "2"}, "after"),
        ({"action": "subscribe", "id": "inp_1", "after": 10**200}, "after"),
        ({"action": "subscribe", "kind": "input", "after": 2}, "after"),
        ({"action": "shout"}, "action"),
        ({"action": None}, "action"),
        ({"action": ["ping"]}, "action"),
        ({}, "action"),
    ],
)
def test_a_message_that_cannot_be_understood_is_answered_with_its_field(
    room: Room, message: dict[str, Any], field: str
) -> None:
    answer = room.ask(**message)

    assert answer["type"] == "error"
    assert answer["problem"]["status"] == 422
    assert [problem["field"] for problem in answer["problem"]["errors"]] == [field]


@pytest.mark.parametrize("thing_id", ["", "inp", "ses_1", "inp_1#x", "inp_" + "x" * 3000, 7, ["inp_1"], {"S": "inp_1"}])
def test_what_is_no_id_is_not_found(room: Room, thing_id: Any) -> None:
    assert room.ask(action="subscribe", id=thing_id)["problem"]["type"] == "not-found"


@pytest.mark.parametrize("body", ["", "subscribe", "[]", "null", '"ping"', "{", "\x00", "[" * 100_000])
def test_what_is_no_json_object_is_answered(room: Room, body: str) -> None:
    act(Caller("acme", "c1"), body, room.delivery)

    assert room.connections.sent["c1"][-1]["type"] == "error"


def test_an_action_that_is_none_is_not_repeated(room: Room) -> None:
    # Half of a character cannot be sent back, and a long one does not fit into a message.
    for action in ("\ud800", "x" * 100_000):
        answer = room.ask(action=action)

        assert (answer["type"], answer["action"]) == ("error", None)


def test_a_ping_is_answered(room: Room) -> None:
    assert room.ask(action="ping") == {"version": 1, "type": "pong"}


def test_a_connection_holds_so_many_subscriptions_and_no_more(room: Room) -> None:
    for number in range(MOST_SUBSCRIPTIONS + 1):
        room.grow(f"inp_{number}")
        answer = room.ask(action="subscribe", id=f"inp_{number}")

    assert answer["problem"]["status"] == 409
    assert room.ask(action="subscribe", id="inp_0")["type"] == "subscribed", "that one it holds already"


def test_so_many_listen_to_one_thing_and_no_more(room: Room) -> None:
    for number in range(MOST_LISTENERS):
        room.ask(f"c{number}", action="subscribe", kind="input")

    assert room.ask("late", action="subscribe", kind="input")["problem"]["status"] == 409
    assert room.ask("late", action="subscribe", id="inp_1")["type"] == "subscribed", "that is another topic"
    assert room.ask("c0", action="subscribe", kind="input")["type"] == "subscribed", "it listens already"
    assert room.ask("c0", tenant="other", action="subscribe", kind="input")["type"] == "subscribed"


class _Interrupted(MemoryConnections):
    """Lets another sender run in the middle of a delivery."""

    def __init__(self, at: int, meanwhile: Any) -> None:
        super().__init__()
        self._at, self._meanwhile, self._posts = at, meanwhile, 0

    def post(self, connection: str, message: Any) -> None:
        self._posts += 1
        if self._posts == self._at:
            self._meanwhile()
        super().post(connection, message)


@given(at=st.integers(1, 4), before=st.integers(1, 120), between=st.integers(0, 60))
def test_however_two_senders_meet_a_client_that_drops_repetitions_sees_everything_in_order(
    at: int, before: int, between: int
) -> None:
    room = Room()
    room.grow(entries=before)

    def meanwhile() -> None:
        room.grow(entries=between)
        room.push()

    room.connections = _Interrupted(at, meanwhile)
    room.ask(action="subscribe", id="inp_1")
    room.push()

    seen: list[int] = []
    for sequence in room.got():
        if not seen or sequence > seen[-1]:
            seen.append(sequence)
    total = len(room.things["acme", "inp_1"])
    assert seen == list(range(1, total + 1))
