"""The circuit breaker: lets calls pass or not by the shared row of `intake.gateway.circuit`, and learns how they end.

The healthy path writes nothing, and reads the row once in ``memory`` seconds. A breaker must never become the outage
that it is meant to prevent: when its store fails, calls pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from cachetools import TTLCache

from intake.clock import Clock
from intake.errors import (
    CircuitOpenError,
    ProviderRefusedError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
)
from intake.gateway.announcement import Announcer
from intake.gateway.circuit import BreakerPolicy, Circuit, CircuitState, CircuitStore
from intake.observability import logger
from intake.providers.ports import Capability

PROVIDER_AT_FAULT = (TransientError, QuotaExhaustedError)
"""Failures that count: the provider would fail the next caller as well."""
LONGEST_PAUSE = timedelta(minutes=5)
"""A provider that asks for a longer pause is asked again after this one."""


class NotSentError(Exception):
    """Our own tables failed before anything was sent: the provider is not at fault, and its circuit must not learn."""

    def __init__(self, reason: TransientError) -> None:
        super().__init__()
        self.reason = reason


class CircuitBreaker:
    """Lets calls pass or not, and learns from how they went."""

    def __init__(
        self, store: CircuitStore, clock: Clock, announcer: Announcer, policy: BreakerPolicy | None = None
    ) -> None:
        self._store = store
        self._announcer = announcer
        self._clock = clock
        self._policy = policy or BreakerPolicy()
        self._healthy: TTLCache[tuple[Capability, str], Circuit] = TTLCache(
            maxsize=256, ttl=self._policy.memory.total_seconds(), timer=lambda: clock.now().timestamp()
        )

    @contextmanager
    def guard(
        self, capability: Capability, provider: str, *, learns: bool = True, rests_on_success: bool = False
    ) -> Iterator[None]:
        """Let one call pass, or refuse it, and learn from how it ends.

        Parameters
        ----------
        learns
            False for what runs on this machine: there only an operator's hold counts. What fails there failed on one
            caller's file, and must not switch the engine off for the others.
        rests_on_success
            True for the start of a job: that it was taken says nothing yet; `record_success` follows when it is done.

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
        if not rests_on_success:
            self._after_answer(capability, provider, circuit)

    def record_success(self, capability: Capability, provider: str) -> None:
        """Learn that a job went well whose start was let pass before."""
        self._after_answer(capability, provider, self.look(capability, provider))

    def record_failure(self, capability: Capability, provider: str, error: Exception) -> None:
        """Learn that a job failed whose start was let pass before, if that was the provider's fault."""
        if isinstance(error, PROVIDER_AT_FAULT):
            self._after_failure(capability, provider, error)

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

    def hold(self, capability: Capability, provider: str, reason: str, *, by: str) -> None:
        """Switch a provider off until it is resumed; one that is held keeps since when, and gets the new reason."""
        now = self._clock.now()
        self._healthy.pop((capability, provider), None)
        row = self._store.hold(capability, provider, reason, by=by, now=now)
        if row.held_at == now:
            self._announcer.held(capability, provider, now=now)

    def resume(self, capability: Capability, provider: str, reason: str | None, *, by: str) -> None:
        """End a hold, if there is one. A circuit that is open stays so until its probes go well."""
        now = self._clock.now()
        before = self._store.resume(capability, provider, reason, by=by, now=now)
        if before is None or before.held_at is None:
            return
        if before.model_copy(update={"held_because": None}).state(now, self._policy) is CircuitState.CLOSED:
            self._announcer.resumed(capability, provider, before.held_at, now=now)

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
            if not self._store.forget_failures(capability, provider, circuit):
                return
        except Exception as error:  # noqa: BLE001 - bookkeeping must never fail a call that was answered
            _log_store_failure(error)
            return
        if circuit.opened_at is not None and circuit.held_because is None:
            self._announcer.closed(capability, provider, circuit.opened_at, now=self._clock.now())

    def _after_failure(self, capability: Capability, provider: str, error: Exception) -> None:
        self._healthy.pop((capability, provider), None)
        now = self._clock.now()
        pause = getattr(error, "retry_after_seconds", None)
        paused_until = now + min(timedelta(seconds=pause), LONGEST_PAUSE) if pause else None
        try:
            circuit = self._store.add_failure(capability, provider, type(error).__name__, now, paused_until)
            if circuit.failures < self._policy.threshold or circuit.opened_at is not None:
                return
            # Not by the count alone: a write that is delivered twice steps over the threshold.
            if not self._store.mark_open(capability, provider, threshold=self._policy.threshold, now=now):
                return
        except Exception as store_error:  # noqa: BLE001 - the provider's own error is what the caller must see
            _log_store_failure(store_error)
            return
        self._announcer.opened(capability, provider, circuit, now=now)

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
