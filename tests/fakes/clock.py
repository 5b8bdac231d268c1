"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class FakeClock:
    def __init__(self, start: datetime = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def monotonic_ms(self) -> float:
        return self._now.timestamp() * 1000

    def advance(self, **duration: float) -> None:
        self._now += timedelta(**duration)
