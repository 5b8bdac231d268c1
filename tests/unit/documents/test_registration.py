from __future__ import annotations

from dataclasses import dataclass

import pytest

from intake.documents.files import read_upload_key, upload_key
from intake.documents.model import MAX_BYTES, Status
from intake.documents.registration import Arrival, RegisterCommand, register, register_arrival
from intake.errors import NotFoundError, UnsupportedInputError
from tests.unit.documents.bench import BUCKET, Bench


@dataclass(frozen=True)
class Form:
    url: str
    fields: dict[str, str]


class RecordingSigner:
    def sign(self, bucket: str, key: str, *, content_type: str, max_bytes: int) -> Form:
        return Form(f"https://{bucket}.example", {"key": key, "Content-Type": content_type, "max": str(max_bytes)})


def command(**facts: object) -> RegisterCommand:
    usual = {"filename": "plan 2026.pdf", "content_type": "application/pdf", "size": 1000}
    return RegisterCommand.model_validate(usual | facts)


def test_a_registered_document_waits_for_its_file(bench: Bench) -> None:
    made = register(
        command(sha256="AB" * 32),
        tenant="acme",
        bucket=BUCKET,
        documents=bench.documents,
        signer=RecordingSigner(),
        clock=bench.clock,
    )

    stored = bench.documents.get("acme", made.document.id)
    assert stored.status is Status.UPLOADED
    assert stored.sha256 == "ab" * 32
    assert made.fields["key"] == stored.key == f"uploads/acme/{stored.id}/plan 2026.pdf"
    assert made.fields["max"] == str(MAX_BYTES)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"filename": "  "}, "filename"),
        ({"filename": "a" * 256}, "filename"),
        ({"filename": "../../etc/passwd"}, "filename"),
        ({"filename": "plan\x00.pdf"}, "filename"),
        ({"filename": ".."}, "filename"),
        ({"content_type": "pdf"}, "content_type"),
        ({"content_type": "text/plain\r\nX-Evil: 1"}, "content_type"),
        ({"size": 0}, "size"),
        ({"size": -1}, "size"),
        ({"size": MAX_BYTES + 1}, "size"),
        ({"sha256": "xyz"}, "sha256"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(bench: Bench, facts: dict[str, object], field: str) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        register(
            command(**facts),
            tenant="acme",
            bucket=BUCKET,
            documents=bench.documents,
            signer=RecordingSigner(),
            clock=bench.clock,
        )

    assert [error.field for error in caught.value.errors] == [field]
    assert bench.documents.records == {}


def test_all_errors_are_named_at_once(bench: Bench) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        register(
            command(filename="", size=0, content_type=""),
            tenant="acme",
            bucket=BUCKET,
            documents=bench.documents,
            signer=RecordingSigner(),
            clock=bench.clock,
        )

    assert {error.field for error in caught.value.errors} == {"filename", "size", "content_type"}


def test_an_event_delivered_twice_is_one_document(bench: Bench) -> None:
    arrival = Arrival(bucket=BUCKET, key="uploads/acme/letter.txt", etag="e1", size=5)
    first = register_arrival(arrival, documents=bench.documents, now=bench.clock.now())
    bench.clock.advance(seconds=30)
    second = register_arrival(arrival, documents=bench.documents, now=bench.clock.now())

    assert second == first
    assert len(bench.documents.records) == 1


def test_new_content_under_an_old_name_is_a_new_document(bench: Bench) -> None:
    ids = {
        register_arrival(
            Arrival(bucket=BUCKET, key="uploads/acme/letter.txt", etag=etag, size=5),
            documents=bench.documents,
            now=bench.clock.now(),
        ).id
        for etag in ("e1", "e2")
    }

    assert len(ids) == 2


@pytest.mark.parametrize(
    "key", ["letter.txt", "uploads/letter.txt", "uploads/acme/", "uploads/ACME/x.txt", "other/acme/x"]
)
def test_a_file_of_no_tenant_is_refused(bench: Bench, key: str) -> None:
    with pytest.raises(UnsupportedInputError):
        register_arrival(
            Arrival(bucket=BUCKET, key=key, etag="e", size=1), documents=bench.documents, now=bench.clock.now()
        )


def test_a_registered_key_without_its_document_is_not_found(bench: Bench) -> None:
    arrival = Arrival(bucket=BUCKET, key="uploads/acme/doc_unknown/x.pdf", etag="e", size=1)

    with pytest.raises(NotFoundError):
        register_arrival(arrival, documents=bench.documents, now=bench.clock.now())


@pytest.mark.parametrize("filename", ["plan.pdf", "folleto español ñ.pdf", "a b(1).pdf", "x" * 255, "emoji 🦊.pdf"])
def test_the_key_of_an_upload_leads_back_to_its_document(filename: str) -> None:
    place = read_upload_key(upload_key("acme", "doc_1", filename))

    assert (place.tenant, place.document_id) == ("acme", "doc_1")
