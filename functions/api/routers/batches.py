"""``/v1/batches``: many inputs at once, as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import below, json_answer
from dependencies import (
    LinesQuery,
    PageQuery,
    Provided,
    Reader,
    Services,
    Writer,
    identifier,
    media_type,
    read_json,
    read_query,
)
from intake.errors import FieldError
from problems import PayloadTooLargeError

if TYPE_CHECKING:
    from intake.batches.model import Batch, LineEnd, Outcome

router = APIRouter(prefix="/v1/batches", tags=["batches"])

NDJSON = "application/x-ndjson"
_LINES_TYPES = (NDJSON, "application/ndjson", "application/jsonl", "application/x-jsonlines")
_FIRST_ERRORS = 10
_MOST_BYTES = 4 * 1024 * 1024
"""Of one page of lines: a function may answer with 6 MB."""


@router.post("")
async def create_batch(request: Request, principal: Writer, provided: Provided) -> Response:
    """Send many inputs at once: as JSON lines in the body, or as a file that is then posted to S3.

    Each line is the JSON of `POST /v1/inputs`, and may have a `reference` of its own. With `application/x-ndjson` (4 MB
    at most) the work begins at once; with JSON, the answer has the form by which the file (64 MB at most) is posted
    within 15 minutes, and the work begins when it arrives. 10,000 lines at most, either way. A bad line stops no other.
    """
    from intake.batches.creation import BatchRequest, announce_upload, receive
    from intake.batches.presentation import batch_summary

    bucket = provided.settings.audio_bucket
    if media_type(request) in _LINES_TYPES:
        content = await _body(request)
        batch = receive(
            content,
            tenant=principal.tenant,
            bucket=bucket,
            batches=provided.batches,
            files=provided.objects,
            clock=provided.clock,
        )
        return json_answer(batch_summary(batch), 202, below("batches", batch.id) | {"retry-after": "1"})
    announced = announce_upload(
        await read_json(request, BatchRequest, takes=f"{NDJSON}, or application/json to announce a file"),
        tenant=principal.tenant,
        bucket=bucket,
        batches=provided.batches,
        signer=provided.uploads,
        clock=provided.clock,
    )
    upload = {"url": announced.upload.url, "fields": announced.upload.fields}
    location = below("batches", announced.batch.id)
    return json_answer(batch_summary(announced.batch) | {"upload": upload}, 201, location)


@router.get("")
async def list_batches(request: Request, principal: Reader, provided: Provided) -> Response:
    """List batches, newest first; `completed` and `failed` of a batch are known here when it has ended."""
    from intake.batches.presentation import batch_summary

    asked = read_query(request, PageQuery)
    page = provided.batches.page(principal.tenant, limit=asked.limit, cursor=asked.cursor)
    return json_answer({"items": [batch_summary(batch) for batch in page.items], "next_cursor": page.cursor})


@router.get("/{id}")
async def read_batch(request: Request, principal: Reader, provided: Provided) -> Response:
    """Show a batch: its status, how many of its lines have ended, and the first ones that failed."""
    return json_answer(_public(provided.batches.get(principal.tenant, identifier(request)), provided))


@router.get("/{id}/errors")
async def read_batch_errors(request: Request, principal: Reader, provided: Provided) -> Response:
    """List the lines that failed, in the order of the file, as JSON lines: each with the fields at fault.

    `Link` has the address of the next page where there is one. Until the batch has ended, any page may get more lines.
    """
    from intake.batches.model import Outcome
    from intake.batches.presentation import named_error

    return _lines(request, principal.tenant, provided, Outcome.FAILED, named_error)


@router.get("/{id}/results")
async def read_batch_results(request: Request, principal: Reader, provided: Provided) -> Response:
    """List the results, in the order of the file, as JSON lines: each input as `GET /v1/inputs/{id}` shows it now.

    An input that was erased meanwhile has the status `erased`. `Link` has the address of the next page where there is
    one. Until the batch has ended, any page may get more lines.
    """
    from intake.batches.model import Outcome
    from intake.batches.presentation import result

    tenant, inputs = principal.tenant, provided.inputs
    return _lines(request, tenant, provided, Outcome.COMPLETED, lambda end: result(end, tenant, inputs))


@router.post("/{id}/cancel")
async def cancel_batch(request: Request, principal: Writer, provided: Provided) -> Response:
    """Take a batch back: no further line is begun, those in work are finished, and the rest is named as not done."""
    from intake.batches.ending import cancel

    batch = cancel(
        principal.tenant,
        identifier(request),
        batches=provided.batches,
        events=provided.events,
        clock=provided.clock,
    )
    return json_answer(_public(batch, provided), 200 if batch.status.is_final else 202)


async def _body(request: Request) -> bytes:
    from intake.batches.model import MAX_BODY_BYTES

    content = await request.body()
    if len(content) > MAX_BODY_BYTES:
        message = (
            f"The body has {len(content):,} bytes; {MAX_BODY_BYTES:,} are allowed. "
            "Upload the file instead: send JSON with its size, and post it by the form that you get."
        )
        raise PayloadTooLargeError(message, errors=(FieldError(field="file", message=message),))
    return content


def _public(batch: Batch, provided: Services) -> dict[str, Any]:
    from intake.batches.model import Outcome
    from intake.batches.presentation import batch_public

    tally = provided.batches.tally(batch)
    first = provided.batches.ends(batch, limit=_FIRST_ERRORS, only=Outcome.FAILED) if tally.failed else ()
    return batch_public(batch, tally, first)


def _lines(
    request: Request,
    tenant: str,
    provided: Services,
    only: Outcome,
    shown: Callable[[LineEnd], dict[str, Any]],
) -> Response:
    """Answer with a page of lines, as many as asked for and as an answer can hold."""
    asked = read_query(request, LinesQuery)
    batch = provided.batches.get(tenant, identifier(request))
    ends = provided.batches.ends(batch, after=asked.cursor, limit=asked.limit + 1, only=only)
    page, last = _filled(ends[: asked.limit], shown)
    headers = {}
    if last is not None and last != ends[-1].line:
        query = urlencode({"limit": asked.limit, "cursor": last})
        headers["link"] = f'<{request.url.path}?{query}>; rel="next"'
    return Response(page, media_type=NDJSON, headers=headers)


def _filled(ends: Iterable[LineEnd], shown: Callable[[LineEnd], dict[str, Any]]) -> tuple[bytes, int | None]:
    """Return lines that fit into one answer, one at least, and the number of the last one."""
    page, last = bytearray(), None
    for end in ends:
        line = json.dumps(shown(end), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        if last is not None and len(page) + len(line) > _MOST_BYTES:
            break
        page += line
        last = end.line
    return bytes(page), last
