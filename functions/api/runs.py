"""An input on its way from a request through the input machine to the answer that its caller gets."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response

from answers import below, json_answer
from dependencies import Services, media_type, read_json
from intake.analytics.cache_use import reuse_of
from intake.errors import IntakeError, tried_in_vain
from intake.ids import new_id
from intake.inputs import reuse
from intake.inputs.acceptance import InputRequest, accept_text
from intake.inputs.model import Input, InputError, Status
from intake.inputs.presentation import as_public
from intake.inputs.recording import RecordFailureCommand, record_failure
from intake.machines import LONGEST_EXPRESS_RUN, RunStatus
from intake.observability import logger
from problems import FailedRunError, title_of
from recordings import accept_recording, read_recording


async def process(request: Request, tenant: str, services: Services) -> Response:
    """Accept what a request brings, and answer with what came of it.

    An identical text of the same tenant is answered from the result cache, without a run and without a charge.

    Raises
    ------
    UnsupportedInputError
        The request is at fault; each field is named.
    FailedRunError
        The machine ended without a result; all that is known is on the input.
    TransientError
        The machine could not be started.
    """
    record = reuse.of_this_edition(await _accepted(request, tenant, services), services.memory)
    if record.fingerprint is not None:
        known = reuse.recall(tenant, record.fingerprint, services.results)
        if known is not None:
            _count_reuse(known, tenant, services)
            return json_answer(known)
    is_async = prefers_async(request)
    if not is_async:
        record = record.model_copy(update={"run_ends_by": services.clock.now() + LONGEST_EXPRESS_RUN})
    services.inputs.create(record)
    try:
        return _start(record, services) if is_async else _run(record, services)
    except FailedRunError:
        raise
    except IntakeError as error:
        # Nothing will ever work on it, and it must not look as if.
        failure = InputError(error=type(error).__name__, detail=error.detail, failed_at=services.clock.now())
        services.inputs.fail(tenant, record.id, failure)
        raise


def _count_reuse(answer: dict[str, Any], tenant: str, services: Services) -> None:
    """Count an answer that no run will tell of: at times a write, which its caller waits for but never fails by."""
    now = services.clock.now()
    row, counts = reuse_of(answer, now)
    try:
        services.cache_use.add(tenant, row, counts, now)
    except Exception as error:  # noqa: BLE001 - a figure is lost, the answer must not be
        logger.error("reuse not counted", error=type(error).__name__)


def prefers_async(request: Request) -> bool:
    """Say whether the caller would rather not wait (RFC 7240)."""
    preferences = ",".join(request.headers.getlist("prefer"))
    return any(part.strip().lower() == "respond-async" for part in preferences.replace(";", ",").split(","))


async def _accepted(request: Request, tenant: str, services: Services) -> Input:
    now = services.clock.now()
    input_id = new_id("inp", now)
    if media_type(request) != "multipart/form-data":
        body = await read_json(request, InputRequest)
        return accept_text(body, tenant=tenant, input_id=input_id, now=now)
    return accept_recording(
        await read_recording(request),
        tenant=tenant,
        input_id=input_id,
        now=now,
        objects=services.objects,
        bucket=services.settings.audio_bucket,
    )


def _run(record: Input, services: Services) -> Response:
    """Run the Express machine; 202 where it takes longer than a caller can wait, for it goes on."""
    run = services.machines.run(services.settings.input_express_arn, record.id, _command(record))
    if run.status is RunStatus.RUNNING:
        return _to_be_continued(record)
    ended = services.inputs.get(record.tenant, record.id)
    if ended.status is Status.COMPLETED:
        return json_answer(as_public(ended))
    error = run.error or "States.TaskFailed"
    if ended.status is not Status.FAILED:
        # The run was cut off before it could record anything: nobody else will.
        ended = closed(ended, error, services)
    raise _failed(ended, error)


def closed(record: Input, error: str, services: Services) -> Input:
    """End an input whose run has ended without a word, tell it, and return the input as it then is."""
    command = RecordFailureCommand(tenant=record.tenant, input_id=record.id, error=error)
    record_failure(command, inputs=services.inputs, events=services.events, clock=services.clock)
    return services.inputs.get(record.tenant, record.id)


def _start(record: Input, services: Services) -> Response:
    """Start the Standard machine, and say where the result will be."""
    services.machines.start(services.settings.input_standard_arn, record.id, _command(record))
    answer = _to_be_continued(record)
    answer.headers["preference-applied"] = "respond-async"
    return answer


def _command(record: Input) -> dict[str, JsonValue]:
    return {"tenant": record.tenant, "input_id": record.id, "has_audio": record.audio is not None}


def _to_be_continued(record: Input) -> Response:
    location = below("inputs", record.id) | {"retry-after": "1"}
    return json_answer({"id": record.id, "status": record.status.value}, 202, location)


def _failed(record: Input, error: str) -> FailedRunError:
    failure = record.failure
    if failure is None:
        return FailedRunError(
            "The input could not be processed. Send it again; if that fails too, tell the operator the request id.",
            error=error,
            input_id=record.id,
        )
    return FailedRunError(
        failure.detail,
        error=failure.error,
        input_id=record.id,
        errors=failure.errors,
        failures=[
            tried_in_vain(attempt.provider, attempt.detail or title_of(attempt.error)) for attempt in failure.failures
        ],
    )
