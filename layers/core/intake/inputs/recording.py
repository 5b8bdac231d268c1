"""States Record and RecordFailure: the end of a run, well or badly."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from intake.clock import Clock
from intake.errors import CircuitOpenError, ConflictError, ErasedError, reported_detail
from intake.events import EventPublisher
from intake.gateway.outcome import CacheStatus
from intake.inputs.announcement import announce
from intake.inputs.commands import StageCommand, Stopwatch
from intake.inputs.failure import conclusion
from intake.inputs.model import Completion, Input, InputError, Stage, Status
from intake.inputs.ports import ResultCache
from intake.inputs.presentation import cost_microusd
from intake.inputs.repository import InputRepository
from intake.inputs.results import Failure, Plan, ProviderResult
from intake.inputs.reuse import remember

_DONE = {"transcribe": "written down", "translate": "translated", "sanitize": "cleaned"}
_TIMED = (
    Stage.PREPARE_AUDIO,
    Stage.PLAN_TRANSCRIPTION,
    Stage.TRANSCRIBE,
    Stage.DETECT_LANGUAGE,
    Stage.PLAN_TRANSLATION,
    Stage.TRANSLATE,
    Stage.PLAN_SANITIZATION,
    Stage.SANITIZE,
    Stage.ASSESS,
)


class RecordFailureCommand(BaseModel):
    """A run that ended badly: the error's class name, its cause as Lambda reports it, and the providers that failed.

    Tenant and id are missing when an upload could not even be registered.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: str | None = None
    input_id: str | None = None
    error: str = "States.Unknown"
    cause: str = ""
    failures: tuple[Failure, ...] = ()


def record(
    command: StageCommand, *, inputs: InputRepository, results: ResultCache, events: EventPublisher, clock: Clock
) -> Completion:
    """Complete one input: add up cost and time, say what was degraded, keep the answer for identical inputs, tell it.

    A run again tells it again: the run before may have ended between the record and the announcement.
    """
    watch = Stopwatch(clock)
    found = inputs.get(command.tenant, command.input_id)
    if found.record is not None:
        announce(found, events)
        return found.record
    if found.assess is None:
        raise ConflictError("The input is not assessed yet.")
    now = clock.now()
    notice = _notice(found)
    completion = Completion(
        completed_at=now,
        cache=_cache(found),
        degraded=notice is not None,
        notice=notice,
        cost_microusd=cost_microusd(found),
        timings_ms=_timings(found) | {"total": round((now - found.created_at).total_seconds() * 1000, 1)},
        duration_ms=watch.ms(),
    )
    lines = [results.line(found.fingerprint)] if found.fingerprint is not None else []
    kept = inputs.keep(command.tenant, command.input_id, Stage.RECORD, completion, lines=lines)
    completed = found.model_copy(update={"status": Status.COMPLETED, "record": kept})
    remember(completed, results, now=now)
    announce(completed, events)
    return kept


def record_failure(
    command: RecordFailureCommand, *, inputs: InputRepository, events: EventPublisher, clock: Clock
) -> dict[str, Any]:
    """Keep why a run failed, with every provider that was tried; what earlier stages found stays on the input.

    The end that stands is told: an input that was completed, and whose announcement failed, is told as completed.

    Returns
    -------
    dict
        ``{"error", "detail"}``: the class name that the caller is answered with, for the machine's ``Fail`` state.
    """
    error, detail = conclusion(command.error, reported_detail(command.error, command.cause), command.failures)
    if command.tenant is None or command.input_id is None:
        return {"error": error, "detail": detail}
    try:
        known = inputs.get(command.tenant, command.input_id).failure
    except ErasedError as erased:
        # Erased while it was worked on: nothing may be kept of it, and there is no end to be told.
        return {"error": type(erased).__name__, "detail": erased.detail}
    failure = InputError(
        error=error,
        detail=detail,
        # The stage that turned the input down knows the field; a machine passes on only class and message.
        errors=known.errors if known and known.error == error else (),
        failures=command.failures,
        failed_at=clock.now(),
    )
    inputs.fail(command.tenant, command.input_id, failure)
    announce(inputs.get(command.tenant, command.input_id), events)
    return {"error": error, "detail": detail}


def _notice(record: Input) -> str | None:
    """Say in words which jobs were not done by their first choice, or None if all were."""
    plans = record.plans()
    sentences = [
        f"The text was {_DONE[stage]} by {result.provider}, because {causes}; the result may be less good than usual."
        for stage, result in record.provider_results().items()
        if (causes := " and ".join([*_missed(plans.get(stage)), *_failed(result)]))
    ]
    return " ".join(sentences) or None


def _missed(plan: Plan | None) -> list[str]:
    route = plan.route if plan else None
    return [f"{choice.provider} was passed over ({choice.reason})" for choice in route.missed] if route else []


def _failed(result: ProviderResult) -> list[str]:
    return [_why_not(failure) for failure in result.failures]


def _why_not(failure: Failure) -> str:
    # That nothing was sent, and why, is for the caller to know; how a call failed in detail is not.
    if failure.error == CircuitOpenError.__name__ and failure.detail:
        return failure.detail.rstrip(".")
    return f"{failure.provider} failed ({failure.error})"


def _cache(record: Input) -> Any:
    statuses = [result.cache for result in record.provider_results().values()]
    hits = sum(1 for status in statuses if status is not CacheStatus.MISS)
    if not hits:
        return "miss"
    return "hit" if hits == len(statuses) else "partial"


def _timings(record: Input) -> dict[str, float]:
    """Return milliseconds by stage, and the share that providers took of them."""
    stages = {stage.value: getattr(record, stage.value) for stage in _TIMED}
    timings = {name: result.duration_ms for name, result in stages.items() if result is not None}
    providers = sum(result.provider_ms for result in record.provider_results().values())
    return timings | {"providers": round(providers, 1)}
