"""How a stage asks a provider, and what is known of a call that failed: whether it is tried again, and who is next.

The state machine retries by the error's class. The stage decides what the machine cannot know: whether another try is
worth its price, and whether the budget pays for it. Where not, it ends with a class that no machine retries, and the
next provider is asked at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake.clock import Clock
from intake.errors import NotRetriedError, ProviderError, ProviderTimeoutError, TransientError
from intake.gateway.outcome import Outcome
from intake.inputs import stages
from intake.inputs.commands import ProviderCommand
from intake.inputs.failure import charges_noted
from intake.inputs.ports import Caller
from intake.inputs.repository import InputRepository
from intake.observability import logger
from intake.progress import Entry, Kind
from intake.providers.ports import Capability

MACHINE_TRIES = 3
"""Calls of one provider for one job at most: the machine retries what may pass twice."""
MACHINE_TRIES_AFTER_TIMEOUT = 2


def ask(
    capability: Capability,
    request: Any,
    *,
    command: ProviderCommand,
    gateway: Caller,
    inputs: InputRepository,
    clock: Clock,
    check: Callable[[Any], None] | None = None,
) -> Outcome[Any]:
    """Ask the command's provider once; a failure is noted on the input before it is raised.

    Raises
    ------
    NotRetriedError
        The failure may pass, but another try costs too much or more than the budget holds.
    ProviderError
        As the gateway raised it.
    """
    try:
        with charges_noted(inputs, command.tenant, command.input_id):
            return gateway.call(
                capability,
                command.provider,
                request,
                tenant=command.tenant,
                check=check,
                claim=command.claim_in(inputs),
            )
    except ProviderError as error:
        refusal = None
        is_retried = _tries_left(error, command)
        if is_retried:
            refusal = _obstacle(gateway, capability, request, command)
            is_retried = refusal is None
        _note(error, is_retried, capability, command, inputs, clock)
        if refusal is not None:
            raise NotRetriedError(
                f"{command.provider} failed ({type(error).__name__}) and is not asked again: {refusal}.",
            ) from error
        raise


def _tries_left(error: ProviderError, command: ProviderCommand) -> bool:
    """Say whether the machine would call the provider again."""
    if not isinstance(error, TransientError):
        return False
    most = MACHINE_TRIES_AFTER_TIMEOUT if isinstance(error, ProviderTimeoutError) else MACHINE_TRIES
    return command.retry + 1 < most


def _obstacle(gateway: Caller, capability: Capability, request: Any, command: ProviderCommand) -> str | None:
    try:
        return gateway.obstacle_to_retry(
            capability, command.provider, request, tenant=command.tenant, tries=command.retry + 1
        )
    except Exception as problem:  # noqa: BLE001 - the failure that is about to be raised must not be hidden by another
        logger.warning("worth of a retry unknown", error=type(problem).__name__)
        return None


def _note(
    error: ProviderError,
    is_retried: bool,
    capability: Capability,
    command: ProviderCommand,
    inputs: InputRepository,
    clock: Clock,
) -> None:
    if not is_retried and command.next_provider is None:
        return  # The end of the run tells it.
    entry = Entry(
        kind=Kind.RETRYING if is_retried else Kind.FALLING_BACK,
        at=clock.now(),
        stage=stages.BY_CAPABILITY[capability].work.value,
        provider=command.provider,
        attempt=command.retry + 1,
        error=type(error).__name__,
        next_provider=None if is_retried else command.next_provider,
    )
    try:
        inputs.note(command.tenant, command.input_id, entry)
    except Exception as problem:  # noqa: BLE001 - the failure that is about to be raised must not be hidden by another
        logger.warning("progress not noted", error=type(problem).__name__)
