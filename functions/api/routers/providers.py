"""``/v1/providers``: which services and engines can be called at this moment, and an operator's hold on one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Admin, Provided, Reader, Services, read_json

if TYPE_CHECKING:
    from intake.providers.ports import AnyProvider

router = APIRouter(prefix="/v1/providers", tags=["providers"])


@router.get("")
async def list_providers(principal: Reader, provided: Provided) -> Response:
    """Show every provider: its kind, its circuit, a hold, what keeps it from being called, and the budget left."""
    settings = provided.settings
    items = _states(provided.providers, principal.tenant, provided)
    return json_answer({"mode": settings.provider_mode.value, "stage": settings.stage.value, "items": items})


@router.post("/{name}/hold")
async def hold_provider(request: Request, principal: Admin, provided: Provided) -> Response:
    """Switch a provider off for every tenant until it is resumed; each environment knows it within a second.

    Routing passes it over with the reason, and a run that meets it goes on to the next provider. One that is held
    already keeps since when, and gets the new reason.
    """
    from intake.gateway.holds import HoldRequest, hold

    asked = await read_json(request, HoldRequest)
    name = request.path_params["name"]
    held = hold(name, asked, by=principal.key_id, providers=provided.providers, breaker=provided.breaker)
    return json_answer({"items": _states(held, principal.tenant, provided)})


@router.post("/{name}/resume")
async def resume_provider(request: Request, principal: Admin, provided: Provided) -> Response:
    """End a hold; what is not held stays as it is. The body may be left out."""
    from intake.gateway.holds import ResumeRequest, resume

    asked = await read_json(request, ResumeRequest) if await request.body() else ResumeRequest()
    name = request.path_params["name"]
    resumed = resume(name, asked, by=principal.key_id, providers=provided.providers, breaker=provided.breaker)
    return json_answer({"items": _states(resumed, principal.tenant, provided)})


def _states(providers: Iterable[AnyProvider], tenant: str, services: Services) -> list[dict[str, Any]]:
    from intake.gateway.overview import overview

    return overview(
        providers,
        tenant=tenant,
        breaker=services.breaker,
        budget=services.budget,
        mode=services.settings.provider_mode,
        stage=services.settings.stage,
        clock=services.clock,
    )
