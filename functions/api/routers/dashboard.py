"""``/v1/dashboard``: figures for those who run the business."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from answers import json_answer
from dependencies import Provided, Reader

router = APIRouter(prefix="/v1/dashboard", tags=["dashboard"])


@router.get("/cache")
async def show_cache(principal: Reader, provided: Provided) -> Response:
    """Show what the cache is worth: hit rates by layer, capability and pair of languages, money and time saved."""
    from intake.analytics.cache_report import first_day, report
    from intake.clock import day_of
    from intake.phrases.warming import all_phrases

    now = provided.clock.now()
    rows = provided.cache_use.read(principal.tenant, first_day(now), day_of(now))
    languages = {phrase.language for phrase in all_phrases(principal.tenant, provided.phrases)}
    return json_answer(report(rows, phrase_languages=languages, now=now))
