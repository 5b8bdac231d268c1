"""The gateway's stores in memory, under the same contract test as the DynamoDB rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from intake.clock import day_of
from intake.errors import BudgetExceededError
from intake.gateway.budget import Balance, Limits, Reservation, hour_of
from intake.gateway.cache import CacheLine
from intake.gateway.circuit import Circuit, EndedHold
from intake.providers.ports import Capability


class InMemoryCacheStore:
    def __init__(self) -> None:
        self.lines: dict[tuple[str, str], CacheLine] = {}

    def get(self, tenant: str, key: str) -> CacheLine | None:
        return self.lines.get((tenant, key))

    def put(self, tenant: str, key: str, line: CacheLine) -> None:
        self.lines[tenant, key] = line

    def erase(self, tenant: str, key: str) -> bool:
        return self.lines.pop((tenant, key), None) is not None


class InMemoryCircuitStore:
    def __init__(self) -> None:
        self._rows: dict[tuple[Capability, str], Circuit] = {}
        self._lock = Lock()
        self.writes = 0

    def read(self, capability: Capability, provider: str) -> Circuit:
        return self._rows.get((capability, provider), Circuit())

    def add_failure(
        self, capability: Capability, provider: str, error: str, now: datetime, paused_until: datetime | None
    ) -> Circuit:
        with self._lock:
            seen = self.read(capability, provider)
            return self._write(
                capability,
                provider,
                seen,
                failures=seen.failures + 1,
                failed_at=now,
                last_error=error,
                good_probes=0,
                probe_until=None,
                paused_until=paused_until or seen.paused_until,
            )

    def add_good_probe(self, capability: Capability, provider: str) -> Circuit:
        with self._lock:
            seen = self.read(capability, provider)
            return self._write(capability, provider, seen, good_probes=seen.good_probes + 1, probe_until=None)

    def take_probe(
        self, capability: Capability, provider: str, *, failed_before: datetime, now: datetime, until: datetime
    ) -> bool:
        with self._lock:
            seen = self.read(capability, provider)
            cooled_down = seen.failed_at is not None and seen.failed_at <= failed_before
            if not cooled_down or (seen.probe_until is not None and seen.probe_until > now):
                return False
            self._write(capability, provider, seen, probe_until=until)
            return True

    def end_probe(self, capability: Capability, provider: str) -> None:
        with self._lock:
            self._write(capability, provider, self.read(capability, provider), probe_until=None)

    def mark_open(self, capability: Capability, provider: str, *, threshold: int, now: datetime) -> bool:
        with self._lock:
            row = self.read(capability, provider)
            if row.opened_at is not None or row.failures < threshold:
                return False
            self._write(capability, provider, row, opened_at=now)
            return True

    def forget_failures(self, capability: Capability, provider: str, seen: Circuit) -> bool:
        with self._lock:
            row = self.read(capability, provider)
            if row.failures != seen.failures:
                return False
            healthy = {"failures": 0, "good_probes": 0, "probe_until": None, "paused_until": None, "opened_at": None}
            self._write(capability, provider, row, **healthy)
            return True

    def hold(self, capability: Capability, provider: str, reason: str, *, by: str, now: datetime) -> Circuit:
        with self._lock:
            row = self.read(capability, provider)
            since = row.held_at or now
            return self._write(capability, provider, row, held_because=reason, held_by=by, held_at=since)

    def resume(
        self, capability: Capability, provider: str, reason: str | None, *, by: str, now: datetime
    ) -> Circuit | None:
        with self._lock:
            row = self.read(capability, provider)
            if row.held_because is None or row.held_at is None:
                return None
            last = EndedHold(
                reason=row.held_because,
                since=row.held_at,
                by=row.held_by or "",
                ended_because=reason,
                ended_at=now,
                ended_by=by,
            )
            self._write(capability, provider, row, held_because=None, held_by=None, held_at=None, last_hold=last)
            return row

    def _write(self, capability: Capability, provider: str, row: Circuit, **changes: object) -> Circuit:
        self.writes += 1
        changed = row.model_copy(update=changes)
        self._rows[capability, provider] = changed
        return changed


@dataclass
class _Row:
    committed: int = 0
    spent: int = 0
    requests: dict[str, int] = field(default_factory=dict)
    leases: dict[str, tuple[int, datetime]] = field(default_factory=dict)


class InMemoryLedger:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], _Row] = {}
        self._lock = Lock()

    def reserve(self, reservation: Reservation, limits: Limits, now: datetime) -> None:
        with self._lock:
            row = self._row(reservation.tenant, reservation.provider, reservation.day)
            if reservation.id in row.leases:
                return
            requests = row.requests.get(reservation.hour, 0)
            if row.committed + reservation.amount_microusd > limits.microusd_per_day:
                for lease in [lease for lease, (_amount, until) in row.leases.items() if until <= now]:
                    row.committed -= row.leases.pop(lease)[0]
            if (
                requests >= limits.requests_per_hour
                or row.committed + reservation.amount_microusd > limits.microusd_per_day
            ):
                raise BudgetExceededError("used up")
            row.committed += reservation.amount_microusd
            row.requests[reservation.hour] = requests + 1
            row.leases[reservation.id] = (reservation.amount_microusd, reservation.until)

    def settle(self, reservation: Reservation, cost_microusd: int, now: datetime) -> None:
        with self._lock:
            row = self._row(reservation.tenant, reservation.provider, reservation.day)
            lease = row.leases.pop(reservation.id, None)
            if lease is not None:
                row.committed += cost_microusd - lease[0]
                row.spent += cost_microusd
            elif now >= reservation.until:
                row.committed += cost_microusd
                row.spent += cost_microusd

    def balance(self, tenant: str, provider: str, now: datetime) -> Balance:
        row = self._row(tenant, provider, day_of(now))
        return Balance(
            spent_microusd=row.spent,
            reserved_microusd=sum(amount for amount, until in row.leases.values() if until > now),
            requests_this_hour=row.requests.get(hour_of(now), 0),
        )

    def _row(self, tenant: str, provider: str, day: str) -> _Row:
        return self._rows.setdefault((tenant, provider, day), _Row())
