"""Authorizer of the HTTP API: an API key in, tenant and role out (payload format 2.0, simple response)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from intake.clock import SystemClock
from intake.errors import UnauthorizedError
from intake.settings import settings
from intake.tenancy.known_keys import KnownKeys, presented_key

# The standard library's logger: on Lambda it writes JSON all the same, and every cold request waits for this import.
logger = logging.getLogger("intake.authorizer")


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Let the holder of a valid key in.

    Fails closed: a key that is missing, malformed, unknown or expired is refused, and where the table of keys cannot be
    read the error ends this function, which API Gateway answers with 500 without calling the API.
    """
    try:
        principal = known_keys().authenticate(presented_key(event.get("headers") or {}))
    except UnauthorizedError as refusal:
        request_id = event.get("requestContext", {}).get("requestId")
        logger.info("key refused", extra={"reason": refusal.detail, "request_id": request_id})
        return {"isAuthorized": False}
    return {
        "isAuthorized": True,
        "context": {"tenant": principal.tenant, "role": principal.role.value, "key_id": principal.key_id},
    }


@cache
def known_keys() -> KnownKeys:
    """Return the keys that this environment knows, over the tenancy table."""
    from intake.storage.tenancy import DynamoApiKeys

    return KnownKeys(DynamoApiKeys(settings().tenancy_table), SystemClock())
