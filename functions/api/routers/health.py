"""``/health``: whether this function runs at all. Without a key, so it says nothing about tenants or providers."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from dependencies import VERSION
from intake.settings import settings

router = APIRouter(tags=["health"])


@router.get("/health")
async def health() -> Response:
    """Say that the API answers, in which version and stage."""
    return JSONResponse({"status": "ok", "version": VERSION, "stage": settings().stage.value})
