"""Tickets for the WebSocket API."""

from __future__ import annotations

import pytest

from intake.tenancy.tickets import redeem_ticket
from tests.unit.api.double import TENANT, Api, FakeServices


def test_a_ticket_has_the_rights_of_the_key_that_asked(api: Api, services: FakeServices) -> None:
    answer = api.call("POST", "/v1/websocket/tickets", role="viewer")

    assert answer.status == 200
    assert answer.body["url"] == f"wss://ws.example/v1?ticket={answer.body['ticket']}"
    assert answer.headers["cache-control"] == "no-store"
    principal = redeem_ticket(answer.body["ticket"], tickets=services.tickets, clock=services.clock)
    assert (principal.tenant, principal.role) == (TENANT, "viewer")


@pytest.mark.parametrize(("role", "status"), [("respondent", 403), (None, 401)])
def test_who_may_not_read_gets_no_ticket(api: Api, role: str | None, status: int) -> None:
    assert api.call("POST", "/v1/websocket/tickets", role=role).status == status
