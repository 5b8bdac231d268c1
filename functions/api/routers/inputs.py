"""``/v1/inputs``: voice or text in, clean and assessed English out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Admin, PageQuery, Provided, Reader, Writer, identifier, read_json, read_query
from intake.observability import logger

router = APIRouter(prefix="/v1/inputs", tags=["inputs"])


@router.post("")
async def create_input(request: Request, principal: Writer, provided: Provided) -> Response:
    """Process a text or a recording.

    Answers 200 with the result; with `Prefer: respond-async`, or where it takes longer than a caller can wait, 202 with
    the address of the input, which then tells how it goes. A text that is identical to an earlier one of the same
    tenant is answered from the cache, with the earlier input's id and at no cost.
    """
    from runs import process

    return await process(request, principal.tenant, provided)


@router.post("/uploads")
async def create_upload(request: Request, principal: Writer, provided: Provided) -> Response:
    """Make an input of a long recording, and get the form by which its file is posted to S3.

    Processing starts when the file arrives. The form is valid for 15 minutes, and takes one file of this type and of at
    most 200 MB; the recording may last two hours. An input whose file has not come within an hour is shown as failed.
    """
    from intake.inputs.presentation import as_public
    from intake.inputs.uploads import UploadRequest, begin_upload

    begun = begin_upload(
        await read_json(request, UploadRequest),
        tenant=principal.tenant,
        bucket=provided.settings.audio_bucket,
        inputs=provided.inputs,
        signer=provided.uploads,
        clock=provided.clock,
    )
    upload = {"url": begun.url, "fields": begun.fields}
    return json_answer(as_public(begun.record) | {"upload": upload}, 201, {"location": f"/v1/inputs/{begun.record.id}"})


@router.get("")
async def list_inputs(request: Request, principal: Reader, provided: Provided) -> Response:
    """List inputs, newest first, without their texts."""
    from intake.inputs.presentation import as_public_summary

    asked = read_query(request, PageQuery)
    page = provided.inputs.list(principal.tenant, limit=asked.limit, cursor=asked.cursor)
    return json_answer({"items": [as_public_summary(item) for item in page.items], "next_cursor": page.cursor})


@router.get("/{id}")
async def read_input(request: Request, principal: Reader, provided: Provided) -> Response:
    """Show an input: its result, or how far it is; and why each provider was chosen or passed over."""
    from intake.inputs.presentation import as_public
    from intake.inputs.uploads import as_of

    found = provided.inputs.get(principal.tenant, identifier(request))
    if found.is_abandoned(provided.clock.now()):
        from runs import closed

        found = closed(found, "States.Timeout", provided)
    return json_answer(as_public(as_of(found, provided.clock.now())))


@router.delete("/{id}")
async def erase_input(request: Request, principal: Writer, provided: Provided) -> Response:
    """Erase an input: its texts, audio, cache lines and what was masked.

    When this is answered, the input can no longer be read; `GET /v1/erasures/{id}` says when the last trace is removed.
    """
    from erasing import erase_input as erase

    return erase(identifier(request), principal, provided)


@router.post("/{id}/reveal")
async def reveal_input(request: Request, principal: Admin, provided: Provided) -> Response:
    """Show what the placeholders of an input stand for. Who looked, and why, is logged."""
    from intake.inputs.reveal import RevealRequest, reveal

    input_id = identifier(request)
    asked = await read_json(request, RevealRequest)
    shown = reveal(principal.tenant, input_id, inputs=provided.inputs)
    logger.info(
        "masked data revealed",
        tenant=principal.tenant,
        key_id=principal.key_id,
        input_id=input_id,
        reason=asked.reason.value,
        placeholders=len(shown["placeholders"]),
    )
    return json_answer(shown, headers={"cache-control": "no-store"})
