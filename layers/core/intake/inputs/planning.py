"""Stage Plan: which providers may do the next job, in which order, and why; or why nothing needs to be done."""

from __future__ import annotations

from typing import Literal, Protocol

from intake.clock import Clock
from intake.errors import ConflictError, FieldError, UnsupportedInputError
from intake.gateway.outcome import Route
from intake.gateway.scoring import BALANCED, Preference
from intake.inputs.commands import StageCommand, Stopwatch
from intake.inputs.complexity import complexity
from intake.inputs.failure import rejections_recorded
from intake.inputs.languages import AUTO, language_name, primary
from intake.inputs.model import Input, Preferences, Stage
from intake.inputs.repository import InputRepository
from intake.inputs.results import Plan
from intake.providers.ports import Capability, Need

_STAGES = {
    Capability.TRANSCRIBE: Stage.PLAN_TRANSCRIPTION,
    Capability.TRANSLATE: Stage.PLAN_TRANSLATION,
    Capability.COMPLETE: Stage.PLAN_SANITIZATION,
}


class Router(Protocol):
    """The gateway's way to choose providers."""

    def route(self, capability: Capability, need: Need, *, tenant: str, preference: Preference = BALANCED) -> Route:
        """Return providers in order; see `intake.gateway.gateway.Gateway.route`."""
        ...


class PlanCommand(StageCommand):
    """Plan one capability for one input."""

    capability: Literal["transcribe", "translate", "complete"]


def plan(command: PlanCommand, *, gateway: Router, inputs: InputRepository, clock: Clock) -> Plan:
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
    kept: Plan | None = getattr(record, _STAGES[capability].value)
    if kept is not None:
        return kept
    idle = _why_not_needed(record, capability)
    if idle is not None:
        made = Plan(needed=False, reason=idle, duration_ms=watch.ms())
    else:
        with rejections_recorded(inputs, command.tenant, command.input_id, clock):
            made = _routed(record, capability, gateway).model_copy(update={"duration_ms": watch.ms()})
    return inputs.keep(command.tenant, command.input_id, _STAGES[capability], made)


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


def _routed(record: Input, capability: Capability, gateway: Router) -> Plan:
    try:
        route = gateway.route(
            capability,
            need_of(record, capability),
            tenant=record.tenant,
            preference=preference(record.preferences),
        )
    except UnsupportedInputError as problem:
        field = "audio" if capability is Capability.TRANSCRIBE else "source_language"
        raise UnsupportedInputError(
            problem.detail, errors=(FieldError(field=field, message=problem.detail), *problem.errors)
        ) from problem
    first = route.providers[0]
    return Plan(needed=True, reason=f"{first.provider} first: {first.reason}.", route=route)
