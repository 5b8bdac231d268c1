"""What a state passes to its stage: ids, never texts, because a machine's state is logged and limited to 256 KB."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.gateway.outcome import Outcome
from intake.inputs.repository import InputRepository
from intake.inputs.results import Failure


class StageCommand(BaseModel):
    """One input of one tenant."""

    # A machine may pass more than one stage needs.
    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: str = Field(min_length=2)
    input_id: str = Field(min_length=1)


class ProviderCommand(StageCommand):
    """One turn of a provider loop: ``attempt`` counts from 0, ``failures`` are those of the providers before.

    ``retry`` counts how often this turn was repeated; ``next_provider`` has the next turn, and is None in the last one.
    """

    provider: str = Field(min_length=1)
    attempt: int = Field(default=0, ge=0)
    failures: tuple[Failure, ...] = ()
    retry: int = Field(default=0, ge=0)
    next_provider: str | None = None

    def claim_in(self, inputs: InputRepository) -> Callable[[str], None]:
        """Return what notes on the input the keys of the cache lines that the gateway reads or writes for it."""
        return partial(inputs.claim, self.tenant, self.input_id)

    def provenance(self, outcome: Outcome[Any]) -> dict[str, Any]:
        """Return who gave an answer, after which failures, and what it cost, as fields of a `ProviderResult`."""
        return {
            "provider": outcome.provider,
            "model": outcome.model,
            "attempts": self.attempt + 1,
            # A machine that carries on the failures of an earlier loop adds this loop's at the end.
            "failures": self.failures[len(self.failures) - self.attempt :] if self.attempt else (),
            "cost_microusd": outcome.cost_microusd,
            "saved_microusd": outcome.saved_microusd,
            "saved_ms": outcome.saved_ms,
            "cache": outcome.cache,
            "provider_ms": round(outcome.duration_ms, 1),
        }


class Stopwatch:
    """Measures one stage."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = clock.monotonic_ms()

    def ms(self) -> float:
        """Return milliseconds since the start."""
        return round(self._clock.monotonic_ms() - self._started, 1)
