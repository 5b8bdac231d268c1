"""Batches in memory, under the same contract test as the table."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.batches.model import Batch, LineEnd, Outcome, Tally
from intake.batches.repository import BatchPage
from intake.clock import Clock
from intake.errors import ConflictError, FieldError, NotFoundError, UnsupportedInputError
from tests.fakes.clock import FakeClock


@dataclass
class MemoryBatches:
    """`BatchRepository` in dictionaries."""

    clock: Clock = field(default_factory=FakeClock)
    records: dict[tuple[str, str], Batch] = field(default_factory=dict)
    lines: dict[tuple[str, str, int], LineEnd] = field(default_factory=dict)

    def add(self, batch: Batch) -> None:
        if (batch.tenant, batch.id) in self.records:
            raise ConflictError(f"There is a batch {batch.id} already.")
        self.records[batch.tenant, batch.id] = batch

    def get(self, tenant: str, batch_id: str) -> Batch:
        batch = self.records.get((tenant, batch_id))
        if batch is None or batch.expires_at <= self.clock.now():
            raise NotFoundError(f"There is no batch {batch_id}.")
        return batch

    def replace(self, batch: Batch) -> Batch:
        if self.get(batch.tenant, batch.id).version != batch.version:
            raise ConflictError(f"Batch {batch.id} has changed meanwhile.")
        written = batch.model_copy(update={"version": batch.version + 1})
        self.records[batch.tenant, batch.id] = written
        return written

    def page(self, tenant: str, *, limit: int, cursor: str | None = None) -> BatchPage:
        own = [batch for (owner, _id), batch in self.records.items() if owner == tenant]
        newest_first = sorted(own, key=lambda batch: (batch.created_at, batch.id), reverse=True)
        if cursor is not None:
            ids = [batch.id for batch in newest_first]
            if cursor not in ids:
                message = "This is no cursor."
                raise UnsupportedInputError(message, errors=(FieldError(field="cursor", message=message),))
            newest_first = newest_first[ids.index(cursor) + 1 :]
        page = tuple(newest_first[:limit])
        return BatchPage(page, page[-1].id if len(newest_first) > limit else None)

    def settle(self, batch: Batch, end: LineEnd) -> bool:
        place = (batch.tenant, batch.id, end.line)
        return self.lines.setdefault(place, end) is end

    def tally(self, batch: Batch) -> Tally:
        ends = self._ends(batch)
        return Tally(ended=len(ends), failed=sum(end.outcome is Outcome.FAILED for end in ends))

    def ends(self, batch: Batch, *, after: int = 0, limit: int, only: Outcome | None = None) -> tuple[LineEnd, ...]:
        found = [end for end in self._ends(batch) if end.line > after and only in (None, end.outcome)]
        return tuple(found[:limit])

    def _ends(self, batch: Batch) -> list[LineEnd]:
        return [
            end
            for (tenant, batch_id, _line), end in sorted(self.lines.items())
            if (tenant, batch_id) == (batch.tenant, batch.id)
        ]
