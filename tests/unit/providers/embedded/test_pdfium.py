"""PDF text: sound documents are read, broken ones rejected by name, and none takes the process down."""

import resource
from collections.abc import Callable

import pytest

from intake.errors import DocumentRejectedError, UnsupportedInputError
from intake.providers.embedded._subprocess import Ending, ProgramError
from intake.providers.embedded.pdfium import PDF, Pdfium, inspect_pdf, reject_or_raise
from intake.providers.ports import Need, ParsedDocument, ParseRequest
from tests.unit.providers.embedded.documents import bomb_pdf, cut_off, handmade_pdf, pdf, picture_of, scan_of

Reader = Callable[[bytes], object]

PAGES = ("Your deductible is 500 dollars.", "Collision coverage repairs your car.")


def parsed(document: bytes) -> ParsedDocument:
    return Pdfium().call(ParseRequest(document=document, media_type=PDF)).value


def test_each_page_gives_its_text() -> None:
    document = parsed(pdf(PAGES))

    assert [(page.number, page.text, page.error) for page in document.pages] == [
        (1, PAGES[0], None),
        (2, PAGES[1], None),
    ]


def test_lines_end_alike_and_broken_words_are_mended() -> None:
    # "bene-" ends a line in the middle of a word that the page knows; the hyphen of "out-of" is its own.
    lines = ["benefits are", "paid as bene-", "fits when out-", "of network"]
    content = b"BT /F1 12 Tf 14 TL 72 700 Td " + b" ".join(b"(%s) Tj T*" % line.encode() for line in lines) + b" ET"

    text = parsed(handmade_pdf(content)).pages[0].text

    assert "benefits when" in text
    assert "out-of network" in text
    assert "\r" not in text
    assert not any(ord(character) < 32 and character != "\n" for character in text)


def test_a_page_that_is_damaged_is_kept_with_its_error() -> None:
    document = parsed(handmade_pdf(b"BT /F1 12 Tf 72 700 Td (Still readable) Tj ET", kids="3 0 R 9 0 R"))

    assert document.pages[0].text == "Still readable"
    assert document.pages[1].error == "this page is damaged"


@pytest.mark.parametrize("read", [inspect_pdf, parsed])
@pytest.mark.parametrize(
    ("document", "code", "words"),
    [
        (cut_off(pdf(PAGES)), "damaged", "cut off"),
        (pdf(PAGES).replace(b"/Catalog", b"/Xatalog").replace(b"obj", b"xxx"), "damaged", "cannot be opened"),
        (pdf(PAGES, password="secret"), "encrypted", "password"),
        (picture_of("claim"), "unsupported_type", "not a PDF"),
        (b"", "unsupported_type", "not a PDF"),
        (pdf(["page"] * 501), "too_many_pages", "501 pages"),
    ],
    ids=["truncated", "damaged", "encrypted", "png", "empty", "501 pages"],
)
def test_what_cannot_be_read_is_rejected_by_name(read: Reader, document: bytes, code: str, words: str) -> None:
    with pytest.raises(DocumentRejectedError, match=words) as caught:
        read(document)

    assert caught.value.code == code


@pytest.mark.parametrize("read", [inspect_pdf, parsed])
def test_a_bomb_is_rejected_within_its_limits(read: Reader) -> None:
    bomb = bomb_pdf()
    assert len(bomb) < 100_000
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(DocumentRejectedError, match="unsafe") as caught:
        read(bomb)

    assert caught.value.code == "bomb"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - ours < 50_000  # KiB
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < 1_100_000


@pytest.mark.parametrize("ending", [Ending.CPU, Ending.MEMORY, Ending.OUTPUT])
def test_every_limit_that_a_document_meets_rejects_it(ending: Ending) -> None:
    assert reject_or_raise(ProgramError(ending), engine="pdfium").code == "bomb"


def test_a_crash_rejects_the_document_as_damaged() -> None:
    assert reject_or_raise(ProgramError(Ending.CRASH), engine="pdfium").code == "damaged"


def test_a_restricted_pdf_that_opens_without_a_password_is_read() -> None:
    assert parsed(pdf(PAGES, owner_only=True)).pages[0].text == PAGES[0]


def test_the_most_pages_allowed_are_read() -> None:
    assert len(parsed(pdf([f"page {number}" for number in range(500)])).pages) == 500


def test_facts_tell_text_from_scans() -> None:
    text, scan = inspect_pdf(pdf(PAGES)), inspect_pdf(scan_of(PAGES))

    assert (text.pages, text.characters_per_page, text.has_text_layer) == (2, (27, 32), True)
    assert (scan.pages, scan.characters_per_page, scan.has_text_layer) == (2, (0, 0), False)


def test_a_blank_page_does_not_make_a_document_a_scan() -> None:
    assert inspect_pdf(pdf([*PAGES, ""])).has_text_layer


def test_only_pdf_with_a_text_layer() -> None:
    assert Pdfium().obstacle(Need(media_type=PDF)) is None
    assert "needs OCR" in str(Pdfium().obstacle(Need(media_type=PDF, has_text_layer=False)))
    assert "not image/png" in str(Pdfium().obstacle(Need(media_type="image/png")))
    with pytest.raises(UnsupportedInputError, match="not text/html"):
        Pdfium().call(ParseRequest(document=b"<html>", media_type="text/html"))
