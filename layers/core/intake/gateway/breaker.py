"""The circuit breaker, shared by all execution environments, and the operator's hold.

One row a provider and capability. The state is derived from what happened, never stored, so no crash between two writes
can leave it wrong: fewer than ``threshold`` failures in a row is closed; then open until ``cool_down`` after the last
failure; then half open, where one environment at a time may probe, until ``good_probes_to_close`` probes went well.

The healthy path writes nothing, and reads the row once in ``memory`` seconds. A breaker must never become the outage
that it is meant to prevent: when its store fails, calls pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from cachetools import TTLCache
from pydantic import BaseModel, ConfigDict

from intake.clock import Clock
from intake.errors import (
    CircuitOpenError,
    ProviderRefusedError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
)
from intake.observability import logger
from intake.providers.ports import Capability

PROVIDER_AT_FAULT = (TransientError, QuotaExhaustedError)
"""Failures that count: the provider would fail the next caller as well."""
LONGEST_PAUSE = timedelta(minutes=5)
"""A provider that asks for a longer pause is asked again after this one."""


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
    held_because: str | None = None
    held_at: datetime | None = None

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

    def forget_failures(self, capability: Capability, provider: str, seen: Circuit) -> None:
        """Clear failures and probes, unless another failure came after the row was ``seen``."""
        ...

    def hold(self, capability: Capability, provider: str, reason: str, now: datetime) -> None:
        """Switch the provider off by hand."""
        ...

    def resume(self, capability: Capability, provider: str) -> None:
        """End a hold."""
        ...


class CircuitBreaker:
    """Lets calls pass or not, and learns from how they went."""

    def __init__(self, store: CircuitStore, clock: Clock, policy: BreakerPolicy | None = None) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy or BreakerPolicy()
        self._healthy: TTLCache[tuple[Capability, str], Circuit] = TTLCache(
            maxsize=256, ttl=self._policy.memory.total_seconds(), timer=lambda: clock.now().timestamp()
        )

    @contextmanager
    def guard(self, capability: Capability, provider: str, *, learns: bool = True) -> Iterator[None]:
        """Let one call pass, or refuse it, and learn from how it ends.

        Parameters
        ----------
        learns
            False for what runs on this machine: there only an operator's hold counts. What fails there failed on one
            caller's file, and must not switch the engine off for the others.

        Raises
        ------
        CircuitOpenError
            The circuit is open, somebody else is probing, or an operator holds the provider; nothing may be sent.
        RateLimitedError
            The provider asked for a pause that has not ended; nothing may be sent.
        """
        circuit = self._admit(capability, provider)
        if not learns:
            yield
            return
        try:
            yield
        except PROVIDER_AT_FAULT as error:
            self._after_failure(capability, provider, error)
            raise
        except ProviderRefusedError:
            self._after_answer(capability, provider, circuit)
            raise
        except BaseException:
            self._give_back_probe(capability, provider, circuit)
            raise
        self._after_answer(capability, provider, circuit)

    def look(self, capability: Capability, provider: str) -> Circuit:
        """Return the row, from memory while it is healthy and fresh; a healthy one if the store cannot be read."""
        key = (capability, provider)
        circuit = self._healthy.get(key)
        if circuit is None:
            try:
                circuit = self._store.read(capability, provider)
            except Exception as error:  # noqa: BLE001 - fails open, whatever it was
                _log_store_failure(error)
                return Circuit()
            if circuit.failures == 0 and circuit.held_because is None:
                self._healthy[key] = circuit
        return circuit

    def state(self, capability: Capability, provider: str) -> CircuitState:
        """Return the state as it stands now."""
        return self.look(capability, provider).state(self._clock.now(), self._policy)

    def _admit(self, capability: Capability, provider: str) -> Circuit:
        circuit = self.look(capability, provider)
        now = self._clock.now()
        state = circuit.state(now, self._policy)
        if state is CircuitState.HELD:
            raise CircuitOpenError(f"{provider} is held by an operator: {circuit.held_because}")
        if circuit.paused_until is not None and now < circuit.paused_until:
            wait = (circuit.paused_until - now).total_seconds()
            raise RateLimitedError(f"{provider} asked for a pause of {wait:.0f} s more.", retry_after_seconds=wait)
        if state is CircuitState.CLOSED:
            return circuit
        if state is CircuitState.HALF_OPEN and self._take_probe(capability, provider, now):
            return circuit
        raise CircuitOpenError(
            f"{provider} failed {circuit.failures} times in a row, last with {circuit.last_error}; "
            f"it is tried again {self._policy.cool_down.total_seconds():.0f} s after its last failure."
        )

    def _after_answer(self, capability: Capability, provider: str, circuit: Circuit) -> None:
        if circuit.failures == 0:
            return
        try:
            if self._is_probe(circuit):
                circuit = self._store.add_good_probe(capability, provider)
                if circuit.good_probes < self._policy.good_probes_to_close:
                    return
            self._store.forget_failures(capability, provider, circuit)
        except Exception as error:  # noqa: BLE001 - bookkeeping must never fail a call that was answered
            _log_store_failure(error)

    def _after_failure(self, capability: Capability, provider: str, error: Exception) -> None:
        self._healthy.pop((capability, provider), None)
        now = self._clock.now()
        pause = getattr(error, "retry_after_seconds", None)
        paused_until = now + min(timedelta(seconds=pause), LONGEST_PAUSE) if pause else None
        try:
            self._store.add_failure(capability, provider, type(error).__name__, now, paused_until)
        except Exception as store_error:  # noqa: BLE001 - the provider's own error is what the caller must see
            _log_store_failure(store_error)

    def _give_back_probe(self, capability: Capability, provider: str, circuit: Circuit) -> None:
        """End a probe that never reached the provider: its budget was used up, say, or the request was at fault."""
        if not self._is_probe(circuit):
            return
        try:
            self._store.end_probe(capability, provider)
        except Exception as error:  # noqa: BLE001 - the lease ends it anyway
            _log_store_failure(error)

    def _is_probe(self, circuit: Circuit) -> bool:
        return circuit.failures >= self._policy.threshold

    def _take_probe(self, capability: Capability, provider: str, now: datetime) -> bool:
        try:
            return self._store.take_probe(
                capability,
                provider,
                failed_before=now - self._policy.cool_down,
                now=now,
                until=now + self._policy.probe_lease,
            )
        except Exception as error:  # noqa: BLE001 - fails open, whatever it was
            _log_store_failure(error)
            return True


def _log_store_failure(error: Exception) -> None:
    logger.error("circuit store failed; calls pass", error=type(error).__name__)
