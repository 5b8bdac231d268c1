"""An operator's hold: a provider is switched off by hand, with a reason, until it is resumed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from intake.errors import FieldError, NotFoundError, UnsupportedInputError
from intake.gateway.breaker import CircuitBreaker
from intake.providers.ports import AnyProvider, Capability

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""Callers of every tenant read it, so it is no place for a person's name."""


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    capability: Capability | None = Field(
        default=None, description="Of which capability; of all of the provider's, where it is left out."
    )


class HoldRequest(_Request):
    """The body of ``POST /v1/providers/{name}/hold``."""

    reason: Reason = Field(description="Why, for whoever meets it.", examples=["The invoice of November is disputed."])


class ResumeRequest(_Request):
    """The body of ``POST /v1/providers/{name}/resume``."""

    reason: Reason | None = Field(default=None, description="Why it may be called again.")


def hold(
    name: str, request: HoldRequest, *, by: str, providers: Iterable[AnyProvider], breaker: CircuitBreaker
) -> list[AnyProvider]:
    """Hold a provider, and return what of it is held.

    Parameters
    ----------
    by
        Id of the API key of whoever holds it.

    Raises
    ------
    NotFoundError
        There is no such provider.
    UnsupportedInputError
        It does not have the capability.
    """
    found = _named(name, request.capability, providers)
    for provider in found:
        breaker.hold(provider.capability, name, request.reason, by=by)
    return found


def resume(
    name: str, request: ResumeRequest, *, by: str, providers: Iterable[AnyProvider], breaker: CircuitBreaker
) -> list[AnyProvider]:
    """End the hold of a provider, and return what of it is resumed; what is not held stays as it is.

    Raises
    ------
    NotFoundError
        There is no such provider.
    UnsupportedInputError
        It does not have the capability.
    """
    found = _named(name, request.capability, providers)
    for provider in found:
        breaker.resume(provider.capability, name, request.reason, by=by)
    return found


def _named(name: str, capability: Capability | None, providers: Iterable[AnyProvider]) -> list[AnyProvider]:
    known = [provider for provider in providers if provider.name == name]
    if not known:
        raise NotFoundError("There is no such provider. GET /v1/providers lists them.")
    found = [provider for provider in known if capability in (None, provider.capability)]
    if not found:
        offered = ", ".join(sorted(provider.capability for provider in known))
        message = f"{name} does not {capability}. Leave it out, or send one of: {offered}."
        raise UnsupportedInputError(f"capability: {message}", errors=(FieldError(field="capability", message=message),))
    return found
