"""Read PDF files with pdfium: the child process of the `pdfium` and `tesseract` adapters.

``text`` and ``facts`` read a PDF from standard input and write JSON lines: one about the document, then one a page.
``render`` writes one page as an 8-bit PGM picture. A refusal is one line, ``{"rejected": code, "detail": words}``.
"""

from __future__ import annotations

import json
import math
import os
import sys
from typing import Any

from intake.providers.embedded._worker import OUT_OF_MEMORY_STATUS

LARGEST_PAGES = 500
LARGEST_CHARACTERS = 5_000_000
"""Of a whole document: 500 pages of small print hold two million."""

_PASSWORD_ERRORS = frozenset({4, 5})  # FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY
_TAIL = 4096
_LOWEST_DPI = 70
"""Below this, letters of 10 points are 10 pixels high, and tesseract guesses."""
_POINTS_PER_INCH = 72


class RejectedError(Exception):
    """The document cannot be read; ``code`` is that of `DocumentRejectedError`."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def open_document(data: bytes) -> Any:  # pypdfium2 is published without types
    """Open a PDF.

    Raises
    ------
    RejectedError
        It is no PDF, damaged, encrypted, without pages, or has too many.
    """
    import pypdfium2

    if b"%PDF-" not in data[:1024]:
        raise RejectedError("unsupported_type", "The file is not a PDF, whatever its name says.")
    # pdfium repairs what was cut off by leaving pages out; half a contract must not pass for the whole.
    if b"%%EOF" not in data.rstrip(b"\0\r\n\t ")[-_TAIL:]:
        raise RejectedError("damaged", "The PDF ends in the middle: it was cut off on its way. Upload it again.")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in _PASSWORD_ERRORS:
            detail = "The PDF is protected by a password: upload a copy without one."
            raise RejectedError("encrypted", detail) from error
        raise RejectedError("damaged", "The PDF is damaged and cannot be opened: export it again.") from error
    pages = len(document)
    if pages == 0:
        raise RejectedError("empty", "The PDF has no pages.")
    if pages > LARGEST_PAGES:
        detail = f"The PDF has {pages} pages, {LARGEST_PAGES} are allowed: split it."
        raise RejectedError("too_many_pages", detail)
    return document


def page_text(document: Any, index: int) -> str:
    """Return the text of a page as pdfium gives it."""
    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            return str(text_page.get_text_bounded())
        finally:
            text_page.close()
    finally:
        page.close()


def write_pages(data: bytes, *, with_text: bool) -> None:
    """Write a line about the document and one about each page: its text, or only how many characters can be read."""
    import pypdfium2

    document = open_document(data)
    _write({"pages": len(document)})
    characters = 0
    for index in range(len(document)):
        line: dict[str, Any] = {"number": index + 1}
        try:
            text = page_text(document, index)
        except pypdfium2.PdfiumError:
            line["error"] = "this page is damaged"
        else:
            characters += len(text)
            if characters > LARGEST_CHARACTERS:
                raise RejectedError(
                    "too_large", f"The PDF holds more than {LARGEST_CHARACTERS:,} characters: split it."
                )
            line |= {"text": text} if with_text else {"characters": readable_characters(text)}
        _write(line)


def readable_characters(text: str) -> int:
    """Count the characters that a reader could make something of: no spaces, controls or unmapped glyphs."""
    return sum(character.isprintable() and not character.isspace() and character != "\ufffd" for character in text)


def write_picture(data: bytes, *, number: int, dpi: int, largest_pixels: int) -> None:
    """Write a page as a grey PGM picture of at most ``largest_pixels``, at ``dpi`` or as near as they allow."""
    document = open_document(data)
    width, height = document.get_page_size(number - 1)
    # Before rendering: a page may claim 200 × 200 inches, and would be given 1.6 gigapixels.
    area = max(width * height, 1.0)
    scale = min(dpi / _POINTS_PER_INCH, math.sqrt(largest_pixels / area))
    if scale * _POINTS_PER_INCH < _LOWEST_DPI:
        raise RejectedError("too_large", f"the page is {width:.0f} by {height:.0f} points: too large to be read")
    picture = document[number - 1].render(scale=scale, grayscale=True).to_pil()
    sys.stdout.buffer.write(b"P5 %d %d 255\n" % picture.size + picture.convert("L").tobytes())


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def main(arguments: list[str]) -> None:
    """Work on standard input."""
    try:
        data = sys.stdin.buffer.read()
        match arguments:
            case ["text"]:
                write_pages(data, with_text=True)
            case ["facts"]:
                write_pages(data, with_text=False)
            case ["render", number, dpi, largest_pixels]:
                write_picture(data, number=int(number), dpi=int(dpi), largest_pixels=int(largest_pixels))
            case _:
                raise SystemExit(f"unknown arguments: {arguments}")
        sys.stdout.flush()
    except RejectedError as rejection:
        _write({"rejected": rejection.code, "detail": rejection.detail})
    except MemoryError:
        os._exit(OUT_OF_MEMORY_STATUS)


if __name__ == "__main__":
    main(sys.argv[1:])
