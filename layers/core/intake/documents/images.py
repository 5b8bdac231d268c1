"""Pictures of documents: how many pages and pixels, found in the header, before anything is decoded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.documents.model import MAX_PAGES
from intake.errors import DocumentRejectedError

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 60_000_000
"""A page of A3 at 600 dots an inch is 70 million: more than OCR can use, and 180 MB once decoded."""
_FORMATS = ("PNG", "JPEG", "TIFF")


@dataclass(frozen=True)
class ImageFacts:
    """What is known of a picture before its text is read."""

    pages: int
    has_text_layer: bool = False


def inspect_image(body: bytes) -> ImageFacts:
    """Count the pages of a picture and check the size of each.

    Raises
    ------
    DocumentRejectedError
        ``damaged``, or ``too_large`` where a page has more than `MAX_PIXELS`.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
            sizes = tuple(_sizes(image))
    except Image.DecompressionBombError as error:
        raise DocumentRejectedError(_too_many_pixels(), code="too_large") from error
    except (OSError, SyntaxError, ValueError, KeyError, EOFError) as error:  # what Pillow raises on damaged headers
        raise DocumentRejectedError("The image is damaged and cannot be opened.", code="damaged") from error
    if any(width * height > MAX_PIXELS for width, height in sizes):
        raise DocumentRejectedError(_too_many_pixels(), code="too_large")
    return ImageFacts(pages=len(sizes))


def _sizes(image: Image.Image) -> Iterator[tuple[int, int]]:
    """Yield the size of each page, and of no more than one page too many.

    Only TIFF has pages. Pillow's own count walks the whole chain of them, in quadratic time: a file of 25 MB can hold
    a million.
    """
    yield image.size
    for page in range(1, MAX_PAGES + 1 if image.format == "TIFF" else 1):
        try:
            image.seek(page)
        except EOFError:
            return
        yield image.size


def _too_many_pixels() -> str:
    return f"The image has more than {MAX_PIXELS // 1_000_000} million pixels. Send it at a lower resolution."
