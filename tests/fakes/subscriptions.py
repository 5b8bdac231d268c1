"""Subscriptions, connections and tickets in memory; the stores are under the same contract tests as the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intake.errors import TransientError
from intake.subscriptions.ports import ConnectionGoneError
from intake.tenancy.tickets import Ticket


@dataclass
class MemorySubscriptions:
    """`SubscriptionStore` in a dictionary."""

    sequences: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    topics_of: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def add(self, tenant: str, connection: str, topic: str) -> None:
        self.topics_of.setdefault((tenant, connection), {})[topic] = None

    def remove(self, tenant: str, connection: str, topic: str) -> None:
        self.topics_of.get((tenant, connection), {}).pop(topic, None)
        self.sequences.get((tenant, connection), {}).pop(topic, None)

    def topics(self, tenant: str, connection: str) -> tuple[str, ...]:
        return tuple(self.topics_of.get((tenant, connection), {}))

    def subscribers(self, tenant: str, topic: str) -> tuple[str, ...]:
        return tuple(
            connection for (owner, connection), topics in self.topics_of.items() if owner == tenant and topic in topics
        )

    def seen(self, tenant: str, connection: str, thing_id: str) -> int:
        return self.sequences.get((tenant, connection), {}).get(thing_id, 0)

    def set_seen(self, tenant: str, connection: str, thing_id: str, sequence: int) -> None:
        self.sequences.setdefault((tenant, connection), {})[thing_id] = sequence

    def advance_seen(self, tenant: str, connection: str, thing_id: str, sequence: int) -> None:
        self.set_seen(tenant, connection, thing_id, max(sequence, self.seen(tenant, connection, thing_id)))

    def forget(self, tenant: str, connection: str) -> None:
        self.topics_of.pop((tenant, connection), None)
        self.sequences.pop((tenant, connection), None)


@dataclass
class MemoryConnections:
    """`Connections` that keep what was sent; some are gone, some fail for the moment."""

    sent: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)

    def post(self, connection: str, message: Mapping[str, Any]) -> None:
        if connection in self.gone:
            raise ConnectionGoneError(connection)
        if connection in self.failing:
            raise TransientError("API Gateway answered LimitExceededException.")
        self.sent.setdefault(connection, []).append(dict(message))

    def entries(self, connection: str, thing_id: str) -> list[int]:
        """Return the numbers of the entries that a connection was sent of a thing, as they came."""
        return [
            entry["sequence"]
            for message in self.sent.get(connection, [])
            if message["type"] == "progress" and message["id"] == thing_id
            for entry in message["entries"]
        ]


@dataclass
class MemoryTickets:
    """`TicketStore` in a dictionary."""

    tickets: dict[tuple[str, str], Ticket] = field(default_factory=dict)

    def add(self, ticket: Ticket) -> None:
        self.tickets[ticket.tenant, ticket.ticket_hash] = ticket

    def take(self, tenant: str, ticket_hash: str) -> Ticket | None:
        return self.tickets.pop((tenant, ticket_hash), None)
