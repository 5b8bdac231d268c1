"""Erasures in memory, beside the inputs that they erase, under the same contract test as the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intake.errors import NotFoundError
from intake.inputs.erasures import Erasure, ErasureStatus, Removed, Tombstone
from intake.inputs.model import Input, StoredFile
from tests.fakes.inputs import MemoryInputs


@dataclass
class MemoryErasures:
    """`ErasureRepository` in dictionaries."""

    inputs: MemoryInputs
    erasures: dict[tuple[str, str], Erasure] = field(default_factory=dict)
    tombstones: dict[tuple[str, str], Tombstone] = field(default_factory=dict)
    lists: dict[str, set[str]] = field(default_factory=dict)

    def open(self, erasure: Erasure) -> Erasure:
        return self.erasures.setdefault((erasure.tenant, erasure.id), erasure)

    def get(self, tenant: str, erasure_id: str) -> Erasure:
        found = self.erasures.get((tenant, erasure_id))
        if found is None or found.expires_at <= self.inputs.clock.now():
            raise NotFoundError(f"There is no erasure {erasure_id}.")
        return found

    def user(self, tenant: str, user_id: str) -> str:
        return f"{tenant}#{user_id}"

    def inputs_of(self, erasure: Erasure, *, limit: int) -> Sequence[str]:
        sent = [
            record.id
            for record in self.inputs.records.values()
            if self.user(record.tenant, record.context.user_id or "") == erasure.user
            and record.created_at < erasure.requested_at
        ]
        return sent[:limit]

    def enlist(self, erasure: Erasure, input_id: str) -> None:
        listed = self.lists.setdefault(erasure.id, set())
        if input_id not in listed:
            listed.add(input_id)
            self._change(erasure, inputs=self.get(erasure.tenant, erasure.id).inputs + 1)

    def enlisted(self, erasure: Erasure, *, limit: int) -> Sequence[str]:
        return sorted(self.lists.get(erasure.id, ()))[:limit]

    def bury(self, erasure: Erasure, input_id: str) -> Tombstone:
        place = (erasure.tenant, input_id)
        record = self.inputs.records.pop(place, None)
        if record is not None:
            self.inputs.erased.add(place)
            self.tombstones[place] = Tombstone(
                tenant=erasure.tenant,
                input_id=input_id,
                erasure_id=erasure.id,
                erased_at=erasure.requested_at,
                erased_by=erasure.requested_by,
                lines=tuple(sorted(self.inputs.lines.pop(place, ()))),
                files=_files(record),
            )
        return self.tombstone(erasure.tenant, input_id)

    def tombstone(self, tenant: str, input_id: str) -> Tombstone:
        found = self.tombstones.get((tenant, input_id))
        if found is None:
            raise NotFoundError(f"There is no input {input_id}.")
        return found

    def clear(self, tenant: str, input_id: str) -> int:
        return 0 if self.inputs.vaults.pop((tenant, input_id), None) is None else 1

    def count(self, erasure: Erasure, input_id: str, removed: Removed) -> None:
        so_far = self.get(erasure.tenant, erasure.id).removed
        sums = {name: getattr(so_far, name) + getattr(removed, name) for name in Removed.model_fields}
        self._change(erasure, removed=Removed(**sums))

    def settle(self, erasure: Erasure, input_id: str) -> None:
        place = (erasure.tenant, input_id)
        if place in self.tombstones:
            self.tombstones[place] = self.tombstones[place].model_copy(update={"lines": (), "files": ()})
        self.lists.get(erasure.id, set()).discard(input_id)

    def close(self, erasure: Erasure, completed_at: datetime) -> None:
        self._change(erasure, status=ErasureStatus.ERASED, completed_at=completed_at)

    def _change(self, erasure: Erasure, **changes: object) -> None:
        place = (erasure.tenant, erasure.id)
        self.erasures[place] = self.erasures[place].model_copy(update=changes)


def _files(record: Input) -> tuple[StoredFile, ...]:
    named = [StoredFile(bucket=file.bucket, key=file.key) for file in (record.uploaded, record.audio) if file]
    return tuple(dict.fromkeys(named))
