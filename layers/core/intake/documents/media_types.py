"""What kind of file some bytes are. The name and the declared type are hints among kinds of text, and nothing more."""

from __future__ import annotations

from pathlib import PurePosixPath

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
TEXT = "text/plain"
MARKDOWN = "text/markdown"
HTML = "text/html"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
GENERIC_TYPE = "application/octet-stream"

IMAGES = frozenset({PNG, JPEG, TIFF})
TEXTS = frozenset({TEXT, MARKDOWN})

_EXTENSIONS = {
    ".pdf": PDF,
    ".png": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".tif": TIFF,
    ".tiff": TIFF,
    ".txt": TEXT,
    ".text": TEXT,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".docx": DOCX,
}

_WORDS = {
    PDF: "a PDF",
    PNG: "a PNG image",
    JPEG: "a JPEG image",
    TIFF: "a TIFF image",
    TEXT: "plain text",
    MARKDOWN: "Markdown",
    HTML: "HTML",
    DOCX: "a Word document",
    ZIP: "a ZIP archive",
    OLE: "an old Office file",
    GENERIC_TYPE: "of no known kind",
}

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
_PDF_HEADER_WITHIN = 1024
"""ISO 32000 readers accept a PDF's header anywhere in the first 1024 bytes."""
_TEXT_SAMPLE = 64 * 1024
_TEXT_CONTROLS = frozenset(b"\t\n\x0b\x0c\r\x1b")


def guess_type(filename: str) -> str | None:
    """Return the media type that a file's name suggests, or None."""
    return _EXTENSIONS.get(PurePosixPath(filename.lower()).suffix)


def in_words(media_type: str) -> str:
    """Name a media type for people, for example ``a PNG image``."""
    return _WORDS.get(media_type, media_type)


def sniff(body: bytes, *, hint: str | None = None) -> str:
    """Return the media type of some bytes; ``application/octet-stream`` where they are nothing known.

    Parameters
    ----------
    hint
        The type by name, used to tell kinds of plain text apart.
    """
    for signature, media_type in _SIGNATURES:
        if body.startswith(signature):
            return media_type
    if b"%PDF-" in body[:_PDF_HEADER_WITHIN]:
        return PDF
    if body.startswith(b"PK\x03\x04"):
        return DOCX if b"word/" in body else ZIP
    text = decode_text(body[:_TEXT_SAMPLE], is_sample=len(body) > _TEXT_SAMPLE)
    if text is None:
        return GENERIC_TYPE
    opening = text.lstrip()[:64].lower()
    if opening.startswith(("<!doctype html", "<html")):
        return HTML
    return MARKDOWN if hint == MARKDOWN else TEXT


def decode_text(body: bytes, *, is_sample: bool = False) -> str | None:
    """Decode plain text of unknown encoding, or return None if the bytes are not text.

    UTF-8 and, with its mark, UTF-16; else Windows-1252, as long as there are no control codes: letters written on old
    machines are text too. A sample may end within a character.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return body.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if any(byte < 0x20 and byte not in _TEXT_CONTROLS for byte in set(body)) or b"\x7f" in body:
        return None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if is_sample and error.start >= len(body) - 3:
            return body[: error.start].decode("utf-8-sig")
    try:
        return body.decode("cp1252")
    except UnicodeDecodeError:
        return None
