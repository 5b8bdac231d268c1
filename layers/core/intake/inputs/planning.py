"""Stage Plan: which providers may do the next job, in which order, and why; or why nothing needs to be done."""

from __future__ import annotations

from typing import Literal, Protocol

from intake.clock import Clock
from intake.errors import ConflictError, FieldError, UnsupportedInputError
from intake.gateway.outcome import Route
from intake.gateway.routing import Preference
from intake.inputs.commands import StageCommand, Stopwatch
from intake.inputs.failure import rejections_recorded
from intake.inputs.languages import language_name, primary
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

    def route(
        self, capability: Capability, need: Need, *, tenant: str, preference: Preference = Preference.BALANCED
    ) -> Route:
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
    """Turn the caller's two weights into one preference: the heavier one wins, a draw is balanced."""
    cost, quality = preferences.cost or 0.0, preferences.quality or 0.0
    if cost == quality:
        return Preference.BALANCED
    return Preference.COST if cost > quality else Preference.QUALITY


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
            _need(record, capability),
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


def _need(record: Input, capability: Capability) -> Need:
    if capability is Capability.TRANSCRIBE:
        audio = record.prepare_audio
        if audio is None:
            raise ConflictError("The recording is not prepared yet.")
        language = primary(record.source_language) if record.source_language else None
        return Need(source_language=language, media_type=audio.media_type, size=audio.size)
    if capability is Capability.TRANSLATE:
        return Need(
            source_language=primary(record.source_language or ""),
            target_language=record.target_language,
            size=len(record.text or ""),
        )
    return Need(source_language=record.target_language, size=len(record.english or ""))
