"""``/v1/providers``: which services and engines can be called at this moment."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from answers import json_answer
from dependencies import Provided, Reader

router = APIRouter(prefix="/v1/providers", tags=["providers"])


@router.get("")
async def list_providers(principal: Reader, provided: Provided) -> Response:
    """Show every provider: its kind, its circuit, a hold, what keeps it from being called, and the budget left."""
    from intake.gateway.overview import overview

    settings = provided.settings
    items = overview(
        provided.providers,
        tenant=principal.tenant,
        breaker=provided.breaker,
        budget=provided.budget,
        mode=settings.provider_mode,
        stage=settings.stage,
        clock=provided.clock,
    )
    return json_answer({"mode": settings.provider_mode.value, "stage": settings.stage.value, "items": items})
