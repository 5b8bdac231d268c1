"""A batch and its lines as clients of the HTTP API see them; the field names are a promise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from intake.batches.model import Batch, LineEnd, Tally
from intake.clock import iso
from intake.errors import NotFoundError, error_slug
from intake.inputs.presentation import as_public
from intake.inputs.repository import InputRepository

ERASED = "erased"


def batch_summary(batch: Batch) -> dict[str, Any]:
    """Return one line of a list of batches."""
    return {
        "id": batch.id,
        "status": batch.status.value,
        "filename": batch.filename,
        "size": batch.size,
        "lines": batch.lines,
        "completed": batch.completed,
        "failed": batch.failed,
        "created_at": iso(batch.created_at),
        "started_at": iso(batch.started_at) if batch.started_at else None,
        "ended_at": iso(batch.ended_at) if batch.ended_at else None,
    }


def batch_public(batch: Batch, tally: Tally, first_errors: Sequence[LineEnd]) -> dict[str, Any]:
    """Return the JSON of a batch: how far it is, and the first lines that failed."""
    done = {"completed": tally.ended - tally.failed, "failed": tally.failed}
    error = batch.error
    return batch_summary(batch) | {
        **done,
        "left": None if batch.lines is None else batch.lines - tally.ended,
        "progress": round(tally.ended / batch.lines, 4) if batch.lines else 0.0,
        "first_errors": [named_error(end) for end in first_errors],
        "error": None
        if error is None
        else {
            "type": error_slug(error.error),
            "detail": error.detail,
            "errors": [fault.model_dump(mode="json") for fault in error.errors],
        },
    }


def named_error(end: LineEnd) -> dict[str, Any]:
    """Return a line that failed: where, and which fields are at fault."""
    return {
        "line": end.line,
        "reference": end.reference,
        "input_id": end.input_id,
        "errors": [fault.model_dump(mode="json") for fault in end.errors],
    }


def result(end: LineEnd, tenant: str, inputs: InputRepository) -> dict[str, Any]:
    """Return the result of a line as its input has it now; nothing but its place, where the input was erased."""
    place = {"line": end.line, "reference": end.reference}
    try:
        return place | as_public(inputs.get(tenant, str(end.input_id)))
    except NotFoundError:
        return place | {"id": end.input_id, "status": ERASED}
