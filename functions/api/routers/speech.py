"""``/v1/speech``: a text spoken."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Provided, Writer, read_json

router = APIRouter(prefix="/v1/speech", tags=["speech"])


@router.post("")
async def speak_text(request: Request, principal: Writer, provided: Provided) -> Response:
    """Speak a text of at most 1,000 characters, by the first provider that can.

    Answers with the sound itself, and who made it in `X-Intake-…` headers; with `Accept: application/json` with both in
    JSON, the sound in base64.
    """
    from intake.inputs.speaking import SpeechCommand, speak

    spoken = speak(
        await read_json(request, SpeechCommand),
        tenant=principal.tenant,
        gateway=provided.gateway,
        inputs=provided.inputs,
        clock=provided.clock,
    )
    told = spoken.as_public()
    if "application/json" in request.headers.get("accept", ""):
        return json_answer(told | {"audio": base64.b64encode(spoken.speech.audio).decode()})
    return Response(spoken.speech.audio, media_type=spoken.speech.media_type, headers=_headers(told))


def _headers(told: dict[str, Any]) -> dict[str, str]:
    """Write what is told as headers, in ASCII; what is null is left out."""
    named = {name: value for name, value in told.items() if name != "media_type" and value is not None}
    return {
        f"x-intake-{name.replace('_', '-')}": quote(
            str(value).lower() if value is True or value is False else str(value), safe=" (),.:;/'-_"
        )
        for name, value in named.items()
    }
