"""Where batches are kept: the port that storage implements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from intake.batches.model import Batch, LineEnd, Outcome, Tally


@dataclass(frozen=True)
class BatchPage:
    """Some batches, newest first; ``cursor`` gets the next page, and is None at the end."""

    items: tuple[Batch, ...]
    cursor: str | None


class BatchRepository(Protocol):
    """Batches by tenant and id, with the ends of their lines. No method reaches another tenant's."""

    def add(self, batch: Batch) -> None:
        """Store a new batch.

        Raises
        ------
        ConflictError
            The tenant has a batch with this id already.
        """
        ...

    def get(self, tenant: str, batch_id: str) -> Batch:
        """Return a batch as last written.

        Raises
        ------
        NotFoundError
            The tenant has no such batch, or it has expired.
        """
        ...

    def replace(self, batch: Batch) -> Batch:
        """Write a changed batch, and return it with its new version.

        Raises
        ------
        ConflictError
            Somebody else has changed it since it was read.
        """
        ...

    def page(self, tenant: str, *, limit: int, cursor: str | None = None) -> BatchPage:
        """Return a page of the tenant's batches, newest first; a new one may be missing for a moment.

        Raises
        ------
        UnsupportedInputError
            The cursor is not one of this list.
        """
        ...

    def settle(self, batch: Batch, end: LineEnd) -> bool:
        """Record the end of a line, once: the first one stands. Say whether it was this one."""
        ...

    def tally(self, batch: Batch) -> Tally:
        """Count the lines that have ended. They are counted, and not added up: a retry cannot count one twice."""
        ...

    def ends(self, batch: Batch, *, after: int = 0, limit: int, only: Outcome | None = None) -> tuple[LineEnd, ...]:
        """Return ends of lines behind a line, in the order of the file."""
        ...
