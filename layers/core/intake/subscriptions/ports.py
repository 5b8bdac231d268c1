"""What subscriptions need from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

Entries = Sequence[Mapping[str, Any]]
"""Entries as they are shown, by their ``sequence``, which is 1 or more and grows."""

ProgressOf = Callable[[str, str], Entries]
"""All entries of one thing of a tenant, by tenant and id; raises NotFoundError where the tenant has no such thing."""

Sources = Mapping[str, ProgressOf]
"""Whose progress can be followed, by kind: ``input``, ``document``, ``batch``."""


class ConnectionGoneError(Exception):
    """Nobody is at the other end of a connection any more."""


class Connections(Protocol):
    """The way to whoever is connected."""

    def post(self, connection: str, message: Mapping[str, Any]) -> None:
        """Send one message; messages that are posted one after another arrive in this order.

        Raises
        ------
        ConnectionGoneError
            The connection is closed.
        TransientError
            The message may or may not have been sent.
        """
        ...


class SubscriptionStore(Protocol):
    """Who listens to what, by tenant and connection. No method reaches another tenant's rows.

    A topic is an id, or ``kind:`` and a kind. Everything ages away: no connection lives longer than two hours.
    """

    def add(self, tenant: str, connection: str, topic: str) -> None:
        """Subscribe a connection to a topic; again is as good as once."""
        ...

    def remove(self, tenant: str, connection: str, topic: str) -> None:
        """End a subscription, if there is one."""
        ...

    def topics(self, tenant: str, connection: str) -> tuple[str, ...]:
        """Return what a connection is subscribed to."""
        ...

    def subscribers(self, tenant: str, topic: str) -> tuple[str, ...]:
        """Return the connections that are subscribed to a topic."""
        ...

    def seen(self, tenant: str, connection: str, thing_id: str) -> int:
        """Return the number of the last entry that a connection was sent of a thing, 0 where it was sent none."""
        ...

    def set_seen(self, tenant: str, connection: str, thing_id: str, sequence: int) -> None:
        """Start a connection anew after an entry of a thing."""
        ...

    def advance_seen(self, tenant: str, connection: str, thing_id: str, sequence: int) -> None:
        """Raise the number of the last entry that was sent; a greater one stays."""
        ...

    def forget(self, tenant: str, connection: str) -> None:
        """Remove a connection with everything that is known of it."""
        ...
