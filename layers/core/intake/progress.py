"""Progress as data: what has happened to an input, a document or a batch so far, in order and numbered.

An entry holds ids, names and figures, never a text. A list only grows, and entries are numbered by their place in it,
so a reader who has seen number 4 asks for what came after 4. Entries of a batch are numbered by what they count
(`intake.batches.progress`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from intake.clock import iso


class Kind(StrEnum):
    """What happened."""

    ACCEPTED = "accepted"
    PROVIDER_CHOSEN = "provider_chosen"
    """A job begins: ``providers`` are asked in this order."""
    SKIPPED = "skipped"
    """A job was not needed."""
    RETRYING = "retrying"
    """A provider failed, and is asked again."""
    FALLING_BACK = "falling_back"
    """A provider failed for good, and ``next_provider`` is asked."""
    STAGE_DONE = "stage_done"
    STARTED = "started"
    """A batch's file was read, and its lines are worked on."""
    LINES_DONE = "lines_done"
    """Of a batch: how many lines have ended until now."""
    COMPLETED = "completed"
    FAILED = "failed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Whether nothing more is to be expected. A failed input that is completed after all has one entry more."""
        return self in _ENDS


_ENDS = frozenset({Kind.COMPLETED, Kind.FAILED, Kind.REJECTED, Kind.DUPLICATE, Kind.CANCELLED})


class Entry(BaseModel):
    """One thing that happened. What does not apply to its kind is None."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    kind: Kind
    at: datetime
    stage: str | None = None
    began_at: datetime | None = None
    duration_ms: float | None = None
    provider: str | None = None
    providers: tuple[str, ...] | None = None
    attempt: int | None = None
    """Which call of the provider failed, from 1."""
    error: str | None = None
    """A class name of `intake.errors`, or the code of a document's error."""
    next_provider: str | None = None
    degraded: bool | None = None
    lines: int | None = None
    """Of a batch: how many it has."""
    completed: int | None = None
    failed: int | None = None

    def public(self, sequence: int) -> dict[str, Any]:
        """Return the JSON of the entry with its number; a field that does not apply is left out."""
        shown = self.model_dump(mode="json", exclude_none=True, exclude={"at", "began_at"})
        times = {"at": self.at} | ({} if self.began_at is None else {"began_at": self.began_at})
        return {"sequence": sequence, **shown, **{name: iso(moment) for name, moment in times.items()}}


def numbered(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Return the entries, each with the number of its place; the first one has the number 1."""
    return [entry.public(place) for place, entry in enumerate(entries, start=1)]
