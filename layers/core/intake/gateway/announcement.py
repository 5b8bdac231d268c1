"""A provider that falls out or comes back, told to subscribers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from intake.clock import iso
from intake.errors import error_slug
from intake.events import EventData, EventPublisher, ProviderDegraded, ProviderRecovered, happened
from intake.gateway.circuit import Circuit, CircuitState
from intake.observability import logger
from intake.providers.ports import Capability

DEPLOYMENT = "*"
"""In the place of a tenant: it concerns every one. No tenant can be called so."""


class Announcer:
    """Tells of circuits and holds, and never fails: who calls a provider must get its answer, told or not.

    Parameters
    ----------
    events
        Gives the publisher when there is something to tell: most calls have nothing.
    """

    def __init__(self, events: Callable[[], EventPublisher]) -> None:
        self._events = events

    def opened(self, capability: Capability, provider: str, circuit: Circuit, *, now: datetime) -> None:
        """Tell that too many calls failed in a row."""
        error = error_slug(circuit.last_error) if circuit.last_error else None
        self._degraded(capability, provider, CircuitState.OPEN, error, now)

    def held(self, capability: Capability, provider: str, *, now: datetime) -> None:
        """Tell that an operator switched a provider off."""
        self._degraded(capability, provider, CircuitState.HELD, None, now)

    def closed(self, capability: Capability, provider: str, opened_at: datetime, *, now: datetime) -> None:
        """Tell that an open circuit closed."""
        self._recovered(capability, provider, CircuitState.OPEN, opened_at, now)

    def resumed(self, capability: Capability, provider: str, held_at: datetime, *, now: datetime) -> None:
        """Tell that an operator ended a hold."""
        self._recovered(capability, provider, CircuitState.HELD, held_at, now)

    def _degraded(
        self, capability: Capability, provider: str, state: CircuitState, error: str | None, now: datetime
    ) -> None:
        event = ProviderDegraded(
            provider=provider, capability=capability.value, state=state.value, since=iso(now), error=error
        )
        self._publish(event, now)

    def _recovered(
        self, capability: Capability, provider: str, was: CircuitState, since: datetime, now: datetime
    ) -> None:
        event = ProviderRecovered(provider=provider, capability=capability.value, was=was.value, since=iso(since))
        self._publish(event, now)

    def _publish(self, data: EventData, now: datetime) -> None:
        try:
            self._events().publish(happened(data, tenant=DEPLOYMENT, at=now))
        except Exception as error:  # noqa: BLE001 - an answer that was paid for is worth more than the news
            logger.error("a change of a provider was not told", type=data.type, error=type(error).__name__)
