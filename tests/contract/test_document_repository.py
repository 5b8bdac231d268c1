"""One contract for the documents table and for its fake."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import timedelta

import boto3
import pytest

from intake.documents.model import Document, StageRecord, Status
from intake.documents.repository import DocumentRepository
from intake.errors import ConflictError, NotFoundError, TransientError, UnsupportedInputError
from intake.storage.documents import DynamoDocuments
from tests.fakes.clock import FakeClock
from tests.fakes.documents import MemoryDocuments
from tests.fakes.tables import dynamodb_table
from tests.unit.documents.bench import document

NOW = FakeClock().now()
SHA = "ab" * 32


@pytest.fixture(params=["memory", "dynamodb"])
def documents(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[DocumentRepository]:
    if request.param == "memory":
        yield MemoryDocuments()
        return
    with dynamodb_table(monkeypatch, "documents") as table:
        yield DynamoDocuments(table)


def with_status(made: Document, status: Status) -> Document:
    return made.moved(StageRecord(stage=status, at=NOW, cost_microusd=12, duration_ms=34))


def test_a_document_comes_back_as_it_was_stored(documents: DocumentRepository) -> None:
    made = document(sha256=SHA, notices=("A notice — with ñ.",))
    documents.add(made)

    assert documents.get("acme", "doc_1") == made


def test_a_document_is_added_once(documents: DocumentRepository) -> None:
    documents.add(document())

    with pytest.raises(ConflictError):
        documents.add(document(pages=3))

    assert documents.get("acme", "doc_1").pages is None


@pytest.mark.parametrize(("tenant", "document_id"), [("acme", "doc_2"), ("other", "doc_1")])
def test_what_is_not_there_is_not_found(documents: DocumentRepository, tenant: str, document_id: str) -> None:
    documents.add(document())

    with pytest.raises(NotFoundError):
        documents.get(tenant, document_id)


def test_a_change_is_written_over_the_version_it_came_from(documents: DocumentRepository) -> None:
    documents.add(document())

    written = documents.replace(with_status(documents.get("acme", "doc_1"), Status.VALIDATED))

    assert written.version == 1
    assert documents.get("acme", "doc_1") == written


def test_of_two_changes_at_once_one_is_refused(documents: DocumentRepository) -> None:
    documents.add(document())
    seen_by_both = documents.get("acme", "doc_1")
    documents.replace(with_status(seen_by_both, Status.VALIDATED))

    with pytest.raises(ConflictError):
        documents.replace(with_status(seen_by_both, Status.CANCELLED))

    assert documents.get("acme", "doc_1").status is Status.VALIDATED


def test_a_document_that_is_not_there_cannot_be_changed(documents: DocumentRepository) -> None:
    with pytest.raises(ConflictError):
        documents.replace(document())


def add_five(documents: DocumentRepository) -> None:
    for number in range(5):
        documents.add(document(f"doc_{number}", created_at=NOW + timedelta(minutes=number)))
    documents.add(document("doc_9", tenant="other"))
    documents.replace(with_status(documents.get("acme", "doc_2"), Status.REJECTED))


def test_documents_are_listed_newest_first_page_by_page(documents: DocumentRepository) -> None:
    add_five(documents)

    ids: list[str] = []
    cursor: str | None = None
    pages = 0
    while pages == 0 or cursor is not None:
        page = documents.page("acme", limit=2, cursor=cursor)
        ids += [item.id for item in page.items]
        cursor, pages = page.cursor, pages + 1

    assert ids == ["doc_4", "doc_3", "doc_2", "doc_1", "doc_0"]
    assert pages == 3


def test_the_list_is_as_fresh_as_the_documents(documents: DocumentRepository) -> None:
    add_five(documents)

    assert documents.page("acme").items[2].status is Status.REJECTED


def test_documents_are_listed_by_status_though_few_have_it(documents: DocumentRepository) -> None:
    add_five(documents)

    page = documents.page("acme", status=Status.REJECTED, limit=1)
    rest = documents.page("acme", status=Status.REJECTED, limit=1, cursor=page.cursor) if page.cursor else None

    assert [item.id for item in page.items] == ["doc_2"]
    assert rest is None or rest.items == ()


def test_a_tenant_without_documents_has_an_empty_list(documents: DocumentRepository) -> None:
    add_five(documents)

    assert documents.page("nobody").items == ()


def test_made_up_cursors_are_refused(documents: DocumentRepository) -> None:
    without_time = base64.urlsafe_b64encode(b'["yesterday", "doc_1"]').decode()
    for cursor in ("ñ", "@@", "eyJhIjoxfQ==", without_time):
        with pytest.raises(UnsupportedInputError) as caught:
            documents.page("acme", cursor=cursor)
        assert [error.field for error in caught.value.errors] == ["cursor"]


def test_content_belongs_to_the_first_that_claims_it(documents: DocumentRepository) -> None:
    assert documents.claim_content("acme", SHA, "doc_1") == "doc_1"
    assert documents.claim_content("acme", SHA, "doc_2") == "doc_1"
    assert documents.claim_content("acme", SHA, "doc_1") == "doc_1"
    assert documents.claim_content("other", SHA, "doc_3") == "doc_3"


def test_content_passes_on_from_a_named_owner_only(documents: DocumentRepository) -> None:
    documents.claim_content("acme", SHA, "doc_1")

    assert documents.claim_content("acme", SHA, "doc_2", instead_of="doc_7") == "doc_1"
    assert documents.claim_content("acme", SHA, "doc_2", instead_of="doc_1") == "doc_2"
    assert documents.claim_content("acme", SHA, "doc_3", instead_of="doc_1") == "doc_2"


@pytest.mark.parametrize(
    "ask",
    [
        lambda documents: documents.add(document()),
        lambda documents: documents.get("acme", "doc_1"),
        lambda documents: documents.replace(document()),
        lambda documents: documents.page("acme"),
        lambda documents: documents.claim_content("acme", SHA, "doc_1"),
    ],
    ids=["add", "get", "replace", "page", "claim_content"],
)
def test_a_failure_of_the_table_is_one_that_a_machine_retries(
    ask: Callable[[DocumentRepository], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with dynamodb_table(monkeypatch, "documents") as table:
        boto3.client("dynamodb").delete_table(TableName=table)

        with pytest.raises(TransientError):
            ask(DynamoDocuments(table))
