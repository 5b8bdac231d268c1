"""How a run that fails is kept, and which error the caller is answered with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from intake.clock import Clock
from intake.errors import (
    BudgetExceededError,
    IntakeError,
    ProviderError,
    ProvidersUnavailableError,
    UnsupportedInputError,
    own_error,
)
from intake.inputs.model import InputError
from intake.inputs.repository import InputRepository
from intake.inputs.results import Failure
from intake.money import Charge
from intake.observability import logger

_OUR_FAULT = "Something went wrong while the input was processed. Send it again; if it fails again, tell the operator."


@contextmanager
def rejections_recorded(inputs: InputRepository, tenant: str, input_id: str, clock: Clock) -> Iterator[None]:
    """Keep on the input which of its fields is at fault, when it is.

    A state machine passes on an error's class and message only: without this, the caller would not learn the field.
    """
    try:
        yield
    except UnsupportedInputError as problem:
        error = InputError(
            error=type(problem).__name__, detail=problem.detail, errors=problem.errors, failed_at=clock.now()
        )
        inputs.fail(tenant, input_id, error)
        raise


@contextmanager
def charges_noted(inputs: InputRepository, tenant: str, input_id: str) -> Iterator[None]:
    """Note on the input what a failed call was charged: its answer, which would tell its cost, never came."""
    try:
        yield
    except ProviderError as problem:
        if problem.charge is not None:
            _note(inputs, tenant, input_id, problem.charge)
        raise


def _note(inputs: InputRepository, tenant: str, input_id: str, charge: Charge) -> None:
    try:
        inputs.note_charge(tenant, input_id, charge)
    except IntakeError as error:
        # The provider's own error decides what the machine does next; the ledger has the charge.
        logger.error(
            "a charge was not noted on its input",
            input_id=input_id,
            microusd=charge.microusd,
            error=type(error).__name__,
        )


def conclusion(error: str, detail: str, failures: tuple[Failure, ...]) -> tuple[str, str]:
    """Decide which error class a run ends with, and what to say, from the error that ended it.

    A provider's own failure says little to a caller: when all providers failed, the answer is that the service is
    unavailable, or that the budget is used up if that is what stopped each of them.
    """
    kind = own_error(error)
    if kind is None:
        return IntakeError.__name__, _OUR_FAULT
    if not issubclass(kind, ProviderError):
        return error, detail
    kinds = {failure.error for failure in failures} or {error}
    if kinds == {BudgetExceededError.__name__}:
        return BudgetExceededError.__name__, "The budget of every provider that could do this is used up."
    if detail and not failures:
        # No provider was asked: routing has said why there is none.
        return ProvidersUnavailableError.__name__, detail
    return ProvidersUnavailableError.__name__, "No provider can do this at the moment. Try again in a few minutes."
