"""Budgets that hold: money and requests are reserved before a call and settled after it.

A reservation is an upper bound of the cost, taken in one conditional write together with the request it counts, so any
number of simultaneous callers never overshoot a limit. The reservation of a caller that died ends with its lease.
Fails closed: where the ledger cannot be written, nothing is sent, and the machine tries again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from intake.clock import Clock, day_of
from intake.ids import new_id

LEASE = timedelta(seconds=120)
"""Longer than any call to a provider may take: a reservation that outlives it belongs to a caller that died."""


class Limits(BaseModel):
    """What a tenant may use of one provider."""

    model_config = ConfigDict(frozen=True)

    microusd_per_day: int
    requests_per_hour: int


class Reservation(BaseModel):
    """Money set aside for one call, in the ledger row of one tenant, provider and day."""

    model_config = ConfigDict(frozen=True)

    id: str
    tenant: str
    provider: str
    day: str
    hour: str
    amount_microusd: int
    until: datetime


class Balance(BaseModel):
    """What a tenant has used of one provider: money today, requests in this hour.

    ``reserved_microusd`` leaves out reservations whose lease has ended.
    """

    model_config = ConfigDict(frozen=True)

    spent_microusd: int = 0
    reserved_microusd: int = 0
    requests_this_hour: int = 0


class Ledger(Protocol):
    """Who has spent what. Every write is atomic, and the same write delivered twice counts once."""

    def reserve(self, reservation: Reservation, limits: Limits, now: datetime) -> None:
        """Set the money aside and count the request; expired reservations are given back first where that helps.

        Raises
        ------
        BudgetExceededError
            The day's money or the hour's requests do not suffice.
        TransientError
            It could not be written down, so nothing may be sent.
        """
        ...

    def settle(self, reservation: Reservation, cost_microusd: int, now: datetime) -> None:
        """Replace the reservation by what the call cost; the cost counts even if the lease ended meanwhile."""
        ...

    def balance(self, tenant: str, provider: str, now: datetime) -> Balance:
        """Return what is used at this moment.

        Raises
        ------
        TransientError
            It cannot be read.
        """
        ...


class Budget:
    """Reserves and settles under a tenant's limits."""

    def __init__(self, ledger: Ledger, clock: Clock, limits: Limits) -> None:
        self._ledger = ledger
        self._clock = clock
        self.limits = limits

    def reserve(self, tenant: str, provider: str, amount_microusd: int, *, lease: timedelta = LEASE) -> Reservation:
        """Set money aside for one call, or for a job that takes up to ``lease``; or raise BudgetExceededError."""
        now = self._clock.now()
        reservation = Reservation(
            id=new_id("rsv", now),
            tenant=tenant,
            provider=provider,
            day=day_of(now),
            hour=hour_of(now),
            amount_microusd=amount_microusd,
            until=now + lease,
        )
        self._ledger.reserve(reservation, self.limits, now)
        return reservation

    def affords(self, tenant: str, provider: str, amount_microusd: int) -> bool:
        """Say whether one more call of an amount would be let through at this moment; nothing is set aside."""
        used = self.balance(tenant, provider)
        return (
            used.requests_this_hour < self.limits.requests_per_hour
            and used.spent_microusd + used.reserved_microusd + amount_microusd <= self.limits.microusd_per_day
        )

    def settle(self, reservation: Reservation, cost_microusd: int) -> None:
        """Charge what the call cost and give the rest back; zero releases the reservation whole."""
        self._ledger.settle(reservation, cost_microusd, self._clock.now())

    def balance(self, tenant: str, provider: str) -> Balance:
        """Return what the tenant has used of the provider."""
        return self._ledger.balance(tenant, provider, self._clock.now())


def hour_of(moment: datetime) -> str:
    """Return the budget hour of a moment, in UTC: ``22``."""
    return f"{moment:%H}"
