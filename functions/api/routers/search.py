"""``/v1/search``: passages of a tenant's documents that answer a question."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from dependencies import Provided, Reader, read_json

router = APIRouter(prefix="/v1/search", tags=["search"])


@router.post("")
async def search_documents(request: Request, principal: Reader, provided: Provided) -> Response:
    """Find passages by words, by vectors, or by both."""
    from intake.documents.search import SearchQuery, search

    found = search(
        await read_json(request, SearchQuery),
        tenant=principal.tenant,
        vectors=provided.vectors,
        gateway=provided.gateway,
        clock=provided.clock,
    )
    return Response(found.model_dump_json(), media_type="application/json")
