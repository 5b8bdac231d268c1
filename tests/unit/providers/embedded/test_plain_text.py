"""Text files are their own text."""

import pytest

from intake.errors import DocumentRejectedError, UnsupportedInputError
from intake.providers.embedded.plain_text import PlainText
from intake.providers.ports import Need, ParseRequest


def pages_of(document: bytes, media_type: str = "text/plain") -> list[str]:
    return [page.text for page in PlainText().call(ParseRequest(document=document, media_type=media_type)).value.pages]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_common_encodings_are_read(encoding: str) -> None:
    assert pages_of("La póliza cubre daños".encode(encoding)) == ["La póliza cubre daños"]


def test_markdown_keeps_its_marks_and_lines_end_alike() -> None:
    assert pages_of(b"# Benefits\r\n\r\n* dental\r", "text/markdown") == ["# Benefits\n\n* dental\n"]


def test_a_form_feed_begins_a_page() -> None:
    assert pages_of(b"one\n\ftwo\n\f") == ["one\n", "two\n"]


@pytest.mark.parametrize(("document", "code"), [(b" \n", "empty"), (b"\x00\x01\x02", "unsupported_type")])
def test_what_is_no_text_is_rejected(document: bytes, code: str) -> None:
    with pytest.raises(DocumentRejectedError) as caught:
        pages_of(document)

    assert caught.value.code == code


def test_other_types_are_left_to_others() -> None:
    assert "not text/html" in str(PlainText().obstacle(Need(media_type="text/html")))
    with pytest.raises(UnsupportedInputError, match="not text/html"):
        pages_of(b"<html>", "text/html")
