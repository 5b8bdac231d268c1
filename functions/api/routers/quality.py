"""``/v1/quality``: how far a translation can be trusted, whoever made it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Reader, read_json

router = APIRouter(prefix="/v1/quality", tags=["quality"])


@router.post("")
async def judge_translation(request: Request, principal: Reader) -> Response:
    """Compare a text with its English: what is lost or added, and whether a person should look. Nothing is kept."""
    from intake.inputs.identification import identify
    from intake.inputs.judging import QualityRequest, judge

    return json_answer(judge(await read_json(request, QualityRequest), identify))
