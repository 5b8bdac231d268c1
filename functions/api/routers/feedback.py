"""``/v1/inputs/{id}/feedback``: ratings and corrected translations of a result."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Admin, Provided, Reader, Writer, identifier, read_json

router = APIRouter(prefix="/v1/inputs/{id}/feedback", tags=["feedback"])


@router.post("")
async def give_feedback(request: Request, principal: Writer, provided: Provided) -> Response:
    """Rate a completed input from 1 to 5, with a comment and a corrected translation if you like.

    One per input and user, or key where no user is named; the next one replaces it. Ratings move the routes of your
    tenant. A corrected translation waits for an administrator's approval.
    """
    from intake.inputs.feedback import FeedbackRequest, as_public, give

    given = give(
        await read_json(request, FeedbackRequest),
        tenant=principal.tenant,
        input_id=identifier(request),
        key_id=principal.key_id,
        inputs=provided.inputs,
        feedback=provided.feedback,
        clock=provided.clock,
    )
    return json_answer(as_public(given))


@router.get("")
async def read_feedback(request: Request, principal: Reader, provided: Provided) -> Response:
    """Show all feedback to an input."""
    from intake.inputs.feedback import as_public

    input_id = identifier(request)
    provided.inputs.get(principal.tenant, input_id)
    return json_answer({"items": [as_public(one) for one in provided.feedback.list(principal.tenant, input_id)]})


@router.post("/approve")
async def approve_correction(request: Request, principal: Admin, provided: Provided) -> Response:
    """Have a corrected translation used for the same text from now on, in the place of any provider's."""
    from intake.inputs.feedback import ApprovalRequest, approve, as_public

    asked = await read_json(request, ApprovalRequest) if await request.body() else ApprovalRequest()
    approved = approve(
        asked,
        tenant=principal.tenant,
        input_id=identifier(request),
        inputs=provided.inputs,
        feedback=provided.feedback,
        memory_of_tenants=provided.memory,
        clock=provided.clock,
    )
    return json_answer(as_public(approved))
