"""Authorizer of the WebSocket API: an API key in a header, or a ticket in the query string; tenant and role out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from intake.clock import SystemClock
from intake.errors import UnauthorizedError
from intake.observability import logger
from intake.settings import settings
from intake.tenancy.api_keys import Principal, Role
from intake.tenancy.known_keys import KnownKeys, presented_key
from intake.tenancy.tickets import TicketStore, redeem_ticket

READERS = (Role.ADMIN, Role.OPERATOR, Role.VIEWER)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Let in who may read.

    Fails closed: whoever has no valid key or ticket is refused with 403, and where a table cannot be read, the error
    ends this function and the connection is not opened.
    """
    try:
        principal = _principal(event)
    except UnauthorizedError as refusal:
        logger.info("connection refused", reason=refusal.detail)
        return _policy("Deny", event["methodArn"])
    if principal.role not in READERS:
        logger.info("connection refused", reason="the role may not read", tenant=principal.tenant)
        return _policy("Deny", event["methodArn"])
    context = {"tenant": principal.tenant, "role": principal.role.value, "key_id": principal.key_id}
    return _policy("Allow", event["methodArn"]) | {"principalId": principal.key_id, "context": context}


@cache
def known_keys() -> KnownKeys:
    """Return the keys that this environment knows, over the tenancy table."""
    from intake.storage.tenancy import DynamoApiKeys

    return KnownKeys(DynamoApiKeys(settings().tenancy_table), SystemClock())


@cache
def tickets() -> TicketStore:
    """Return the tickets that wait to be used."""
    from intake.storage.aws import dynamodb
    from intake.storage.subscriptions import DynamoDBTickets

    return DynamoDBTickets(dynamodb(), settings().connections_table)


def _principal(event: Mapping[str, Any]) -> Principal:
    # A key in the address is not looked at: it would be in the log of every proxy on the way.
    ticket = (event.get("queryStringParameters") or {}).get("ticket")
    if ticket:
        return redeem_ticket(ticket, tickets=tickets(), clock=SystemClock())
    return known_keys().authenticate(presented_key(event.get("headers") or {}))


def _policy(effect: str, resource: str) -> dict[str, Any]:
    statement = {"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}
    return {"principalId": "nobody", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
