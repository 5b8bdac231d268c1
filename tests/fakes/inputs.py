"""Inputs, whole answers and files in memory, under the same contract tests as the tables."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from intake.clock import Clock
from intake.errors import ConflictError, ErasedError, FieldError, NotFoundError, UnsupportedInputError
from intake.inputs.languages import AUTO
from intake.inputs.model import Input, InputError, Stage, Status
from intake.inputs.progress import of_failure, of_result
from intake.inputs.repository import InputPage, InputSummary, ResultT
from intake.money import Charge
from intake.progress import Entry
from tests.fakes.clock import FakeClock


@dataclass
class MemoryInputs:
    """`InputRepository` in a dictionary."""

    clock: Clock = field(default_factory=FakeClock)
    records: dict[tuple[str, str], Input] = field(default_factory=dict)
    vaults: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    lines: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    erased: set[tuple[str, str]] = field(default_factory=set)
    writes: int = 0

    def create(self, record: Input) -> None:
        if (record.tenant, record.id) in {*self.records, *self.erased}:
            raise ConflictError(f"There is an input {record.id} already.")
        self._put(record)

    def get(self, tenant: str, input_id: str) -> Input:
        if (tenant, input_id) in self.erased:
            raise ErasedError(f"The input {input_id} was erased.")
        record = self.records.get((tenant, input_id))
        if record is None or record.expires_at <= self.clock.now():
            raise NotFoundError(f"There is no input {input_id}.")
        return record

    def claim(self, tenant: str, input_id: str, line: str) -> None:
        self.get(tenant, input_id)
        self.lines[tenant, input_id].add(line)

    def note_charge(self, tenant: str, input_id: str, charge: Charge) -> None:
        record = self.records.get((tenant, input_id))
        if record is not None and charge not in record.failed_charges:
            self._put(record.model_copy(update={"failed_charges": (*record.failed_charges, charge)}))

    def keep(
        self, tenant: str, input_id: str, stage: Stage, result: ResultT, *, lines: Collection[str] = ()
    ) -> ResultT:
        record = self.get(tenant, input_id)
        kept: ResultT | None = getattr(record, stage.value)
        if kept is not None or record.status is Status.COMPLETED:
            return result if kept is None else kept
        working = Status.FAILED if record.status is Status.FAILED else Status.PROCESSING
        status = Status.COMPLETED if stage is Stage.RECORD else working
        told = of_result(stage, result, self.clock.now())
        self.lines[tenant, input_id].update(lines)
        self._put(
            record.model_copy(update={stage.value: result, "status": status, "progress": (*record.progress, told)})
        )
        return result

    def fail(self, tenant: str, input_id: str, error: InputError) -> None:
        record = self.get(tenant, input_id)
        if record.status is not Status.COMPLETED:
            told = () if record.status is Status.FAILED else (of_failure(error),)
            self._put(
                record.model_copy(
                    update={"failure": error, "status": Status.FAILED, "progress": (*record.progress, *told)}
                )
            )

    def note(self, tenant: str, input_id: str, entry: Entry) -> None:
        record = self.get(tenant, input_id)
        self._put(record.model_copy(update={"progress": (*record.progress, entry)}))

    def list(self, tenant: str, *, limit: int, cursor: str | None = None) -> InputPage:
        newest_first = sorted(
            (record for (owner, _id), record in self.records.items() if owner == tenant),
            key=_order,
            reverse=True,
        )
        if cursor is not None:
            after = _decoded(cursor)
            newest_first = [record for record in newest_first if _order(record) < after]
        page = newest_first[:limit]
        more = len(newest_first) > limit
        return InputPage(tuple(_summary(record) for record in page), _cursor(page[-1]) if more else None)

    def put_vault(self, tenant: str, input_id: str, secrets: dict[str, str], expires_at: datetime) -> None:
        self.vaults[tenant, input_id] = dict(secrets)

    def get_vault(self, tenant: str, input_id: str) -> dict[str, str]:
        return dict(self.vaults.get((tenant, input_id), {}))

    def _put(self, record: Input) -> None:
        self.writes += 1
        self.records[record.tenant, record.id] = record


@dataclass
class MemoryResults:
    """`ResultCache` in a dictionary."""

    answers: dict[tuple[str, str], tuple[str, datetime]] = field(default_factory=dict)

    def line(self, fingerprint: str) -> str:
        return f"line-of-{fingerprint}"

    def get(self, tenant: str, fingerprint: str) -> str | None:
        found = self.answers.get((tenant, fingerprint))
        return found[0] if found else None

    def put(self, tenant: str, fingerprint: str, answer: str, expires_at: datetime) -> None:
        self.answers[tenant, fingerprint] = (answer, expires_at)


@dataclass
class MemoryFiles:
    """`ObjectStore` in a dictionary."""

    files: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def get(self, bucket: str, key: str) -> bytes:
        if (bucket, key) not in self.files:
            raise NotFoundError(f"There is no object at {key}.")
        return self.files[bucket, key]

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/octet-stream") -> None:
        self.files[bucket, key] = bytes(body)

    def erase(self, bucket: str, key: str) -> int:
        return 0 if self.files.pop((bucket, key), None) is None else 1


def _order(record: Input) -> tuple[str, str]:
    return record.created_at.isoformat(), record.id


def _cursor(record: Input) -> str:
    return base64.urlsafe_b64encode("#".join(_order(record)).encode()).decode()


def _decoded(cursor: str) -> tuple[str, str]:
    try:
        created, separator, input_id = base64.b64decode(cursor, altchars=b"-_", validate=True).decode().partition("#")
    except ValueError:
        created = separator = input_id = ""
    if not separator:
        message = "This is no cursor."
        raise UnsupportedInputError(message, errors=(FieldError(field="cursor", message=message),))
    return created, input_id


def _summary(record: Input) -> InputSummary:
    return InputSummary(
        id=record.id,
        status=record.status,
        created_at=record.created_at,
        language=record.source_language or AUTO,
        target_language=record.target_language,
        spoken=record.audio is not None,
    )
