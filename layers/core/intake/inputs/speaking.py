"""Speech out: a text spoken by the first provider that can, one call each, within the time that the API has."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.errors import (
    BudgetExceededError,
    FieldError,
    IntakeError,
    ProviderError,
    ProviderRefusedError,
    ProvidersUnavailableError,
    UnsupportedInputError,
    tried_in_vain,
)
from intake.gateway.outcome import Choice, Outcome, Route
from intake.inputs.acceptance import ApiRequest, PreferencesRequest, raise_for, text_problems
from intake.inputs.languages import LANGUAGES, parse_tag
from intake.inputs.model import Preferences
from intake.inputs.planning import Router, preference
from intake.inputs.ports import Caller
from intake.inputs.repository import InputRepository
from intake.providers.ports import Capability, Need, Speech, SpeechRequest

MAX_CHARACTERS = 1_000
"""About a minute of speech. Every provider takes it, and answers well within the API's time."""
MAX_AUDIO_BYTES = 4_300_000
"""A function's answer may have 6 MB, in base64."""
LATEST_START_MS = 13_000
"""After so long no other provider is asked: a call may take twice its 6 s, and the API gives up at 29."""


_Failed = tuple[str, IntakeError]
"""A provider, and what came of asking it."""


class Format(StrEnum):
    """A kind of sound file."""

    MP3 = "mp3"
    WAV = "wav"

    @property
    def media_type(self) -> str:
        return {"mp3": "audio/mpeg", "wav": "audio/wav"}[self.value]


class SpeechCommand(ApiRequest):
    """The body of ``POST /v1/speech``."""

    text: str = Field(repr=False, examples=["Your claim was received. We will call you tomorrow."])
    language: str = Field(max_length=35, examples=["en", "es-MX"], description="BCP 47; the language of the text.")
    voice: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="A provider's own name of a voice; who lacks it is passed.",
    )
    format: Format | None = Field(default=None, description="Where it is left out, as the provider makes it.")
    preferences: PreferencesRequest = Field(default_factory=PreferencesRequest)
    input_id: str | None = Field(
        default=None,
        pattern="^inp_[0-9a-z]{1,40}$",
        description="The input that this answers: the sound is kept for a repetition, and erased with it.",
    )
    reusable: bool = Field(
        default=False,
        description="The text is about no person, a greeting say: its sound may be kept without an input.",
    )


class Spoken(BaseModel):
    """A sound, who made it, and how it came to be that provider."""

    model_config = ConfigDict(frozen=True)

    speech: Speech
    provider: str
    model: str
    attempts: int
    cost_microusd: int
    cache: str
    notice: str | None
    """What was not as usual, in words; None where the first choice spoke."""

    def as_public(self) -> dict[str, Any]:
        """Return what is told beside the sound."""
        return {
            "media_type": self.speech.media_type,
            "duration_seconds": self.speech.duration_seconds,
            "provider": self.provider,
            "model": self.model,
            "attempts": self.attempts,
            "cost_microusd": self.cost_microusd,
            "cache": self.cache,
            "degraded": self.notice is not None,
            "notice": self.notice,
        }


class SpeakingGateway(Caller, Router, Protocol):
    """The gateway: chooses providers, and asks them."""


def speak(
    command: SpeechCommand, *, tenant: str, gateway: SpeakingGateway, inputs: InputRepository, clock: Clock
) -> Spoken:
    """Speak a text.

    The sound holds a person's words as the text does. It is kept for a repetition only where it can be erased again,
    with an input that is named, or where nothing in it is a person's.

    Raises
    ------
    UnsupportedInputError
        A field is at fault: the text, its language, or a voice that nobody has.
    NotFoundError
        The input that is named does not exist, or is erased.
    ProvidersUnavailableError, BudgetExceededError
        No provider spoke; each is named with its reason.
    """
    text, language = command.text.strip(), _language(command)
    media_type = command.format.media_type if command.format else None
    route = _routed(gateway, command, Need(target_language=language, size=len(text), media_type=media_type), tenant)
    request = SpeechRequest(text=text, language=language, voice=command.voice, media_type=media_type)
    claim = partial(inputs.claim, tenant, command.input_id) if command.input_id else None
    started = clock.monotonic_ms()
    failed: list[_Failed] = []
    for choice in route.providers:
        if failed and clock.monotonic_ms() - started > LATEST_START_MS:
            break
        try:
            outcome = gateway.call(
                Capability.SYNTHESIZE,
                choice.provider,
                request,
                tenant=tenant,
                claim=claim,
                may_keep=command.reusable or claim is not None,
            )
        except (ProviderError, UnsupportedInputError) as error:
            failed.append((choice.provider, error))
        else:
            return _spoken(outcome, route, failed)
    raise _conclusion(command, failed)


def _language(command: SpeechCommand) -> str:
    """Return the canonical tag of the language; every field at fault is named at once."""
    tag = parse_tag(command.language)
    problems = text_problems(command.text.strip(), "text", most=MAX_CHARACTERS)
    if tag is None:
        known = ", ".join(sorted(LANGUAGES))
        problems.append(
            FieldError(field="language", message=f"Unknown language. Send a BCP 47 tag of one of: {known}.")
        )
    raise_for(problems)
    return str(tag)


def _routed(gateway: SpeakingGateway, command: SpeechCommand, need: Need, tenant: str) -> Route:
    wanted = preference(Preferences.model_validate(command.preferences.model_dump()))
    try:
        return gateway.route(Capability.SYNTHESIZE, need, tenant=tenant, preference=wanted)
    except UnsupportedInputError as problem:
        raise UnsupportedInputError(
            f"language: {problem.detail}", errors=(FieldError(field="language", message=problem.detail),)
        ) from problem


def _spoken(outcome: Outcome[Speech], route: Route, failed: list[_Failed]) -> Spoken:
    if len(outcome.value.audio) > MAX_AUDIO_BYTES:
        message = "Its sound is larger than an answer can be. Send the text in parts, or ask for the format mp3."
        raise UnsupportedInputError(f"text: {message}", errors=(FieldError(field="text", message=message),))
    causes = [*_missed(route.missed), *(_why_not(provider, error) for provider, error in failed)]
    notice = f"The text was spoken by {outcome.provider}, because {' and '.join(causes)}." if causes else None
    return Spoken(
        speech=outcome.value,
        provider=outcome.provider,
        model=outcome.model,
        attempts=len(failed) + 1,
        cost_microusd=outcome.cost_microusd,
        cache=outcome.cache.value,
        notice=notice,
    )


def _missed(choices: tuple[Choice, ...]) -> list[str]:
    return [f"{choice.provider} was passed over ({choice.reason})" for choice in choices]


def _why_not(provider: str, error: IntakeError) -> str:
    return tried_in_vain(provider, error.detail).rstrip(".")


def _conclusion(command: SpeechCommand, failed: list[_Failed]) -> IntakeError:
    reasons = "; ".join(_why_not(provider, error) for provider, error in failed)
    errors = [error for _provider, error in failed]
    if command.voice and all(isinstance(error, ProviderRefusedError | UnsupportedInputError) for error in errors):
        message = f"No provider speaks with this voice ({reasons}). Leave it out, or name one that a provider has."
        return UnsupportedInputError(f"voice: {message}", errors=(FieldError(field="voice", message=message),))
    if all(isinstance(error, UnsupportedInputError) for error in errors):
        return UnsupportedInputError(f"text: {reasons}.", errors=(FieldError(field="text", message=f"{reasons}."),))
    if all(isinstance(error, BudgetExceededError) for error in errors):
        return BudgetExceededError(f"The budget of every provider that could speak this is used up ({reasons}).")
    return ProvidersUnavailableError(f"No provider could speak this ({reasons}). Try again in a few minutes.")
