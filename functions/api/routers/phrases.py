"""``/v1/phrases``: what members often say, and having it in the cache before they do."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import below, json_answer
from dependencies import Admin, Provided, Reader, identifier, read_json

router = APIRouter(prefix="/v1/phrases", tags=["phrases"])


@router.get("")
async def list_phrases(principal: Reader, provided: Provided) -> Response:
    """List the phrases that a warm-up is about: the tenant's own, and the common ones that come with Intake."""
    from intake.phrases.common import common_phrases
    from intake.phrases.presentation import as_public_phrases

    return json_answer(as_public_phrases(common_phrases(), provided.phrases.own(principal.tenant)))


@router.put("")
async def put_phrases(request: Request, principal: Admin, provided: Provided) -> Response:
    """Put a list in place of the tenant's own phrases; an empty one removes them. Personal data is refused."""
    from intake.phrases.acceptance import PhrasesRequest, accept_phrases
    from intake.phrases.presentation import as_public_phrases

    own = accept_phrases(await read_json(request, PhrasesRequest))
    provided.phrases.put_own(principal.tenant, own)
    return json_answer(as_public_phrases((), own))


@router.get("/schedule")
async def read_warm_up_schedule(principal: Reader, provided: Provided) -> Response:
    """Show whether the tenant's cache is warmed each night."""
    from intake.phrases.presentation import as_public_schedule

    return json_answer(as_public_schedule(provided.phrases.schedule(principal.tenant)))


@router.put("/schedule")
async def put_warm_up_schedule(request: Request, principal: Admin, provided: Provided) -> Response:
    """Switch the nightly warm-up of the tenant's cache on or off, for some languages or all."""
    from intake.phrases.acceptance import ScheduleRequest, accept_schedule
    from intake.phrases.presentation import as_public_schedule
    from intake.phrases.warming import all_phrases

    asked = await read_json(request, ScheduleRequest)
    schedule = accept_schedule(asked, all_phrases(principal.tenant, provided.phrases), tenant=principal.tenant)
    provided.phrases.put_schedule(schedule)
    return json_answer(as_public_schedule(schedule))


@router.post("/warm")
async def create_warm_up(request: Request, principal: Admin, provided: Provided) -> Response:
    """Begin to translate the phrases into the tenant's cache, with up to half of its budget for each provider."""
    from intake.phrases.acceptance import WarmRequest, accept_languages
    from intake.phrases.warming import all_phrases, begin

    asked = await read_json(request, WarmRequest)
    languages, target = accept_languages(asked, all_phrases(principal.tenant, provided.phrases))
    warm_up = begin(
        principal.tenant,
        languages,
        target,
        machine=provided.settings.warm_cache_arn,
        warm_ups=provided.warm_ups,
        machines=provided.machines,
        clock=provided.clock,
    )
    location = below("warm", warm_up.id) | {"retry-after": "1"}
    return json_answer({"id": warm_up.id, "status": "running"}, 202, location)


@router.get("/warm/{id}")
async def read_warm_up(request: Request, principal: Reader, provided: Provided) -> Response:
    """Show a warm-up: how far it is, and what came of it."""
    from intake.phrases.presentation import as_public_warm_up

    warm_up = provided.warm_ups.get(principal.tenant, identifier(request))
    results = provided.warm_ups.results(principal.tenant, warm_up.id)
    return json_answer(as_public_warm_up(warm_up, results, provided.clock.now()))
