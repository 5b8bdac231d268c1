"""Stage Plan: which providers may do the next job, in which order, and why; or why nothing needs to be done."""

from __future__ import annotations

from typing import Literal, Protocol

from intake.clock import Clock
from intake.errors import ConflictError, FieldError, ProvidersUnavailableError, UnsupportedInputError
from intake.experiments.model import Experiment
from intake.gateway.outcome import Choice, Route
from intake.gateway.scoring import BALANCED, Preference
from intake.inputs.commands import StageCommand, Stopwatch
from intake.inputs.complexity import complexity
from intake.inputs.failure import rejections_recorded
from intake.inputs.languages import AUTO, language_name, primary
from intake.inputs.long_transcription import is_long_recording
from intake.inputs.memory import PROVIDER as MEMORY
from intake.inputs.memory import TranslationMemory, recalled
from intake.inputs.model import Input, Preferences
from intake.inputs.repository import InputRepository
from intake.inputs.results import Assigned, Plan
from intake.inputs.stages import BY_CAPABILITY
from intake.providers.ports import Capability, Need

_APPROVED = "an approved correction of this very text"


class Router(Protocol):
    """The gateway's way to choose providers."""

    def route(self, capability: Capability, need: Need, *, tenant: str, preference: Preference = BALANCED) -> Route:
        """Return providers in order; see `intake.gateway.gateway.Gateway.route`."""
        ...


class JobTaker(Protocol):
    """Knows who takes recordings as jobs."""

    def takes(self, provider: str, *, is_long: bool) -> bool:
        """Say whether a recording goes to a provider as a job; see `intake.gateway.jobs.Jobs.takes`."""
        ...


class Experiments(Protocol):
    """Where the active experiment of a capability is found."""

    def active(self, tenant: str, capability: Capability) -> Experiment | None:
        """Return it; see `intake.experiments.model.ExperimentRepository.active`."""
        ...


class PlanCommand(StageCommand):
    """Plan one capability for one input."""

    capability: Literal["transcribe", "translate", "complete"]
    may_wait: bool = False
    """Whether the machine can wait for a job; of the one that plans first, as plans are kept."""


def plan(
    command: PlanCommand,
    *,
    gateway: Router,
    inputs: InputRepository,
    memory: TranslationMemory,
    experiments: Experiments,
    clock: Clock,
    jobs: JobTaker | None = None,
) -> Plan:
    """Order the providers for one job of an input, and keep the reasons on it.

    Text that is in the target language already is passed on as its own translation, and the plan says so.

    Raises
    ------
    UnsupportedInputError
        No configured provider can ever do this, for example translate from this language.
    ProvidersUnavailableError
        Those that could are switched off for the moment.
    """
    watch = Stopwatch(clock)
    capability = Capability(command.capability)
    record = inputs.get(command.tenant, command.input_id)
    kept: Plan | None = getattr(record, BY_CAPABILITY[capability].plan.value)
    if kept is not None:
        return kept
    idle = _why_not_needed(record, capability)
    if idle is not None:
        made = Plan(needed=False, reason=idle, duration_ms=watch.ms())
    else:
        with rejections_recorded(inputs, command.tenant, command.input_id, clock):
            made = _chosen(record, capability, gateway, memory, experiments, may_wait=command.may_wait)
            if jobs is not None and capability is Capability.TRANSCRIBE and command.may_wait:
                made = made.model_copy(update={"by_job": _by_job(record, made, jobs)})
            made = made.model_copy(update={"duration_ms": watch.ms()})
    return inputs.keep(command.tenant, command.input_id, BY_CAPABILITY[capability].plan, made)


def preference(preferences: Preferences) -> Preference:
    """Read the caller's two weights; one that is not given beside the other is none."""
    if preferences.cost is None and preferences.quality is None:
        return BALANCED
    return Preference(cost=preferences.cost or 0.0, quality=preferences.quality or 0.0)


def need_of(record: Input, capability: Capability) -> Need:
    """Say what one job of an input needs: the same before the job is done and after it."""
    if capability is Capability.TRANSCRIBE:
        audio = record.prepare_audio
        if audio is None:
            raise ConflictError("The recording is not prepared yet.")
        language = None if record.declared_language == AUTO else primary(record.declared_language)
        return Need(source_language=language, media_type=audio.media_type, size=audio.size)
    if capability is Capability.TRANSLATE:
        source, text = primary(record.source_language or ""), record.text or ""
        return Need(
            source_language=source,
            target_language=record.target_language,
            size=len(text),
            complexity=complexity(text, source),
        )
    english = record.english or ""
    return Need(
        source_language=record.target_language,
        size=len(english),
        complexity=complexity(english, record.target_language),
    )


def _why_not_needed(record: Input, capability: Capability) -> str | None:
    if capability is Capability.TRANSCRIBE and record.audio is None:
        return "The input is written, there is nothing to write down."
    if capability is Capability.TRANSLATE and primary(record.source_language or "") == record.target_language:
        return f"The text is in {language_name(record.target_language)} already; it is passed on as it is."
    return None


def _by_job(record: Input, made: Plan, jobs: JobTaker) -> tuple[str, ...]:
    """Return the providers that the recording goes to as a job."""
    is_long = record.prepare_audio is not None and is_long_recording(record.prepare_audio)
    return tuple(name for name in (made.route.names if made.route else ()) if jobs.takes(name, is_long=is_long))


def _chosen(
    record: Input,
    capability: Capability,
    gateway: Router,
    memory: TranslationMemory,
    experiments: Experiments,
    *,
    may_wait: bool,
) -> Plan:
    """Put an approved correction of the very text before all providers, and plan with it alone if there are none."""
    if capability is not Capability.TRANSLATE or recalled(record, memory) is None:
        return _assigned(record, capability, gateway, experiments, may_wait=may_wait)
    try:
        others = _routed(record, capability, gateway, may_wait=may_wait).route
    except (UnsupportedInputError, ProvidersUnavailableError):
        others = None
    route = Route(
        providers=(Choice(provider=MEMORY, reason=_APPROVED), *(others.providers if others else ())),
        passed_over=others.passed_over if others else (),
    )
    return Plan(needed=True, reason=f"{MEMORY} first: {_APPROVED}.", route=route)


def _assigned(
    record: Input, capability: Capability, gateway: Router, experiments: Experiments, *, may_wait: bool
) -> Plan:
    """Plan as the active experiment wants it for this user, if there is one for this job."""
    need = need_of(record, capability)
    experiment = experiments.active(record.tenant, capability)
    if experiment is None or not experiment.takes(need.source_language):
        return _routed(record, capability, gateway, may_wait=may_wait)
    unit = record.context.user_id or record.context.conversation_id or record.id
    variant = experiment.variant_of(unit)
    wanted = variant.preference
    made = _routed(
        record,
        capability,
        gateway,
        Preference(cost=wanted.cost, quality=wanted.quality) if wanted else None,
        may_wait=may_wait,
    )
    by = f"experiment {experiment.name}, variant {variant.name}"
    assigned = Assigned(experiment_id=experiment.id, name=experiment.name, variant=variant.name)
    route = made.route and _with_first(made.route, variant.provider_first, by)
    return made.model_copy(
        update={"experiment": assigned, "route": route, "reason": f"By {by}: {_first_of(route) or made.reason}"}
    )


def _with_first(route: Route, provider: str | None, by: str) -> Route:
    """Put a provider before all others, if it can do the job."""
    first = [choice for choice in route.providers if choice.provider == provider]
    if not first or route.providers[0].provider == provider:
        return route
    moved = first[0].model_copy(update={"reason": f"put first by {by}; else {first[0].reason}"})
    others = [choice for choice in route.providers if choice.provider != provider]
    return route.model_copy(update={"providers": (moved, *others)})


def _first_of(route: Route | None) -> str | None:
    return f"{route.providers[0].provider} first: {route.providers[0].reason}." if route else None


def _routed(
    record: Input, capability: Capability, gateway: Router, wanted: Preference | None = None, *, may_wait: bool
) -> Plan:
    try:
        route = gateway.route(
            capability,
            need_of(record, capability).model_copy(update={"may_wait": may_wait}),
            tenant=record.tenant,
            preference=wanted or preference(record.preferences),
        )
    except UnsupportedInputError as problem:
        field = "audio" if capability is Capability.TRANSCRIBE else "source_language"
        raise UnsupportedInputError(
            problem.detail, errors=(FieldError(field=field, message=problem.detail), *problem.errors)
        ) from problem
    first = route.providers[0]
    return Plan(needed=True, reason=f"{first.provider} first: {first.reason}.", route=route)
