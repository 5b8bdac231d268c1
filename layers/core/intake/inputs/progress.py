"""The progress of an input: which entry each of its writes adds.

The entry is written with the result that it tells of, in one update, so it costs no write of its own and no result is
without one. Only a call that failed is noted by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from intake.inputs import stages
from intake.inputs.model import Completion, Input, InputError, Stage
from intake.inputs.results import Plan, ProviderResult, StageResult
from intake.progress import Entry, Kind


def entries(record: Input) -> tuple[Entry, ...]:
    """Return everything that has happened to an input, from its acceptance on."""
    return Entry(kind=Kind.ACCEPTED, at=record.created_at), *record.progress


def of_result(stage: Stage, result: StageResult, at: datetime) -> Entry:
    """Return the entry that a stage's result adds."""
    if isinstance(result, Completion):
        return Entry(kind=Kind.COMPLETED, at=at, degraded=result.degraded)
    if isinstance(result, Plan):
        return _of_plan(stages.BY_PLAN[stage].work, result, at)
    return Entry(
        kind=Kind.STAGE_DONE,
        at=at,
        stage=stage.value,
        began_at=at - timedelta(milliseconds=result.duration_ms),
        duration_ms=result.duration_ms,
        provider=result.provider if isinstance(result, ProviderResult) else None,
    )


def of_failure(failure: InputError) -> Entry:
    """Return the entry that the end of a failed run adds."""
    return Entry(kind=Kind.FAILED, at=failure.failed_at, error=failure.error)


def _of_plan(work: Stage, plan: Plan, at: datetime) -> Entry:
    if plan.route is None:
        return Entry(kind=Kind.SKIPPED, at=at, stage=work.value)
    names = plan.route.names
    return Entry(kind=Kind.PROVIDER_CHOSEN, at=at, stage=work.value, provider=names[0], providers=tuple(names))
