"""How subscribers are told: each everything, in order, and nothing lost when two senders meet.

A sender reads how far a connection has come, posts what came after, and only then writes how far it has come. So
everything up to the written number has been posted, and every sender goes on from there without a gap. Where two meet,
an entry may arrive twice, but never before one of a lower number: a client drops what is not greater than its last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake.errors import NotFoundError, TransientError
from intake.observability import logger
from intake.subscriptions import messages
from intake.subscriptions.ports import ConnectionGoneError, Connections, Entries, Sources, SubscriptionStore

KIND_PREFIX = "kind:"
ENTRIES_A_MESSAGE = 50
"""An entry has 150 to 300 bytes, and a message may have 32 KB before it costs twice."""


@dataclass(frozen=True)
class Change:
    """Something was written about a thing of a tenant."""

    tenant: str
    kind: str
    thing_id: str


@dataclass(frozen=True)
class Delivery:
    """Sends progress to connections."""

    store: SubscriptionStore
    connections: Connections
    sources: Sources

    def push(self, changes: Iterable[Change]) -> int:
        """Tell every subscriber of what changed, and return how many connections were told.

        Raises
        ------
        TransientError
            Some could not be told; the others were. Pushed again, only what is missing is sent.
        """
        told = failed = 0
        # A thing that was written several times in one batch is read once, as it is now.
        for change in dict.fromkeys(changes):
            try:
                told += self._push(change)
            except TransientError as error:
                failed += 1
                logger.warning("progress not pushed", error=type(error).__name__, kind=change.kind)
        if failed:
            raise TransientError(f"Of {failed} things, not every subscriber could be told.")
        return told

    def catch_up(self, change: Change, connection: str, entries: Entries) -> None:
        """Send a connection what it has not been sent of a thing.

        Raises
        ------
        TransientError
            A message could not be sent, or how far it came could not be written.
        """
        seen = self.store.seen(change.tenant, connection, change.thing_id)
        missed = [entry for entry in entries if entry["sequence"] > seen]
        if not missed:
            return
        try:
            for start in range(0, len(missed), ENTRIES_A_MESSAGE):
                part = missed[start : start + ENTRIES_A_MESSAGE]
                self.connections.post(connection, messages.progress(change.kind, change.thing_id, part))
        except ConnectionGoneError:
            self.store.forget(change.tenant, connection)
            return
        self.store.advance_seen(change.tenant, connection, change.thing_id, missed[-1]["sequence"])

    def _push(self, change: Change) -> int:
        topics = (change.thing_id, KIND_PREFIX + change.kind)
        found = [connection for topic in topics for connection in self.store.subscribers(change.tenant, topic)]
        if not found:
            return 0
        try:
            entries = self.sources[change.kind](change.tenant, change.thing_id)
        except NotFoundError:
            return 0  # It has expired, or was erased, since it was written.
        listeners = list(dict.fromkeys(found))
        for connection in listeners:
            self.catch_up(change, connection, entries)
        return len(listeners)
