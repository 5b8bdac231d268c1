"""Batches in DynamoDB, in the interactions table: one item a batch, one for each line that has ended.

``pk`` is ``<tenant>#batch#<id>``; ``sk`` is ``batch``, or ``line#`` and the number of the line in six digits, so that
lines come in the order of the file. In the index ``by_tenant``, batches stand apart from inputs, as ``<tenant>#batch``.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import GetError, PutError, PynamoDBException, QueryError, UpdateError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from intake.batches.model import Batch, LineEnd, Outcome, Tally
from intake.batches.repository import BatchPage
from intake.clock import Clock, iso
from intake.errors import ConflictError, NotFoundError, TransientError
from intake.storage.cursors import cursor_of, key_of
from intake.storage.items import CONDITION_FAILED
from intake.storage.tables import bind

if TYPE_CHECKING:
    from pynamodb.expressions.update import Action

_BATCH, _LINE = "batch", "line#"


class _ByTenant(GlobalSecondaryIndex["_BatchItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_tenant"
        projection = KeysOnlyProjection()

    tenant = UnicodeAttribute(hash_key=True)
    created = UnicodeAttribute(range_key=True)


class _BatchItem(Model):
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    expires_at = NumberAttribute()
    by_tenant = _ByTenant()
    # Of a line, only these two are set.
    outcome = UnicodeAttribute(null=True)
    end = UnicodeAttribute(null=True)
    # Of a batch, only these.
    tenant = UnicodeAttribute(null=True)
    created = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    body = UnicodeAttribute(null=True)


class DynamoBatches:
    """`intake.batches.repository.BatchRepository` over the interactions table."""

    def __init__(self, table_name: str, clock: Clock) -> None:
        self._items = bind(_BatchItem, table_name)
        self._clock = clock

    def add(self, batch: Batch) -> None:
        item = self._items(
            _partition(batch.tenant, batch.id),
            _BATCH,
            tenant=_listed_under(batch.tenant),
            created=f"{iso(batch.created_at)}#{batch.id}",
            version=batch.version,
            body=batch.model_dump_json(),
            expires_at=int(batch.expires_at.timestamp()),
        )
        if not self._put(item):
            raise ConflictError(f"There is a batch {batch.id} already.")

    def get(self, tenant: str, batch_id: str) -> Batch:
        try:
            item = self._items.get(_partition(tenant, batch_id), _BATCH, consistent_read=True)
        except self._items.DoesNotExist as error:
            raise _no_such(batch_id) from error
        except GetError as error:
            raise _translated(error) from error
        if item.expires_at <= self._clock.now().timestamp():
            # The table forgets an expired item some hours late.
            raise _no_such(batch_id)
        return Batch.model_validate_json(item.body)

    def replace(self, batch: Batch) -> Batch:
        written = batch.model_copy(update={"version": batch.version + 1})
        item = self._items(_partition(batch.tenant, batch.id), _BATCH)
        actions: list[Action] = [
            self._items.version.set(written.version),
            self._items.body.set(written.model_dump_json()),
        ]
        try:
            item.update(actions=actions, condition=self._items.version == batch.version)
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                raise ConflictError(f"Batch {batch.id} has changed meanwhile. Send the request again.") from error
            raise _translated(error) from error
        return written

    def page(self, tenant: str, *, limit: int, cursor: str | None = None) -> BatchPage:
        start = key_of(
            cursor,
            listed_under=_listed_under(tenant),
            partition=partial(_partition, tenant),
            sort_key=_BATCH,
            of_what="batches",
        )
        try:
            found = self._items.by_tenant.query(
                _listed_under(tenant),
                scan_index_forward=False,
                limit=limit,
                page_size=limit,
                last_evaluated_key=start,
            )
            ids = [str(item.created).partition("#")[2] for item in found]
        except QueryError as error:
            raise _translated(error) from error
        items = []
        for batch_id in ids:
            try:
                items.append(self.get(tenant, batch_id))
            except NotFoundError:
                continue  # It has expired; the index forgets it late.
        return BatchPage(tuple(items), cursor_of(found.last_evaluated_key))

    def settle(self, batch: Batch, end: LineEnd) -> bool:
        return self._put(
            self._items(
                _partition(batch.tenant, batch.id),
                _line(end.line),
                outcome=end.outcome.value,
                end=end.model_dump_json(exclude={"outcome"}),
                expires_at=int(batch.expires_at.timestamp()),
            )
        )

    def tally(self, batch: Batch) -> Tally:
        partition, lines = _partition(batch.tenant, batch.id), self._items.sk.startswith(_LINE)
        failed = self._items.outcome == Outcome.FAILED.value
        try:
            return Tally(
                # First: a line that fails in between is among those that have ended.
                failed=self._items.count(partition, lines, filter_condition=failed, consistent_read=True),
                ended=self._items.count(partition, lines, consistent_read=True),
            )
        except QueryError as error:
            raise _translated(error) from error

    def ends(self, batch: Batch, *, after: int = 0, limit: int, only: Outcome | None = None) -> tuple[LineEnd, ...]:
        try:
            found = self._items.query(
                _partition(batch.tenant, batch.id),
                self._items.sk.between(_line(after + 1), f"{_LINE}~"),
                filter_condition=None if only is None else self._items.outcome == only.value,
                consistent_read=True,
                limit=limit,
            )
            return tuple(_end(item) for item in found)
        except QueryError as error:
            raise _translated(error) from error

    def _put(self, item: _BatchItem) -> bool:
        """Write an item that is not there yet, and say whether it was so."""
        try:
            item.save(condition=self._items.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == CONDITION_FAILED:
                return False
            raise _translated(error) from error
        return True


def _partition(tenant: str, batch_id: str) -> str:
    return f"{tenant}#batch#{batch_id}"


def _listed_under(tenant: str) -> str:
    return f"{tenant}#batch"


def _line(number: int) -> str:
    return f"{_LINE}{number:06}"


def _end(item: _BatchItem) -> LineEnd:
    fields: dict[str, Any] = json.loads(item.end or "{}")
    return LineEnd.model_validate(fields | {"outcome": item.outcome})


def _no_such(batch_id: str) -> NotFoundError:
    return NotFoundError(f"There is no batch {batch_id}.")


def _translated(error: PynamoDBException) -> TransientError:
    """Say a failure of the table as one that may pass: the machine retries it, and then gives up."""
    return TransientError(f"The table of batches answered {error.cause_response_code or 'nothing'}.")
