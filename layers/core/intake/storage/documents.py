"""Documents in DynamoDB.

``pk`` is ``<tenant>#<document id>``, ``sk`` is ``document``; the index ``by_tenant`` has ``tenant`` and ``created``. A
row ``<tenant>#sha256#<digest>`` names the document that owns those bytes.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import GetError, PutError, PynamoDBException, QueryError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from intake.clock import iso
from intake.documents.model import Document, Status
from intake.documents.repository import DocumentPage
from intake.errors import ConflictError, FieldError, NotFoundError, TransientError, UnsupportedInputError
from intake.storage.items import CONDITION_FAILED
from intake.storage.tables import bind

_DOCUMENT = "document"
_CONTENT = "content"
_MAX_PAGE = 200


class _ByTenant(GlobalSecondaryIndex["_DocumentItem"]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_tenant"
        projection = AllProjection()

    tenant = UnicodeAttribute(hash_key=True)
    created = UnicodeAttribute(range_key=True)


class _DocumentItem(Model):
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    by_tenant = _ByTenant()
    tenant = UnicodeAttribute()
    created = UnicodeAttribute()
    status = UnicodeAttribute()
    version = NumberAttribute()
    body = UnicodeAttribute()


class _ContentItem(Model):
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    document_id = UnicodeAttribute()


class DynamoDocuments:
    """`intake.documents.repository.DocumentRepository` over the documents table."""

    def __init__(self, table_name: str) -> None:
        self._items = bind(_DocumentItem, table_name)
        self._contents = bind(_ContentItem, table_name)

    def add(self, document: Document) -> None:
        item = self._items(
            _partition(document.tenant, document.id),
            _DOCUMENT,
            tenant=document.tenant,
            created=iso(document.created_at),
            status=document.status.value,
            version=document.version,
            body=document.model_dump_json(),
        )
        try:
            item.save(condition=self._items.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == CONDITION_FAILED:
                raise ConflictError(f"There is a document {document.id} already.") from error
            raise _translated(error) from error

    def get(self, tenant: str, document_id: str) -> Document:
        try:
            item = self._items.get(_partition(tenant, document_id), _DOCUMENT, consistent_read=True)
        except self._items.DoesNotExist as error:
            raise NotFoundError(f"There is no document {document_id}.") from error
        except GetError as error:
            raise _translated(error) from error
        return Document.model_validate_json(item.body)

    def replace(self, document: Document) -> Document:
        written = document.model_copy(update={"version": document.version + 1})
        item = self._items(_partition(document.tenant, document.id), _DOCUMENT)
        try:
            item.update(
                actions=[
                    self._items.status.set(written.status.value),
                    self._items.version.set(written.version),
                    self._items.body.set(written.model_dump_json()),
                ],
                condition=self._items.version == document.version,
            )
        except UpdateError as error:
            if error.cause_response_code == CONDITION_FAILED:
                raise ConflictError(f"Document {document.id} has changed meanwhile.") from error
            raise _translated(error) from error
        return written

    def page(
        self, tenant: str, *, status: Status | None = None, limit: int = 50, cursor: str | None = None
    ) -> DocumentPage:
        wanted = min(max(limit, 1), _MAX_PAGE)
        condition: Condition | None = None if status is None else self._items.status == status.value
        rows = self._items.by_tenant.query(
            tenant,
            scan_index_forward=False,
            filter_condition=condition,
            limit=wanted,
            last_evaluated_key=None if cursor is None else _start_key(tenant, cursor),
        )
        try:
            items = tuple(Document.model_validate_json(row.body) for row in rows)
        except QueryError as error:
            raise _translated(error) from error
        more = len(items) == wanted and rows.last_evaluated_key is not None
        return DocumentPage(items, _cursor(items[-1]) if more else None)

    def claim_content(self, tenant: str, sha256: str, document_id: str, *, instead_of: str | None = None) -> str:
        item = self._contents(f"{tenant}#sha256#{sha256}", _CONTENT)
        owner = self._contents.document_id
        condition = self._contents.pk.does_not_exist() | (owner == document_id)
        if instead_of is not None:
            condition |= owner == instead_of
        try:
            item.update(actions=[owner.set(document_id)], condition=condition)
        except UpdateError as error:
            if error.cause_response_code != CONDITION_FAILED:
                raise _translated(error) from error
        else:
            return document_id
        try:
            return self._contents.get(item.pk, _CONTENT, consistent_read=True).document_id
        except GetError as error:
            raise _translated(error) from error


def _partition(tenant: str, document_id: str) -> str:
    return f"{tenant}#{document_id}"


def _cursor(document: Document) -> str:
    place = json.dumps([iso(document.created_at), document.id])
    return base64.urlsafe_b64encode(place.encode()).decode()


def _start_key(tenant: str, cursor: str) -> dict[str, Any]:
    try:
        created, document_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        if not isinstance(document_id, str):
            raise TypeError("an id is a text")
        datetime.fromisoformat(created)
    except (ValueError, TypeError) as error:
        raise UnsupportedInputError(
            "The cursor is not valid.", errors=(FieldError(field="cursor", message="Give one from an earlier answer."),)
        ) from error
    # The tenant is the caller's, never the cursor's: a forged cursor cannot reach another tenant's rows.
    return {
        "pk": {"S": _partition(tenant, document_id)},
        "sk": {"S": _DOCUMENT},
        "tenant": {"S": tenant},
        "created": {"S": created},
    }


def _translated(error: PynamoDBException) -> TransientError:
    """Say a failure of the table as one that may pass: the machine retries it, and then gives up."""
    return TransientError(f"The table of documents answered {error.cause_response_code or 'nothing'}.")
