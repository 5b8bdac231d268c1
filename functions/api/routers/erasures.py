"""``/v1/erasures``: what a user said is removed, and how far that is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Admin, Provided, Reader, identifier, read_json

router = APIRouter(prefix="/v1/erasures", tags=["erasures"])


@router.post("")
async def erase_user(request: Request, principal: Admin, provided: Provided) -> Response:
    """Erase every input that a user has sent before now: texts, audio, cache lines and what was masked.

    The user's id comes in the body, for an address of a request may be logged on its way.
    """
    from erasing import erase_inputs_of_user
    from intake.inputs.erasure import EraseUserRequest

    asked = await read_json(request, EraseUserRequest)
    return erase_inputs_of_user(asked.user_id, principal, provided)


@router.get("/{id}")
async def read_erasure(request: Request, principal: Reader, provided: Provided) -> Response:
    """Show how far an erasure is, and how much it has removed."""
    from intake.inputs.erasures import as_public

    return json_answer(as_public(provided.erasures.get(principal.tenant, identifier(request))))
