"""States RegisterLine and RecordLine: a line becomes an input, and the end of the input becomes the end of the line."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from intake.batches.files import lines_key
from intake.batches.model import MAX_LINE_BYTES, Batch, LineEnd, Outcome, Status
from intake.batches.ports import BatchFiles
from intake.batches.repository import BatchRepository
from intake.clock import Clock
from intake.errors import ConflictError, ErasedError, FieldError, UnsupportedInputError
from intake.events import EventPublisher
from intake.field_errors import field_errors
from intake.ids import derived_id
from intake.inputs.acceptance import InputRequest, accept_text
from intake.inputs.memory import TranslationMemory
from intake.inputs.model import BatchPlace
from intake.inputs.model import Status as InputStatus
from intake.inputs.recording import RecordFailureCommand, record_failure
from intake.inputs.repository import InputRepository
from intake.inputs.reuse import of_this_edition

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/#-]{0,63}")
_CUT_OFF = "States.Timeout"
_MOST_FAULTS = 20
"""That are named of one line: an item of the table has 400 KB, and a line may have as many wrong fields as it likes."""


class LineRequest(InputRequest):
    """One line of a batch: the body of ``POST /v1/inputs``, with a name of the caller's own for it.

    The name is kept beside named errors, where an erasure does not reach: it has no room for words.
    """

    reference: str | None = Field(default=None, pattern=f"^{_REFERENCE.pattern}$", examples=["claim-2041"])


class LineCommand(BaseModel):
    """One line of a batch: where its bytes are."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: str
    batch_id: str
    line: int
    start: int = Field(ge=0)
    end: int


class RecordLineCommand(BaseModel):
    """A line whose input was worked on. ``run_error`` is what ended the run, empty if nothing did."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: str
    batch_id: str
    line: int
    input_id: str
    run_error: str = ""


def input_id_of(tenant: str, batch_id: str, line: int) -> str:
    """Return the id of a line's input: always the same, so that a line that is begun twice is one input."""
    return derived_id("inp", tenant, batch_id, str(line))


def register_line(
    command: LineCommand,
    *,
    bucket: str,
    batches: BatchRepository,
    files: BatchFiles,
    inputs: InputRepository,
    memory: TranslationMemory,
    clock: Clock,
) -> dict[str, Any]:
    """Make an input of a line; of a line that cannot be one, a named error.

    A text that was sent before gets an id of its own, and its stages find their answers in the gateway's cache.

    Returns
    -------
    dict
        ``{"outcome", "input_id"}``: ``registered``, ``settled`` with errors, or ``left`` because the batch takes
        no more lines.
    """
    input_id = input_id_of(command.tenant, command.batch_id, command.line)
    batch = batches.get(command.tenant, command.batch_id)
    if batch.status is not Status.PROCESSING:
        return {"outcome": "left", "input_id": input_id}
    reference = None
    try:
        raw = _raw(command, bucket, files)
        reference = reference_of(raw)
        request = _parsed(raw)
        record = accept_text(request, tenant=command.tenant, input_id=input_id, now=clock.now())
    except UnsupportedInputError as problem:
        faults = problem.errors or _whole_line(problem.detail)
        batches.settle(
            batch, LineEnd(line=command.line, outcome=Outcome.FAILED, reference=reference, errors=tuple(faults))
        )
        return {"outcome": "settled", "input_id": input_id}
    place = BatchPlace(id=batch.id, line=command.line, reference=reference)
    record = of_this_edition(record, memory).model_copy(update={"batch": place, "expires_at": batch.expires_at})
    with suppress(ConflictError):
        # Begun before: its stages keep what they have, and the machine goes on from there.
        inputs.create(record)
    return {"outcome": "registered", "input_id": input_id}


def record_line(
    command: RecordLineCommand,
    *,
    batches: BatchRepository,
    inputs: InputRepository,
    events: EventPublisher,
    clock: Clock,
) -> dict[str, Any]:
    """Record what became of a line, once; an input whose run was cut off is ended first."""
    batch = batches.get(command.tenant, command.batch_id)
    end = end_of_input(batch, command.line, command.run_error or _CUT_OFF, inputs, events, clock)
    batches.settle(batch, end)
    return {"outcome": end.outcome.value}


def end_of_input(
    batch: Batch, line: int, error: str, inputs: InputRepository, events: EventPublisher, clock: Clock
) -> LineEnd:
    """Return how a line ended by its input, ending an input that nobody works on any more with an error's name.

    Raises
    ------
    NotFoundError
        There is no input of this line, or no more.
    """
    input_id = input_id_of(batch.tenant, batch.id, line)
    try:
        record = inputs.get(batch.tenant, input_id)
    except ErasedError:
        # Its result is that there is none any more.
        return LineEnd(line=line, outcome=Outcome.COMPLETED, input_id=input_id)
    if record.status not in (InputStatus.COMPLETED, InputStatus.FAILED):
        failure = RecordFailureCommand(tenant=batch.tenant, input_id=input_id, error=error)
        record_failure(failure, inputs=inputs, events=events, clock=clock)
        record = inputs.get(batch.tenant, input_id)
    reference = record.batch.reference if record.batch else None
    if record.status is InputStatus.COMPLETED or record.failure is None:
        return LineEnd(line=line, outcome=Outcome.COMPLETED, input_id=input_id, reference=reference)
    faults = record.failure.errors or _whole_line(record.failure.detail)
    return LineEnd(line=line, outcome=Outcome.FAILED, input_id=input_id, reference=reference, errors=faults)


def reference_of(raw: bytes) -> str | None:
    """Return the caller's own name for a line, or None where it has none that can be kept."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    name = body.get("reference") if isinstance(body, dict) else None
    return name if isinstance(name, str) and _REFERENCE.fullmatch(name) else None


def _raw(command: LineCommand, bucket: str, files: BatchFiles) -> bytes:
    size = command.end - command.start
    if size > MAX_LINE_BYTES:
        message = f"The line has {size:,} bytes; {MAX_LINE_BYTES:,} are allowed. Send less at once."
        raise UnsupportedInputError(message, errors=_whole_line(message))
    return files.get_range(bucket, lines_key(command.tenant, command.batch_id), command.start, command.end)


def _parsed(raw: bytes) -> LineRequest:
    try:
        return LineRequest.model_validate_json(raw, strict=True, extra="forbid")
    except ValidationError as error:
        # Without the input: it is the caller's text.
        details = error.errors(include_input=False, include_url=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        message = "The line is not JSON. Send one JSON object a line, such as those of POST /v1/inputs."
        raise UnsupportedInputError(message, errors=_whole_line(message))
    faults = tuple(
        FieldError(field="line" if fault.field == "body" else fault.field, message=_reworded(fault))
        for fault in field_errors(details[:_MOST_FAULTS])
    )
    raise UnsupportedInputError("The line is not valid; see the fields.", errors=faults)


def _reworded(fault: FieldError) -> str:
    if fault.field != "reference":
        return fault.message
    return "Send 1 to 64 letters, digits and the signs . _ : / # -, beginning with a letter or a digit."


def _whole_line(message: str) -> tuple[FieldError, ...]:
    return (FieldError(field="line", message=message),)
