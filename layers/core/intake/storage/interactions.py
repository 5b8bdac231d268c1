"""Inputs in DynamoDB: one item an input, one attribute a stage; ``pk`` is ``<tenant>#input#<id>``.

A stage costs one read and one write. Every stage's result is written on condition that it is the first one, so that a
stage that runs twice changes nothing. The vault of masked personal data is an item of its own beside the input, which
neither reads of the input nor the index of lists ever touch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import (
    BooleanAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.exceptions import GetError, PutError, PynamoDBException, QueryError, UpdateError
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from intake.clock import Clock, iso
from intake.errors import ConflictError, ErasedError, NotFoundError, TransientError
from intake.inputs.model import Input, InputError, Stage, Status
from intake.inputs.progress import of_failure, of_result
from intake.inputs.repository import InputPage, InputSummary, ResultT
from intake.inputs.results import Detection
from intake.money import Charge
from intake.progress import Entry
from intake.storage.cursors import cursor_of, key_of
from intake.storage.items import CONDITION_FAILED
from intake.storage.tables import bind

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

INPUT = "input"
"""The item of an input; beside it, a partition may hold others."""
_VAULT = "vault"
_STAGES = tuple(stage.value for stage in Stage)


class _ByTenant(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_tenant"
        projection = IncludeProjection(["status", "language", "target_language", "spoken"])

    tenant = UnicodeAttribute(hash_key=True)
    created = UnicodeAttribute(range_key=True)


class _ByUser(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_user"
        projection = KeysOnlyProjection()

    user = UnicodeAttribute(hash_key=True)
    created = UnicodeAttribute(range_key=True)


class _InputItem(Model):
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    # Of the vault, only these are set: without tenant and created, it is in no list.
    secrets = UnicodeAttribute(null=True)
    expires_at = NumberAttribute()

    by_user = _ByUser()
    user = UnicodeAttribute(null=True)
    by_tenant = _ByTenant()
    tenant = UnicodeAttribute(null=True)
    created = UnicodeAttribute(null=True)
    status = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    """As far as it is known: as it was declared, which may be ``auto``, then as it was found."""
    target_language = UnicodeAttribute(null=True)
    spoken = BooleanAttribute(null=True)
    accepted = UnicodeAttribute(null=True)
    """The input as it was accepted, before any stage."""
    failure = UnicodeAttribute(null=True)
    prepare_audio = UnicodeAttribute(null=True)
    progress: ListAttribute[str] = ListAttribute(null=True)
    """One text of JSON an entry; a list that only grows, so that its order numbers them."""
    plan_transcription = UnicodeAttribute(null=True)
    transcribe = UnicodeAttribute(null=True)
    detect_language = UnicodeAttribute(null=True)
    plan_translation = UnicodeAttribute(null=True)
    translate = UnicodeAttribute(null=True)
    plan_sanitization = UnicodeAttribute(null=True)
    sanitize = UnicodeAttribute(null=True)
    assess = UnicodeAttribute(null=True)
    record = UnicodeAttribute(null=True)
    lines = UnicodeSetAttribute(null=True)
    """Keys of the cache lines that may hold words of the input."""
    failed_charges = UnicodeSetAttribute(null=True)
    """What failed calls cost: a set, so that a write which is delivered twice counts once."""
    erased_at = UnicodeAttribute(null=True)
    """Set on what is left of an erased input; see `intake.storage.erasures`."""


class DynamoInputs:
    """`intake.inputs.repository.InputRepository` over the interactions table."""

    def __init__(self, table_name: str, clock: Clock) -> None:
        self._items = bind(_InputItem, table_name)
        self._clock = clock

    def create(self, record: Input) -> None:
        item = self._items(
            partition(record.tenant, record.id),
            INPUT,
            user=user_key(record.tenant, record.context.user_id) if record.context.user_id else None,
            tenant=record.tenant,
            created=_order(record),
            status=record.status.value,
            language=record.declared_language,
            target_language=record.target_language,
            spoken=record.audio is not None,
            accepted=record.model_dump_json(exclude={*_STAGES, "status", "failure", "failed_charges", "progress"}),
            failure=None if record.failure is None else record.failure.model_dump_json(),
            progress=[_stored(entry) for entry in record.progress] or None,
            expires_at=int(record.expires_at.timestamp()),
        )
        try:
            item.save(condition=self._items.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == CONDITION_FAILED:
                raise ConflictError(f"There is an input {record.id} already.") from error
            raise _translated(error) from error

    def get(self, tenant: str, input_id: str) -> Input:
        try:
            item = self._items.get(partition(tenant, input_id), INPUT, consistent_read=True)
        except self._items.DoesNotExist as error:
            raise _no_such(input_id) from error
        except GetError as error:
            raise _translated(error) from error
        if item.expires_at <= self._clock.now().timestamp():
            # The table forgets an expired item some hours late.
            raise _no_such(input_id)
        if item.erased_at:
            raise ErasedError(f"The input {input_id} was erased on {item.erased_at}. Nothing that was said is kept.")
        return _input(item)

    def claim(self, tenant: str, input_id: str, line: str) -> None:
        if not self._updated(tenant, input_id, INPUT, [self._items.lines.add({line})], self._there):
            self.get(tenant, input_id)

    def note_charge(self, tenant: str, input_id: str, charge: Charge) -> None:
        action = self._items.failed_charges.add({charge.model_dump_json()})
        self._updated(tenant, input_id, INPUT, [action], self._there)

    def keep(
        self, tenant: str, input_id: str, stage: Stage, result: ResultT, *, lines: Collection[str] = ()
    ) -> ResultT:
        attribute = getattr(self._items, stage.value)
        told = self._added(of_result(stage, result, self._clock.now()))
        keep, status = attribute.set(result.model_dump_json()), self._items.status
        found = [self._items.language.set(result.language)] if isinstance(result, Detection) and result.language else []
        first = self._there & attribute.does_not_exist() & (status != Status.COMPLETED.value)
        if stage is Stage.RECORD:
            claims = [self._items.lines.add(set(lines))] if lines else []
            writes = [([keep, told, status.set(Status.COMPLETED.value), *claims], first)]
        else:
            # A stage that outlives its run must not make a failed input look as if it were worked on.
            unfailed = first & (status != Status.FAILED.value)
            writes = [
                ([keep, told, *found, status.set(Status.PROCESSING.value)], unfailed),
                ([keep, told, *found], first),
            ]
        if any(self._updated(tenant, input_id, INPUT, actions, condition) for actions, condition in writes):
            return result
        kept: ResultT | None = getattr(self.get(tenant, input_id), stage.value)
        # A completed input takes no more results; whoever still works on it goes on with its own.
        return result if kept is None else kept

    def fail(self, tenant: str, input_id: str, error: InputError) -> None:
        status = self._items.status
        actions: list[Action] = [self._items.failure.set(error.model_dump_json()), status.set(Status.FAILED.value)]
        unfinished = self._there & (status != Status.COMPLETED.value)
        # Of a stage that failed, and then of its run: it is told once that the input failed.
        unfailed = unfinished & (status != Status.FAILED.value)
        writes = [([*actions, self._added(of_failure(error))], unfailed), (actions, unfinished)]
        if not any(self._updated(tenant, input_id, INPUT, each, condition) for each, condition in writes):
            # It is completed, and stays so; or it is not there, and then this says so.
            self.get(tenant, input_id)

    def note(self, tenant: str, input_id: str, entry: Entry) -> None:
        if not self._updated(tenant, input_id, INPUT, [self._added(entry)], self._there):
            self.get(tenant, input_id)

    def list(self, tenant: str, *, limit: int, cursor: str | None = None) -> InputPage:
        start = key_of(
            cursor, listed_under=tenant, partition=partial(partition, tenant), sort_key=INPUT, of_what="inputs"
        )
        try:
            found = self._items.by_tenant.query(
                tenant,
                scan_index_forward=False,
                limit=limit,
                page_size=limit,
                last_evaluated_key=start,
            )
            items = tuple(_summary(item) for item in found)
        except QueryError as error:
            raise _translated(error) from error
        return InputPage(items, cursor_of(found.last_evaluated_key))

    def put_vault(self, tenant: str, input_id: str, secrets: dict[str, str], expires_at: datetime) -> None:
        actions = [
            self._items.secrets.set(json.dumps(secrets, ensure_ascii=False)),
            self._items.expires_at.set(int(expires_at.timestamp())),
        ]
        self._updated(tenant, input_id, _VAULT, actions, None)

    def get_vault(self, tenant: str, input_id: str) -> dict[str, str]:
        try:
            item = self._items.get(partition(tenant, input_id), _VAULT, consistent_read=True)
        except self._items.DoesNotExist:
            return {}
        except GetError as error:
            raise _translated(error) from error
        secrets: dict[str, str] = json.loads(item.secrets or "{}")
        return secrets

    @property
    def _there(self) -> Any:
        """The condition that an input exists and was not erased."""
        return self._items.pk.exists() & self._items.erased_at.does_not_exist()

    def _added(self, entry: Entry) -> Action:
        progress = self._items.progress
        return progress.set((progress | []).append([_stored(entry)]))

    def _updated(self, tenant: str, input_id: str, sort_key: str, actions: Sequence[Action], condition: Any) -> bool:
        """Apply actions to an item if its condition holds, and say whether it did."""
        try:
            self._items(partition(tenant, input_id), sort_key).update(actions=[*actions], condition=condition)
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise _translated(error) from error
        return True


def partition(tenant: str, input_id: str) -> str:
    """Return the partition of an input: all that is kept of it in this table, in items of any name."""
    return f"{tenant}#input#{input_id}"


def user_key(tenant: str, user_id: str) -> str:
    """Return the key of a tenant's user in the index: a hash, for an id is often an e-mail address."""
    digest = hashlib.sha256("\0".join((tenant, user_id)).encode()).hexdigest()
    return f"{tenant}#{digest}"


def _order(record: Input) -> str:
    return f"{iso(record.created_at)}#{record.id}"


def _input(item: _InputItem) -> Input:
    fields: dict[str, Any] = json.loads(item.accepted or "{}")
    fields["status"] = item.status
    for name in (*_STAGES, "failure"):
        value = getattr(item, name)
        if value is not None:
            fields[name] = json.loads(value)
    fields["failed_charges"] = [json.loads(charge) for charge in sorted(item.failed_charges or ())]
    fields["progress"] = [json.loads(entry) for entry in item.progress or ()]
    return Input.model_validate(fields)


def _stored(entry: Entry) -> str:
    return entry.model_dump_json(exclude_none=True)


def _summary(item: _InputItem) -> InputSummary:
    created, _, input_id = str(item.created).partition("#")
    return InputSummary(
        id=input_id,
        status=Status(item.status),
        created_at=datetime.fromisoformat(created).astimezone(UTC),
        language=str(item.language),
        target_language=str(item.target_language),
        spoken=bool(item.spoken),
    )


def _no_such(input_id: str) -> NotFoundError:
    return NotFoundError(f"There is no input {input_id}.")


def _translated(error: PynamoDBException) -> TransientError:
    """Say a failure of the table as one that may pass: the machine retries it, and then gives up."""
    return TransientError(f"The table of inputs answered {error.cause_response_code or 'nothing'}.")
