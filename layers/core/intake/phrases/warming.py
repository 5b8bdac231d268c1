"""The stages of a warm-up: which phrases, one phrase, the end; and the beginning of those that tenants have daily.

A phrase is translated exactly as an input with these words would be, by the provider that such an input would ask
first, so that the input finds the answer in the tenant's cache.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock, day_of
from intake.errors import (
    ConflictError,
    NotFoundError,
    ProviderRefusedError,
    ProvidersUnavailableError,
    UnsupportedInputError,
    reported_detail,
)
from intake.ids import derived_id, new_id
from intake.inputs.languages import language_name
from intake.machines import MachineRunner
from intake.phrases.common import common_phrases
from intake.phrases.model import LIFE, Phrase, PhraseOutcome, PhraseResult, Schedule, WarmUp
from intake.phrases.ports import PhraseRepository, Translator, WarmUpRepository
from intake.providers.ports import Capability, Need, Translation, TranslationRequest

BUDGET_SHARE = 0.5
"""Of a tenant's budget for a provider: what a warm-up leaves for those who are waiting for an answer."""


class WarmUpCommand(BaseModel):
    """One warm-up of one tenant."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: str = Field(min_length=2)
    warm_up_id: str = Field(min_length=1)


class PhraseCommand(WarmUpCommand):
    """One phrase of a warm-up, and the provider that is to translate it."""

    phrase_id: str = Field(min_length=1)
    provider: str = Field(min_length=1)


class WarmUpFailureCommand(WarmUpCommand):
    """What went wrong: with one phrase, or with the whole warm-up where no phrase is named."""

    phrase_id: str | None = None
    provider: str | None = None
    error: str = "States.Unknown"
    cause: str = ""


def all_phrases(tenant: str, phrases: PhraseRepository) -> tuple[Phrase, ...]:
    """Return the common phrases and the tenant's own."""
    return (*common_phrases(), *phrases.own(tenant))


def begin(
    tenant: str,
    languages: tuple[str, ...],
    target_language: str,
    *,
    machine: str,
    warm_ups: WarmUpRepository,
    machines: MachineRunner,
    clock: Clock,
) -> WarmUp:
    """Begin a warm-up that somebody asked for.

    Raises
    ------
    ConflictError
        One of the tenant is running already.
    """
    now = clock.now()
    warm_up = WarmUp(
        tenant=tenant,
        id=new_id("wrm", now),
        created_at=now,
        expires_at=now + LIFE,
        languages=languages,
        target_language=target_language,
    )
    warm_ups.begin(warm_up)
    try:
        _start(warm_up, machine, machines)
    except Exception:
        # Nobody will ever work on it, and the next one must not wait for it.
        warm_ups.end(tenant, warm_up.id, clock.now(), "It could not be started.")
        raise
    return warm_up


def begin_scheduled(
    *, machine: str, phrases: PhraseRepository, warm_ups: WarmUpRepository, machines: MachineRunner, clock: Clock
) -> dict[str, Any]:
    """Begin today's warm-up of every tenant that wants one; run again, it begins none twice.

    Returns
    -------
    dict
        ``{"begun", "passed_over"}``: how many tenants; one whose warm-up is still running is passed over.
    """
    begun = passed_over = 0
    for schedule in phrases.enabled_schedules():
        warm_up = _of_today(schedule, clock)
        try:
            warm_ups.begin(warm_up)
        except ConflictError:
            if not _exists(warm_up, warm_ups):
                passed_over += 1
                continue
        # Under a name that was used a machine does not start again.
        _start(warm_up, machine, machines)
        begun += 1
    return {"begun": begun, "passed_over": passed_over}


def plan_warm_up(
    command: WarmUpCommand,
    *,
    gateway: Translator,
    phrases: PhraseRepository,
    warm_ups: WarmUpRepository,
) -> dict[str, Any]:
    """Choose the phrases and, for each language, the provider; keep why a language cannot be warmed here.

    Returns
    -------
    dict
        ``{"phrases": [{"phrase_id", "provider"}]}``: those to be worked on, never their words.
    """
    warm_up = warm_ups.get(command.tenant, command.warm_up_id)
    chosen = _chosen(warm_up, all_phrases(command.tenant, phrases))
    planned = set(warm_ups.plan(command.tenant, command.warm_up_id, [phrase.id for phrase in chosen]))
    work: list[dict[str, str]] = []
    for language in dict.fromkeys(phrase.language for phrase in chosen):
        of_language = [phrase for phrase in chosen if phrase.language == language and phrase.id in planned]
        provider, obstacle = _provider(warm_up, of_language, gateway)
        if provider is not None:
            work += [{"phrase_id": phrase.id, "provider": provider} for phrase in of_language]
            continue
        for phrase in of_language:
            skipped = PhraseResult(phrase_id=phrase.id, outcome=PhraseOutcome.SKIPPED, reason=obstacle)
            warm_ups.keep(command.tenant, command.warm_up_id, skipped, warm_up.expires_at)
    return {"phrases": work}


def warm_phrase(
    command: PhraseCommand,
    *,
    gateway: Translator,
    phrases: PhraseRepository,
    warm_ups: WarmUpRepository,
) -> dict[str, Any]:
    """Have one phrase in the tenant's cache, at no cost where it is there already.

    Raises
    ------
    ProviderError
        The provider gave no answer; nothing is kept, so that it can be tried again.
    """
    kept = warm_ups.result(command.tenant, command.warm_up_id, command.phrase_id)
    if kept is None:
        warm_up = warm_ups.get(command.tenant, command.warm_up_id)
        result = _warmed(command, warm_up, gateway, phrases)
        kept = warm_ups.keep(command.tenant, command.warm_up_id, result, warm_up.expires_at)
    return {"outcome": kept.outcome.value}


def finish_warm_up(command: WarmUpCommand, *, warm_ups: WarmUpRepository, clock: Clock) -> dict[str, Any]:
    """Close a warm-up, and count what came of it."""
    warm_ups.end(command.tenant, command.warm_up_id, clock.now())
    results = warm_ups.results(command.tenant, command.warm_up_id)
    return {outcome.value: sum(1 for result in results if result.outcome is outcome) for outcome in PhraseOutcome}


def record_warm_up_failure(
    command: WarmUpFailureCommand, *, warm_ups: WarmUpRepository, clock: Clock
) -> dict[str, Any]:
    """Keep why a phrase was not warmed; without a phrase, close the warm-up as failed."""
    words = reported_detail(command.error, command.cause) or "Something went wrong."
    if command.phrase_id is None:
        warm_ups.end(command.tenant, command.warm_up_id, clock.now(), words)
        return {"error": command.error}
    warm_up = warm_ups.get(command.tenant, command.warm_up_id)
    failed = PhraseResult(
        phrase_id=command.phrase_id, outcome=PhraseOutcome.FAILED, reason=words, provider=command.provider
    )
    warm_ups.keep(command.tenant, command.warm_up_id, failed, warm_up.expires_at)
    return {"error": command.error}


def _warmed(command: PhraseCommand, warm_up: WarmUp, gateway: Translator, phrases: PhraseRepository) -> PhraseResult:
    phrase = next(
        (one for one in all_phrases(command.tenant, phrases) if one.id == command.phrase_id),
        None,
    )
    if phrase is None:
        return _skipped(command, "It was taken off the list meanwhile.")
    request = TranslationRequest(
        text=phrase.text, source_language=phrase.language, target_language=warm_up.target_language
    )
    known = gateway.recall(Capability.TRANSLATE, command.provider, request, tenant=command.tenant)
    if known is not None:
        return PhraseResult(phrase_id=phrase.id, outcome=PhraseOutcome.ALREADY_WARM, provider=command.provider)
    if gateway.used_share(Capability.TRANSLATE, command.provider, tenant=command.tenant) >= BUDGET_SHARE:
        return _skipped(command, f"Half of the budget for {command.provider} is used; the rest is for inputs.")
    outcome = gateway.call(
        Capability.TRANSLATE, command.provider, request, tenant=command.tenant, check=_says_something
    )
    return PhraseResult(
        phrase_id=phrase.id,
        outcome=PhraseOutcome.WARMED,
        provider=outcome.provider,
        cost_microusd=outcome.cost_microusd,
    )


def _says_something(answer: Translation) -> None:
    if not answer.text.strip():
        raise ProviderRefusedError("The answer was refused: it is empty.")


def _skipped(command: PhraseCommand, reason: str) -> PhraseResult:
    return PhraseResult(
        phrase_id=command.phrase_id, outcome=PhraseOutcome.SKIPPED, reason=reason, provider=command.provider
    )


def _chosen(warm_up: WarmUp, phrases: Iterable[Phrase]) -> list[Phrase]:
    return [phrase for phrase in phrases if not warm_up.languages or phrase.language in warm_up.languages]


def _provider(warm_up: WarmUp, phrases: list[Phrase], gateway: Translator) -> tuple[str | None, str]:
    """Return who would be asked first to translate these phrases of one language, or why nobody can."""
    if not phrases:
        return None, ""
    language = phrases[0].language
    if language == warm_up.target_language:
        return None, f"It is in {language_name(language)} already."
    need = Need(
        source_language=language,
        target_language=warm_up.target_language,
        size=max(len(phrase.text) for phrase in phrases),
    )
    try:
        route = gateway.route(Capability.TRANSLATE, need, tenant=warm_up.tenant)
    except (UnsupportedInputError, ProvidersUnavailableError) as error:
        return None, error.detail
    return route.names[0], ""


def _of_today(schedule: Schedule, clock: Clock) -> WarmUp:
    now = clock.now()
    return WarmUp(
        tenant=schedule.tenant,
        id=derived_id("wrm", schedule.tenant, day_of(now)),
        created_at=now,
        expires_at=now + LIFE,
        languages=schedule.languages,
        target_language=schedule.target_language,
        scheduled=True,
    )


def _exists(warm_up: WarmUp, warm_ups: WarmUpRepository) -> bool:
    try:
        warm_ups.get(warm_up.tenant, warm_up.id)
    except NotFoundError:
        return False
    return True


def _start(warm_up: WarmUp, machine: str, machines: MachineRunner) -> None:
    machines.start(machine, warm_up.id, {"tenant": warm_up.tenant, "warm_up_id": warm_up.id})
