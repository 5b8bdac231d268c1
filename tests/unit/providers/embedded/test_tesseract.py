"""OCR by the installed tesseract."""

import pytest

from intake.errors import ConfigurationError, DocumentRejectedError, ProviderTimeoutError, UnsupportedInputError
from intake.providers.embedded.tesseract import Tesseract
from intake.providers.ports import Need, ParsedDocument, ParseRequest
from tests.unit.providers.embedded.documents import (
    bomb_pdf,
    cut_off,
    handmade_pdf,
    oversized_png,
    pdf,
    picture_of,
    scan_of,
    tiff_of,
)

pytestmark = pytest.mark.engine

PDF = "application/pdf"
LINE = "Your deductible is 500 dollars"


def read(document: bytes, media_type: str, language: str | None = None) -> ParsedDocument:
    return Tesseract().call(ParseRequest(document=document, media_type=media_type, language=language)).value


def test_a_scanned_pdf_is_read_page_by_page() -> None:
    document = read(scan_of([LINE, "Collision coverage"]), PDF)

    assert [(page.number, page.text) for page in document.pages] == [(1, LINE), (2, "Collision coverage")]


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "TIFF"])
def test_pictures_are_read(image_format: str) -> None:
    document = read(picture_of(LINE, image_format=image_format), f"image/{image_format.lower()}")

    assert [page.text for page in document.pages] == [LINE]


def test_every_page_of_a_tiff_is_read() -> None:
    assert [page.text for page in read(tiff_of([LINE, "Second page"]), "image/tiff").pages] == [LINE, "Second page"]


def test_a_blank_page_is_no_failure() -> None:
    document = read(scan_of([LINE, ""]), PDF)

    assert [(page.text, page.error) for page in document.pages] == [(LINE, None), ("", None)]


def test_a_page_too_large_to_render_is_kept_with_its_error() -> None:
    huge = handmade_pdf(
        b"BT /F1 60 Tf 72 300 Td (Readable claim) Tj ET", kids="3 0 R 6 0 R", more_pages=["0 0 14400 14400"]
    )

    document = read(huge, PDF)

    assert document.pages[0].text == "Readable claim"
    assert "too large to be read" in str(document.pages[1].error)


@pytest.mark.parametrize(
    ("document", "media_type", "code"),
    [
        (oversized_png(60_000, 60_000), "image/png", "too_large"),
        (cut_off(picture_of(LINE)), "image/png", "damaged"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "damaged"),
        (pdf([LINE], password="secret"), PDF, "encrypted"),
        (picture_of(LINE), PDF, "unsupported_type"),
        (bomb_pdf(), PDF, "bomb"),
    ],
    ids=["gigapixels", "truncated", "header only", "encrypted", "png as pdf", "bomb"],
)
def test_what_cannot_be_read_is_rejected_by_name(document: bytes, media_type: str, code: str) -> None:
    with pytest.raises(DocumentRejectedError) as caught:
        read(document, media_type)

    assert caught.value.code == code


def test_a_document_has_a_time_limit() -> None:
    moments = iter([0.0, 1.0, 400.0, 400.0])
    slow = Tesseract(seconds=280, monotonic=lambda: next(moments, 400.0))

    with pytest.raises(ProviderTimeoutError, match="3 pages in 280 s"):
        slow.call(ParseRequest(document=scan_of([LINE] * 3), media_type=PDF))


def test_a_language_without_data_is_told_with_the_remedy() -> None:
    obstacle = Tesseract().obstacle(Need(media_type=PDF, source_language="th"))

    assert obstacle == "tesseract has no data for the language th: apt-get install tesseract-ocr-tha"
    with pytest.raises(UnsupportedInputError, match="tesseract-ocr-tha"):
        read(picture_of(LINE), "image/png", "th")


def test_other_kinds_of_file_are_no_pictures() -> None:
    assert "not text/plain" in str(Tesseract().obstacle(Need(media_type="text/plain")))


def test_a_missing_engine_is_named_with_the_remedy() -> None:
    missing = Tesseract(lambda _: None)

    assert missing.missing() == "tesseract is not installed: apt-get install tesseract-ocr"
    with pytest.raises(ConfigurationError, match="apt-get install tesseract-ocr"):
        missing.call(ParseRequest(document=b"", media_type=PDF))
