"""Tickets: one connection, within a minute, with the rights of the key that asked."""

from __future__ import annotations

import pytest

from intake.errors import UnauthorizedError
from intake.tenancy.api_keys import Principal, Role
from intake.tenancy.tickets import LIFETIME, issue_ticket, redeem_ticket
from tests.fakes.clock import FakeClock
from tests.fakes.subscriptions import MemoryTickets

CALLER = Principal(tenant="acme-health", role=Role.VIEWER, key_id="key_1")


def test_a_ticket_gives_the_rights_of_the_key_once() -> None:
    tickets, clock = MemoryTickets(), FakeClock()
    plain = issue_ticket(CALLER, tickets=tickets, clock=clock).plain

    assert redeem_ticket(plain, tickets=tickets, clock=clock) == CALLER
    with pytest.raises(UnauthorizedError):
        redeem_ticket(plain, tickets=tickets, clock=clock)


def test_a_ticket_expires() -> None:
    tickets, clock = MemoryTickets(), FakeClock()
    plain = issue_ticket(CALLER, tickets=tickets, clock=clock).plain
    clock.advance(seconds=LIFETIME.total_seconds())

    with pytest.raises(UnauthorizedError):
        redeem_ticket(plain, tickets=tickets, clock=clock)


def test_the_ticket_of_one_tenant_is_none_of_another_and_is_not_stored_in_plain() -> None:
    tickets, clock = MemoryTickets(), FakeClock()
    issued = issue_ticket(CALLER, tickets=tickets, clock=clock)

    with pytest.raises(UnauthorizedError):
        redeem_ticket(issued.plain.replace("acme-health", "acme"), tickets=tickets, clock=clock)
    assert issued.plain not in str(tickets.tickets)
    assert issued.plain not in repr(issued)


@pytest.mark.parametrize("ticket", ["", "wst_acme_", "ik_acme_" + "x" * 43, "wst_ACME_" + "x" * 43, "x" * 100_000])
def test_what_is_no_ticket_is_refused(ticket: str) -> None:
    with pytest.raises(UnauthorizedError):
        redeem_ticket(ticket, tickets=MemoryTickets(), clock=FakeClock())
