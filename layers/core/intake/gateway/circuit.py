"""What is known of a provider's circuit, shared by all execution environments: its row, its state, and when it changes.

One row a provider and capability. The state is derived from what happened, never stored, so no crash between two writes
can leave it wrong: fewer than ``threshold`` failures in a row is closed; then open until ``cool_down`` after the last
failure; then half open, where one environment at a time may probe, until ``good_probes_to_close`` probes went well.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from intake.providers.ports import Capability


class CircuitState(StrEnum):
    """Whether calls pass."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    HELD = "held"


class BreakerPolicy(BaseModel):
    """When a circuit opens and closes. The defaults are meant for production."""

    model_config = ConfigDict(frozen=True)

    threshold: int = 5
    """Failures in a row, over all environments, that open the circuit."""
    cool_down: timedelta = timedelta(seconds=60)
    """How long an open circuit lets nothing pass."""
    good_probes_to_close: int = 3
    probe_lease: timedelta = timedelta(seconds=90)
    """How long a probe may take before another may start; longer than any call, so that probes never overlap."""
    memory: timedelta = timedelta(seconds=1)
    """How long an environment trusts the last healthy row that it read."""


class EndedHold(BaseModel):
    """A hold that was ended: why, since when, until when, and by which API keys."""

    model_config = ConfigDict(frozen=True)

    reason: str
    since: datetime
    by: str
    ended_because: str | None
    ended_at: datetime
    ended_by: str


class Circuit(BaseModel):
    """The row of one provider and capability: what has happened lately."""

    model_config = ConfigDict(frozen=True)

    failures: int = 0
    failed_at: datetime | None = None
    last_error: str | None = None
    good_probes: int = 0
    probe_until: datetime | None = None
    paused_until: datetime | None = None
    """Until when the provider asked not to be called (``Retry-After``)."""
    opened_at: datetime | None = None
    """Since when the circuit is open; None while it is closed."""
    held_because: str | None = None
    held_at: datetime | None = None
    held_by: str | None = None
    """Id of the API key that held it."""
    last_hold: EndedHold | None = None

    def state(self, now: datetime, policy: BreakerPolicy) -> CircuitState:
        """Derive the state at a moment."""
        if self.held_because is not None:
            return CircuitState.HELD
        if self.failed_at is None or self.failures < policy.threshold:
            return CircuitState.CLOSED
        return CircuitState.OPEN if now < self.failed_at + policy.cool_down else CircuitState.HALF_OPEN


class CircuitStore(Protocol):
    """The shared rows. Each write is one conditional or atomic update."""

    def read(self, capability: Capability, provider: str) -> Circuit:
        """Return the row; a fresh `Circuit` where there is none."""
        ...

    def add_failure(
        self, capability: Capability, provider: str, error: str, now: datetime, paused_until: datetime | None
    ) -> Circuit:
        """Count one more failure, end any probe, forget good ones, and return the row as it then is."""
        ...

    def add_good_probe(self, capability: Capability, provider: str) -> Circuit:
        """Count one more good probe, end the probe, and return the row as it then is."""
        ...

    def take_probe(
        self, capability: Capability, provider: str, *, failed_before: datetime, now: datetime, until: datetime
    ) -> bool:
        """Become the one that probes, if nobody is and the last failure lies before ``failed_before``."""
        ...

    def end_probe(self, capability: Capability, provider: str) -> None:
        """Let another probe start."""
        ...

    def mark_open(self, capability: Capability, provider: str, *, threshold: int, now: datetime) -> bool:
        """Keep since when the circuit is open, and say whether this was the first to find it so.

        Of all who count failures at once, one is; and none while there are fewer than ``threshold``.
        """
        ...

    def forget_failures(self, capability: Capability, provider: str, seen: Circuit) -> bool:
        """Clear failures and probes, unless another failure came after the row was ``seen``; say whether it did."""
        ...

    def hold(self, capability: Capability, provider: str, reason: str, *, by: str, now: datetime) -> Circuit:
        """Switch the provider off by hand, and return the row; of one that is held, the beginning stays."""
        ...

    def resume(
        self, capability: Capability, provider: str, reason: str | None, *, by: str, now: datetime
    ) -> Circuit | None:
        """End a hold, keep it as the last one, and return the row as it was before; None where nothing was held."""
        ...
