"""The progress of a batch, out of its record and the count of its lines: nothing is written for it.

An entry's number is made of what it tells: 1 for the acceptance, 2 for the start, 2 and the lines that have ended while
lines are worked on, one more than that at the end. So numbers only grow, two readers of the same state agree, and
numbers in between are of counts that nobody read.
"""

from __future__ import annotations

from typing import Any

from intake.batches.model import Batch, Status
from intake.batches.repository import BatchRepository
from intake.clock import Clock
from intake.progress import Entry, Kind

_ACCEPTED, _STARTED = 1, 2
_ENDS = {Status.FAILED: Kind.FAILED, Status.CANCELLED: Kind.CANCELLED}


def entries(tenant: str, batch_id: str, *, batches: BatchRepository, clock: Clock) -> tuple[dict[str, Any], ...]:
    """Return what can be told of a batch now, numbered. Lines are counted while they are worked on, and not after.

    Raises
    ------
    NotFoundError
        The tenant has no such batch.
    """
    batch = batches.get(tenant, batch_id)
    told = [Entry(kind=Kind.ACCEPTED, at=batch.created_at).public(_ACCEPTED)]
    if batch.lines is not None and batch.started_at is not None:
        told.append(Entry(kind=Kind.STARTED, at=batch.started_at, lines=batch.lines).public(_STARTED))
    if batch.status.is_final:
        told.append(_end(batch, clock))
    elif batch.lines is not None:
        tally = batches.tally(batch)
        if tally.ended:
            completed = tally.ended - tally.failed
            done = Entry(
                kind=Kind.LINES_DONE, at=clock.now(), lines=batch.lines, completed=completed, failed=tally.failed
            )
            told.append(done.public(_STARTED + tally.ended))
    return tuple(told)


def _end(batch: Batch, clock: Clock) -> dict[str, Any]:
    completed, failed = batch.completed or 0, batch.failed or 0
    entry = Entry(
        kind=_ENDS.get(batch.status, Kind.COMPLETED),
        at=batch.ended_at or clock.now(),
        lines=batch.lines,
        completed=completed,
        failed=failed,
        error=batch.error.error if batch.error else None,
    )
    return entry.public(_STARTED + completed + failed + 1)
