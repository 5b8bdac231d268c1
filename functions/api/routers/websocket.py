"""``/v1/websocket``: the way into the WebSocket API for those who can set no header."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from answers import json_answer
from dependencies import Provided, Reader
from intake.clock import iso

router = APIRouter(prefix="/v1/websocket", tags=["websocket"])


@router.post("/tickets")
async def create_ticket(principal: Reader, provided: Provided) -> Response:
    """Get a ticket, which opens one WebSocket within a minute.

    A browser cannot send a key with a WebSocket, and a key must not be in an address. `url` is ready to be opened.
    """
    from intake.tenancy.tickets import issue_ticket

    issued = issue_ticket(principal, tickets=provided.tickets, clock=provided.clock)
    url = f"{provided.settings.websocket_url}?ticket={issued.plain}"
    answer = {"ticket": issued.plain, "expires_at": iso(issued.record.expires), "url": url}
    return json_answer(answer, headers={"cache-control": "no-store"})
