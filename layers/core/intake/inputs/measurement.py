"""After the end of an input: what each of its providers did is counted, once, for the routes of those that follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from intake.analytics.cache_use import uses
from intake.clock import Clock, day_of
from intake.errors import (
    NotFoundError,
    ProviderTimeoutError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
)
from intake.experiments.model import results_row
from intake.gateway.outcome import CacheStatus
from intake.gateway.statistics import Moments, Row, StatisticsStore, Tally, pair_of
from intake.inputs.memory import PROVIDER as MEMORY
from intake.inputs.model import Input, Status
from intake.inputs.planning import need_of
from intake.inputs.repository import InputRepository
from intake.inputs.results import Assigned, Failure, ProviderResult, Transcription
from intake.inputs.stages import BY_WORK
from intake.providers.ports import Capability

AT_FAULT = frozenset(
    {kind.__name__ for kind in (TransientError, RateLimitedError, ProviderTimeoutError, QuotaExhaustedError)}
    | {"States.Timeout", "Sandbox.Timedout", "Runtime.ExitError", "Lambda.Unknown"}
)
"""Errors that tell against a provider, as for its circuit, and the ends of a function that it took with it.

A refusal lies in what was asked or in a key, a full budget is the tenant's, and an open circuit was never called.
"""


class _Data(BaseModel):
    input_id: str


class _Detail(BaseModel):
    tenant: str
    data: _Data


class MeasureCommand(BaseModel):
    """The event of an input's end, as EventBridge brings it; only whose it is matters."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    detail: _Detail


class Observation(NamedTuple):
    """One thing that one provider did."""

    capability: Capability
    provider: str
    tally: Tally


def measure(
    command: MeasureCommand, *, inputs: InputRepository, statistics: StatisticsStore, clock: Clock
) -> dict[str, Any]:
    """Count what providers and cache did for one input. A second delivery of its event counts nothing.

    Returns
    -------
    dict
        ``{"outcome"}``: ``counted``, ``counted_before``, or ``gone`` where the input was erased meanwhile.

    Raises
    ------
    TransientError
        The counters could not be written; the event is delivered again.
    """
    tenant, input_id = command.detail.tenant, command.detail.data.input_id
    try:
        record = inputs.get(tenant, input_id)
    except NotFoundError:
        return {"outcome": "gone"}
    is_first = statistics.add_once(tenant, input_id, _additions(record), clock.now(), cache_use=dict(uses(record)))
    return {"outcome": "counted" if is_first else "counted_before"}


def observations(record: Input) -> Iterator[Observation]:
    """Yield what each provider of an input did; a cached answer says nothing about its provider."""
    for stage, result in record.provider_results().items():
        capability = BY_WORK[stage].capability
        yield from _failed(capability, result.failures)
        if result.provider not in (None, MEMORY) and result.cache is CacheStatus.MISS:
            yield Observation(capability, result.provider, Tally.success(_comparable_ms(result)))
    unfinished = _unfinished(record)
    if record.status is Status.FAILED and record.failure is not None and unfinished is not None:
        yield from _failed(unfinished, record.failure.failures)


def _comparable_ms(result: ProviderResult) -> float:
    """Return the time of an answer; of a long recording, the time for a minute of it, which is a request's limit."""
    minutes = result.duration_seconds / 60 if isinstance(result, Transcription) else 1.0
    return result.provider_ms / max(1.0, minutes)


def _failed(capability: Capability, failures: tuple[Failure, ...]) -> Iterator[Observation]:
    for failure in failures:
        if failure.error in AT_FAULT:
            yield Observation(capability, failure.provider, Tally.failure(failure.error))


def _unfinished(record: Input) -> Capability | None:
    """Return what was asked last and never answered: a machine forgets the failures of a stage that was."""
    results: Mapping[str, ProviderResult] = record.provider_results()
    waiting = [stage for stage, plan in record.plans().items() if plan.needed and stage not in results]
    return BY_WORK[waiting[-1]].capability if waiting else None


def _additions(record: Input) -> dict[Row, dict[str, Tally]]:
    end = record.record.completed_at if record.record else None
    ended = end or (record.failure.failed_at if record.failure else record.created_at)
    additions: dict[Row, dict[str, Tally]] = {}
    for capability, provider, tally in observations(record):
        row = Row(None, capability, pair_of(need_of(record, capability)), day_of(ended))
        tallies = additions.setdefault(row, {})
        tallies[provider] = tallies.get(provider, Tally()).plus(tally)
    for stage, plan in record.plans().items():
        if plan.experiment is not None:
            row = experiment_row(record, stage, plan.experiment)
            additions[row] = {plan.experiment.variant: _of_variant(record, stage)}
    return additions


def experiment_row(record: Input, stage: str, assigned: Assigned) -> Row:
    """Return where the experiment counts that a stage of an input took part in."""
    return results_row(record.tenant, BY_WORK[stage].capability, assigned.experiment_id)


def _of_variant(record: Input, stage: str) -> Tally:
    """Return what one input says of its variant: whether it was completed, and its figures, if it was."""
    result = record.provider_results().get(stage)
    if record.status is not Status.COMPLETED or result is None:
        return Tally(errors={"failed": 1})
    measures = {"cost_microusd": Moments.of(result.cost_microusd)}
    if result.cache is CacheStatus.MISS:
        measures["latency_ms"] = Moments.of(result.duration_ms)
    score = record.assess.quality.score if record.assess else None
    if score is not None:
        measures["quality"] = Moments.of(score)
    return Tally(successes=1, measures=measures)
