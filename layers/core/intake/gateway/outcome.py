"""What a call through the gateway gives back, and what routing decides: plain values, shared by gateway and domain."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

AnswerT = TypeVar("AnswerT")


class CacheStatus(StrEnum):
    """Where an answer came from."""

    MISS = "miss"
    MEMORY = "memory"
    TABLE = "table"


class Outcome(BaseModel, Generic[AnswerT]):
    """An answer, who gave it, and what it cost.

    ``cost_microusd`` is what this call cost: nothing, when the answer was cached. ``saved_microusd`` and ``saved_ms``
    are what a cached answer cost, and how long it took, when it was made.
    """

    model_config = ConfigDict(frozen=True)

    value: AnswerT
    provider: str
    model: str
    cost_microusd: int = 0
    saved_microusd: int = 0
    saved_ms: float = 0.0
    cache: CacheStatus = CacheStatus.MISS
    duration_ms: float = 0.0


class Component(BaseModel):
    """One part of a score: a value from 0 to 1, its weight, and how many observations it rests on besides its prior."""

    model_config = ConfigDict(frozen=True)

    value: float
    weight: float
    samples: int = 0


class Choice(BaseModel):
    """A provider that may be tried, and why it stands where it does; or one passed over, and why, without a score."""

    model_config = ConfigDict(frozen=True)

    provider: str
    reason: str
    score: float | None = None
    components: Mapping[str, Component] = Field(default_factory=dict)


class Route(BaseModel):
    """Providers in the order in which a machine tries them. ``providers`` is never empty."""

    model_config = ConfigDict(frozen=True)

    providers: tuple[Choice, ...]
    passed_over: tuple[Choice, ...] = ()
    missed: tuple[Choice, ...] = ()
    """Those passed over that would have stood first, were they not switched off or over budget at the moment."""

    @property
    def names(self) -> list[str]:
        return [choice.provider for choice in self.providers]
