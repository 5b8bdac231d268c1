"""Tickets: a key's rights for one connection, for those who can set no header.

A browser opens a WebSocket with an address and nothing else, and addresses are logged everywhere. So no key goes into
one: whoever holds a key asks for a ticket, which opens one connection within a minute, and is worth nothing after that.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from intake.clock import Clock
from intake.errors import UnauthorizedError
from intake.ids import TENANT_PATTERN
from intake.tenancy.api_keys import Principal, Role

LIFETIME = timedelta(seconds=60)

_SECRET_BYTES = 32
_TICKET = re.compile(rf"wst_(?P<tenant>{TENANT_PATTERN})_[A-Za-z0-9_-]{{43}}")


@dataclass(frozen=True)
class Ticket:
    """What is kept of a ticket: whose rights it gives until when, and the SHA-256 by which it is recognised."""

    tenant: str
    ticket_hash: str
    role: Role
    key_id: str
    expires: datetime


@dataclass(frozen=True)
class IssuedTicket:
    """A new ticket. ``plain`` is not stored, and not printed with the object."""

    record: Ticket
    plain: str = field(repr=False)


class TicketStore(Protocol):
    """Where tickets wait to be used."""

    def add(self, ticket: Ticket) -> None:
        """Store a ticket."""
        ...

    def take(self, tenant: str, ticket_hash: str) -> Ticket | None:
        """Remove a ticket and return it; of two who take it at once, one gets it, and the other None."""
        ...


def issue_ticket(principal: Principal, *, tickets: TicketStore, clock: Clock) -> IssuedTicket:
    """Make a ticket with the rights of a caller."""
    plain = f"wst_{principal.tenant}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    record = Ticket(principal.tenant, _hash(plain), principal.role, principal.key_id, clock.now() + LIFETIME)
    tickets.add(record)
    return IssuedTicket(record, plain)


def redeem_ticket(plain: str, *, tickets: TicketStore, clock: Clock) -> Principal:
    """Say whose rights a ticket gives, and use it up.

    Raises
    ------
    UnauthorizedError
        The ticket is malformed, unknown, used or expired.
    """
    match = _TICKET.fullmatch(plain)
    ticket = tickets.take(match["tenant"], _hash(plain)) if match else None
    if ticket is None or ticket.expires <= clock.now():
        raise UnauthorizedError("The ticket is not valid: it opens one connection, within a minute. Ask for a new one.")
    return Principal(tenant=ticket.tenant, role=ticket.role, key_id=ticket.key_id)


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
