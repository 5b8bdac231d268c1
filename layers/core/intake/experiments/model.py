"""What an experiment is, and which variant an input gets."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from intake.clock import Clock, iso
from intake.errors import FieldError, UnsupportedInputError
from intake.gateway.statistics import Row
from intake.ids import new_id
from intake.inputs.languages import LANGUAGES
from intake.providers.ports import Capability

_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


class _Body(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class WeightsRequest(_Body):
    """The caller's two weights, which a variant puts in their place."""

    cost: float = Field(default=0.0, ge=0, le=1, strict=False)
    quality: float = Field(default=0.0, ge=0, le=1, strict=False)


class VariantRequest(_Body):
    """One way to route; with neither a provider nor a preference, the usual way."""

    name: _Name
    weight: float = Field(default=1.0, gt=0, le=1000, strict=False, description="Its share, relative to the others.")
    provider_first: str | None = Field(default=None, max_length=40, description="Asked before all others.")
    preference: WeightsRequest | None = None


class ExperimentRequest(_Body):
    """The body of ``POST /v1/experiments``. The first variant is the one that the others are compared with."""

    name: str = Field(min_length=1, max_length=80)
    capability: Literal["transcribe", "translate", "complete"]
    variants: list[VariantRequest] = Field(min_length=2, max_length=5)
    languages: list[str] | None = Field(
        default=None, min_length=1, max_length=60, description="Of the source; all, where it is left out."
    )


class ExperimentStatus(StrEnum):
    """Whether inputs are still assigned."""

    ACTIVE = "active"
    STOPPED = "stopped"


class Experiment(BaseModel):
    """An experiment of one tenant."""

    model_config = ConfigDict(frozen=True)

    id: str
    tenant: str
    name: str
    capability: Capability
    variants: tuple[VariantRequest, ...]
    languages: tuple[str, ...] | None = None
    status: ExperimentStatus = ExperimentStatus.ACTIVE
    created_at: datetime
    stopped_at: datetime | None = None

    def variant_of(self, unit: str) -> VariantRequest:
        """Return the variant of a user or conversation: always the same, without anything being stored."""
        digest = hashlib.sha256(f"{self.id}\0{unit}".encode()).digest()
        point = int.from_bytes(digest[:8], "big") / 2**64 * sum(variant.weight for variant in self.variants)
        for variant in self.variants:
            point -= variant.weight
            if point < 0:
                return variant
        return self.variants[-1]

    def takes(self, language: str | None) -> bool:
        """Say whether inputs in a language take part."""
        return self.languages is None or language in self.languages

    def public(self) -> dict[str, Any]:
        """Return the experiment as the API shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "capability": self.capability.value,
            "status": self.status.value,
            "variants": [variant.model_dump(mode="json") for variant in self.variants],
            "languages": list(self.languages) if self.languages else None,
            "created_at": iso(self.created_at),
            "stopped_at": iso(self.stopped_at) if self.stopped_at else None,
        }


class ExperimentRepository(Protocol):
    """Experiments by tenant; at most one is active for each capability."""

    def create(self, experiment: Experiment) -> None:
        """Store a new experiment, which is active from now on.

        Raises
        ------
        ConflictError
            Another one is active for this capability; the error names it.
        """
        ...

    def get(self, tenant: str, experiment_id: str) -> Experiment:
        """Return an experiment.

        Raises
        ------
        NotFoundError
            The tenant has none of this id.
        """
        ...

    def list(self, tenant: str) -> list[Experiment]:
        """Return all experiments of a tenant, newest first."""
        ...

    def stop(self, tenant: str, experiment_id: str, now: datetime) -> Experiment:
        """Assign no more inputs, and return the experiment; one that is stopped stays as it is."""
        ...

    def active(self, tenant: str, capability: Capability) -> Experiment | None:
        """Return the active experiment of a capability as it was a few seconds ago; None where nobody can tell."""
        ...


def start(
    request: ExperimentRequest,
    *,
    tenant: str,
    providers: Collection[tuple[Capability, str]],
    experiments: ExperimentRepository,
    clock: Clock,
) -> Experiment:
    """Begin an experiment.

    Parameters
    ----------
    providers
        What there is to put first, by capability and name.

    Raises
    ------
    UnsupportedInputError
        With one `FieldError` for every field at fault.
    ConflictError
        Another one is active for this capability.
    """
    capability = Capability(request.capability)
    problems = _problems(request, sorted(name for offered, name in providers if offered is capability))
    if problems:
        detail = " ".join(f"{problem.field}: {problem.message}" for problem in problems)
        raise UnsupportedInputError(detail, errors=tuple(problems))
    now = clock.now()
    experiment = Experiment(
        id=new_id("exp", now),
        tenant=tenant,
        name=request.name,
        capability=capability,
        variants=tuple(request.variants),
        languages=tuple(request.languages) if request.languages else None,
        created_at=now,
    )
    experiments.create(experiment)
    return experiment


def results_row(tenant: str, capability: Capability, experiment_id: str) -> Row:
    """Return where the results of an experiment are counted, by variant in the place of providers."""
    return Row(tenant, capability, f"experiment:{experiment_id}", "all")


def _problems(request: ExperimentRequest, providers: list[str]) -> list[FieldError]:
    problems = []
    names = [variant.name for variant in request.variants]
    for place, variant in enumerate(request.variants):
        if variant.name in names[:place]:
            message = "Another variant has this name. Give each its own."
            problems.append(FieldError(field=f"variants.{place}.name", message=message))
        if variant.provider_first is not None and variant.provider_first not in providers:
            message = f"There is no such provider to {request.capability}. Possible: {', '.join(providers)}."
            problems.append(FieldError(field=f"variants.{place}.provider_first", message=message))
    for place, language in enumerate(request.languages or ()):
        if language not in LANGUAGES:
            message = f"Unknown language. Possible: {', '.join(sorted(LANGUAGES))}."
            problems.append(FieldError(field=f"languages.{place}", message=message))
    ways = {(variant.provider_first, variant.preference) for variant in request.variants}
    if len(ways) == 1:
        message = "All variants route alike. Give one a provider_first or a preference of its own."
        problems.append(FieldError(field="variants", message=message))
    return problems
