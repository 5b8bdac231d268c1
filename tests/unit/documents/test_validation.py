from __future__ import annotations

import io

import pytest
from PIL import Image
from pydantic import ValidationError

from intake.documents.images import MAX_PIXELS
from intake.documents.model import MAX_BYTES, Status
from intake.documents.validation import ValidateCommand
from intake.errors import DocumentRejectedError, NotFoundError
from tests.unit.documents.bench import BUCKET, PDF_BYTES, Bench, Facts, document, sha256


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), frames: int = 1) -> bytes:
    output = io.BytesIO()
    images = [Image.new("L", size, 200 + number) for number in range(frames)]
    extra = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    images[0].save(output, kind, **extra)
    return output.getvalue()


def test_a_sound_pdf_is_validated(bench: Bench) -> None:
    outcome, stored = bench.validate(bench.drop("plan.pdf", PDF_BYTES))

    assert outcome == "validated"
    assert (stored.status, stored.pages, stored.content_type) == (Status.VALIDATED, 2, "application/pdf")
    assert (stored.size, stored.sha256) == (len(PDF_BYTES), sha256(PDF_BYTES))
    assert stored.notices == ()


@pytest.mark.parametrize(
    ("filename", "body", "media_type"),
    [
        ("scan.png", picture("PNG"), "image/png"),
        ("scan.jpg", picture("JPEG"), "image/jpeg"),
        ("scan.tif", picture("TIFF", frames=3), "image/tiff"),
        ("letter.txt", "Estimados señores: mi póliza …".encode(), "text/plain"),
        ("letter.txt", "Estimados señores".encode("cp1252"), "text/plain"),
        ("letter.txt", "Estimados señores".encode("utf-16"), "text/plain"),
        ("notes.md", b"# Heading\n\nText.", "text/markdown"),
        ("late.pdf", b"\n" * 900 + PDF_BYTES, "application/pdf"),
    ],
)
def test_the_type_comes_from_the_bytes(bench: Bench, filename: str, body: bytes, media_type: str) -> None:
    outcome, stored = bench.validate(bench.drop(filename, body))

    assert (outcome, stored.content_type) == ("validated", media_type)


def test_a_png_named_pdf_is_read_as_what_it_is_and_says_so(bench: Bench) -> None:
    outcome, stored = bench.validate(bench.drop("plan.pdf", picture("PNG")))

    assert (outcome, stored.content_type, stored.has_text_layer) == ("validated", "image/png", False)
    assert stored.notices == ("The file is named as a PDF, but is a PNG image; it was read as what it is.",)


@pytest.mark.parametrize(
    ("filename", "body", "code"),
    [
        ("empty.pdf", b"", "empty"),
        ("blank.txt", b" \n\t ", "empty"),
        ("program.pdf", b"\x7fELF\x02\x01\x01\x00" + bytes(64), "unsupported_type"),
        ("noise.txt", bytes(range(256)), "unsupported_type"),
        ("files.zip", b"PK\x03\x04" + bytes(60), "unsupported_type"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60), "unsupported_type"),
        ("cut.png", picture("PNG")[:20], "damaged"),
        ("cut.jpg", picture("JPEG")[:15], "damaged"),
        ("huge.pdf", bytes(MAX_BYTES + 1), "too_large"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_its_reason(bench: Bench, filename: str, body: bytes, code: str) -> None:
    outcome, stored = bench.validate(bench.drop(filename, body))

    assert outcome == "rejected"
    assert stored.error is not None
    assert (stored.error.stage, stored.error.code) == ("validate", code)
    assert stored.error.message.endswith(".")


def test_a_file_of_no_known_kind_is_called_so(bench: Bench) -> None:
    _outcome, stored = bench.validate(bench.drop("program.pdf", b"\x7fELF\x02\x01\x01\x00" + bytes(64)))

    assert stored.error is not None
    assert stored.error.message.startswith("The file is of no known kind, which cannot be read. Send a PDF")


def test_a_picture_bomb_is_rejected_without_being_decoded(bench: Bench) -> None:
    side = int(MAX_PIXELS**0.5) + 100
    output = io.BytesIO()
    Image.new("1", (side, side)).save(output, "PNG")

    outcome, stored = bench.validate(bench.drop("wall.png", output.getvalue()))

    assert outcome == "rejected"
    assert stored.error is not None
    assert stored.error.code == "too_large"


@pytest.mark.parametrize("code", ["encrypted", "damaged", "bomb"])
def test_what_the_inspector_refuses_is_rejected(bench: Bench, code: str) -> None:
    bench.facts = DocumentRejectedError("The PDF cannot be opened.", code=code)

    outcome, stored = bench.validate(bench.drop("plan.pdf", PDF_BYTES))

    assert outcome == "rejected"
    assert stored.error is not None
    assert stored.error.code == code


@pytest.mark.parametrize(("pages", "code"), [(0, "empty"), (501, "too_many_pages")])
def test_the_number_of_pages_is_limited(bench: Bench, pages: int, code: str) -> None:
    bench.facts = Facts(pages=pages)

    _outcome, stored = bench.validate(bench.drop("plan.pdf", PDF_BYTES))

    assert stored.error is not None
    assert stored.error.code == code


def test_a_file_that_is_not_the_announced_one_is_rejected(bench: Bench) -> None:
    announced = document("doc_1", sha256="ab" * 32)
    bench.documents.add(announced)
    bench.objects.put(BUCKET, announced.key, PDF_BYTES)

    outcome, stored = bench.validate(ValidateCommand(tenant="acme", document_id="doc_1"))

    assert outcome == "rejected"
    assert stored.error is not None
    assert stored.error.code == "checksum_mismatch"


def test_the_same_bytes_again_are_a_duplicate_of_the_first(bench: Bench) -> None:
    first = bench.validated("plan.pdf")

    outcome, second = bench.validate(bench.drop("copy of plan.pdf", PDF_BYTES))

    assert (outcome, second.status, second.duplicate_of) == ("duplicate", Status.DUPLICATE, first.document_id)


def test_the_same_bytes_of_another_tenant_are_no_duplicate(bench: Bench) -> None:
    bench.validated("plan.pdf")

    outcome, _document = bench.validate(bench.drop("plan.pdf", PDF_BYTES, tenant="other"))

    assert outcome == "validated"


def test_bytes_whose_first_document_came_to_nothing_are_new(bench: Bench) -> None:
    bench.facts = DocumentRejectedError("damaged", code="damaged")
    bench.validate(bench.drop("first.pdf", PDF_BYTES))
    bench.facts = Facts()
    second = bench.validated("second.pdf")
    failed = bench.get(second)
    bench.documents.records["acme", failed.id] = failed.model_copy(update={"status": Status.FAILED_PARSE})

    outcome, _document = bench.validate(bench.drop("third.pdf", PDF_BYTES))

    assert outcome == "validated"


def test_validating_twice_changes_nothing(bench: Bench) -> None:
    event = bench.drop("plan.pdf", PDF_BYTES)
    first = bench.validate(event)
    bench.clock.advance(seconds=5)

    assert bench.validate(event) == first


def test_the_event_of_a_finished_document_starts_nothing(bench: Bench) -> None:
    event = bench.drop("plan.pdf", PDF_BYTES)
    command = bench.completed()

    outcome, stored = bench.validate(event)

    assert (outcome, stored.id) == ("complete", command.document_id)


def test_a_missing_file_is_not_the_documents_fault(bench: Bench) -> None:
    bench.documents.add(document("doc_1"))

    with pytest.raises(NotFoundError):
        bench.validate(ValidateCommand(tenant="acme", document_id="doc_1"))

    assert bench.documents.get("acme", "doc_1").status is Status.UPLOADED


def test_a_command_must_name_a_document() -> None:
    with pytest.raises(ValidationError, match="S3 event"):
        ValidateCommand.model_validate({"tenant": "acme"})
