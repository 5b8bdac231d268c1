"""What a client may ask over its connection: ``subscribe``, ``unsubscribe``, ``ping``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from intake.errors import ConflictError, FieldError, IntakeError, NotFoundError, UnsupportedInputError
from intake.subscriptions import messages
from intake.subscriptions.delivery import KIND_PREFIX, Change, Delivery
from intake.subscriptions.ports import ConnectionGoneError

MOST_SUBSCRIPTIONS = 100
"""Of one connection: more are better served by subscribing to their kind."""
MOST_LISTENERS = 50
"""Of one topic of a tenant: each is told in turn, and the tenants behind it in the same stream wait for that."""
MOST_ENTRIES = 1_000_000
"""No number of an entry is greater; the table takes numbers of 38 digits."""

_KINDS = {"inp": "input", "doc": "document", "bat": "batch"}
"""Kinds by the prefix of their ids."""
_ID = re.compile(rf"(?P<prefix>{'|'.join(_KINDS)})_[0-9a-z]{{1,40}}")
_ACTIONS = ("subscribe", "unsubscribe", "ping")


@dataclass(frozen=True)
class Caller:
    """Who is connected, as the authorizer found it, and over which connection."""

    tenant: str
    connection: str


def act(caller: Caller, body: str, delivery: Delivery) -> None:
    """Do what one message asks, and answer over the connection, also where it cannot be done.

    Raises
    ------
    TransientError
        The table or the connection did not answer.
    """
    action = None
    try:
        message = _read(body)
        action = message.get("action")
        _done(caller, message, delivery)
    except (UnsupportedInputError, NotFoundError, ConflictError) as problem:
        _answer(caller, messages.error(problem, action if action in _ACTIONS else None), delivery)


def _done(caller: Caller, message: dict[str, Any], delivery: Delivery) -> None:
    match message.get("action"):
        case "subscribe":
            _subscribe(caller, message, delivery)
        case "unsubscribe":
            topic = _topic(message)
            delivery.store.remove(caller.tenant, caller.connection, topic.name)
            _answer(caller, messages.unsubscribed(topic.public), delivery)
        case "ping":
            _answer(caller, messages.pong(), delivery)
        case _:
            raise _invalid("action", f"Send one of: {', '.join(_ACTIONS)}.")


def _subscribe(caller: Caller, message: dict[str, Any], delivery: Delivery) -> None:
    topic, after = _topic(message), _after(message)
    sequence = None
    if topic.thing_id is not None:
        # Whether it is the caller's own is known before anything is stored.
        sequence = delivery.sources[topic.kind](caller.tenant, topic.thing_id)[-1]["sequence"]
    _raise_if_full(caller, topic, delivery)
    if topic.thing_id is not None:
        delivery.store.set_seen(caller.tenant, caller.connection, topic.thing_id, after)
    delivery.store.add(caller.tenant, caller.connection, topic.name)
    _answer(caller, messages.subscribed(topic.public, sequence), delivery)
    if topic.thing_id is not None:
        # Read again: what is written from now on is pushed, what was written until now is in this.
        entries = delivery.sources[topic.kind](caller.tenant, topic.thing_id)
        delivery.catch_up(Change(caller.tenant, topic.kind, topic.thing_id), caller.connection, entries)


@dataclass(frozen=True)
class _Topic:
    kind: str
    thing_id: str | None

    @property
    def name(self) -> str:
        return self.thing_id or KIND_PREFIX + self.kind

    @property
    def public(self) -> dict[str, str]:
        return {"kind": self.kind} | ({} if self.thing_id is None else {"id": self.thing_id})


def _read(body: str) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise _invalid("action", 'A message is a JSON object, such as {"action": "ping"}.')
    return message


def _topic(message: dict[str, Any]) -> _Topic:
    thing_id, kind = message.get("id"), message.get("kind")
    if (thing_id is None) == (kind is None):
        raise _invalid("id", "Send either the id of an input, a document or a batch, or a kind.")
    if kind is not None:
        if kind not in _KINDS.values():
            raise _invalid("kind", f"Send one of: {', '.join(sorted(_KINDS.values()))}.")
        return _Topic(kind, None)
    match = _ID.fullmatch(thing_id) if isinstance(thing_id, str) else None
    if match is None:
        raise NotFoundError("There is nothing under this id.")
    return _Topic(_KINDS[match["prefix"]], match[0])


def _after(message: dict[str, Any]) -> int:
    after = message.get("after", 0)
    if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= MOST_ENTRIES:
        raise _invalid("after", "Send the number of the last entry that you have, or 0 for all.")
    if after and message.get("id") is None:
        raise _invalid("after", "Entries are numbered for each id: leave it out with a kind.")
    return after


def _raise_if_full(caller: Caller, topic: _Topic, delivery: Delivery) -> None:
    held = delivery.store.topics(caller.tenant, caller.connection)
    if topic.name not in held and len(held) >= MOST_SUBSCRIPTIONS:
        raise ConflictError(
            f"A connection holds {MOST_SUBSCRIPTIONS} subscriptions. Unsubscribe from one, or subscribe to a kind."
        )
    if topic.name not in held and len(delivery.store.subscribers(caller.tenant, topic.name)) >= MOST_LISTENERS:
        raise ConflictError(
            f"{MOST_LISTENERS} connections listen to this already. Close one that is not needed, and try again."
        )


def _answer(caller: Caller, message: dict[str, Any], delivery: Delivery) -> None:
    try:
        delivery.connections.post(caller.connection, message)
    except ConnectionGoneError:
        delivery.store.forget(caller.tenant, caller.connection)


def _invalid(field: str, remedy: str) -> IntakeError:
    return UnsupportedInputError(f"{field}: {remedy}", errors=(FieldError(field=field, message=remedy),))
