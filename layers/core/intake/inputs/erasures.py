"""Erasures and tombstones: what was asked for, what is left of an input, and the port of those who keep them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from intake.clock import iso
from intake.inputs.model import StoredFile
from intake.inputs.results import Record

TOMBSTONE_LIFE = timedelta(days=90)
"""Longer than the 35 days for which a backup can bring words back: what must then be erased again is still known."""


class ErasureStatus(StrEnum):
    """How far an erasure is."""

    ERASING = "erasing"
    """What was kept is removed, or is being removed; a run that was going may still leave something, for a while."""
    ERASED = "erased"


class Removed(Record):
    """How much was removed: items of the table beside the input itself, cache lines, and versions of objects."""

    items: int = 0
    cache_lines: int = 0
    objects: int = 0

    def __bool__(self) -> bool:
        return any((self.items, self.cache_lines, self.objects))


class Erasure(Record):
    """One request to erase: an input, or what one user sent before the request. It holds ids and counts only."""

    tenant: str
    id: str
    status: ErasureStatus = ErasureStatus.ERASING
    requested_at: datetime
    requested_by: str
    """Id of the API key."""
    input_id: str | None = None
    user: str | None = None
    """A hash that stands for the user's id."""
    inputs: int = 0
    """How many inputs were found."""
    removed: Removed = Removed()
    completed_at: datetime | None = None
    expires_at: datetime


class Tombstone(Record):
    """What is left of an input. ``lines`` and ``files`` are forgotten when the erasure is complete."""

    tenant: str
    input_id: str
    erasure_id: str
    erased_at: datetime
    erased_by: str
    lines: tuple[str, ...] = ()
    """Keys of the cache lines that the input named."""
    files: tuple[StoredFile, ...] = ()
    """What it was made of, under names that its sender may have chosen."""


class ErasureRepository(Protocol):
    """Erasures and tombstones, by tenant."""

    def open(self, erasure: Erasure) -> Erasure:
        """Keep a new erasure, and return the one that stands: an earlier one with the same id is left as it is."""
        ...

    def get(self, tenant: str, erasure_id: str) -> Erasure:
        """Return an erasure; NotFoundError where the tenant has none with this id."""
        ...

    def user(self, tenant: str, user_id: str) -> str:
        """Return the hash that stands for a user of a tenant."""
        ...

    def inputs_of(self, erasure: Erasure, *, limit: int) -> Sequence[str]:
        """Return ids of inputs that its user sent before an erasure was asked for, and that are not erased yet.

        One that was erased a moment ago may still be among them.
        """
        ...

    def enlist(self, erasure: Erasure, input_id: str) -> None:
        """Note that an input belongs to an erasure, before it is erased; once, however often it is noted."""
        ...

    def enlisted(self, erasure: Erasure, *, limit: int) -> Sequence[str]:
        """Return ids of inputs that were noted and are not struck off."""
        ...

    def bury(self, erasure: Erasure, input_id: str) -> Tombstone:
        """Replace an input by a tombstone, and return the one that stands: an earlier one is left as it is.

        Raises
        ------
        NotFoundError
            The tenant has no such input.
        """
        ...

    def tombstone(self, tenant: str, input_id: str) -> Tombstone:
        """Return the tombstone of an input; NotFoundError where there is none."""
        ...

    def clear(self, tenant: str, input_id: str) -> int:
        """Remove everything else that the table keeps of an input, and return the number of items."""
        ...

    def count(self, erasure: Erasure, input_id: str, removed: Removed) -> None:
        """Add to what was removed, on the tombstone and on the erasure."""
        ...

    def settle(self, erasure: Erasure, input_id: str) -> None:
        """Let a tombstone forget what led to words, and strike its input off the list."""
        ...

    def close(self, erasure: Erasure, completed_at: datetime) -> None:
        """Mark an erasure as complete."""
        ...


def as_public(erasure: Erasure) -> dict[str, Any]:
    """Return the JSON of an erasure."""
    return {
        "id": erasure.id,
        "status": erasure.status.value,
        "subject": "user" if erasure.user is not None else "input",
        "input_id": erasure.input_id,
        "requested_at": iso(erasure.requested_at),
        "requested_by": erasure.requested_by,
        "completed_at": iso(erasure.completed_at) if erasure.completed_at else None,
        "inputs": erasure.inputs,
        "removed": erasure.removed.model_dump(),
    }
