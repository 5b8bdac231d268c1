"""The clock: one port, so that nothing in the domain asks the machine for the time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Tests use a clock that stands still until it is moved."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def monotonic_ms(self) -> float:
        """Return milliseconds from an arbitrary start, never going back: for durations."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_ms(self) -> float:
        return time.monotonic() * 1000


def day_of(moment: datetime) -> str:
    """Return the day of a moment in UTC: ``2026-11-20``."""
    return f"{moment:%Y-%m-%d}"


def iso(moment: datetime) -> str:
    """Format a moment as RFC 3339 with milliseconds and ``Z``: sorts as text, and reads the same everywhere."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
