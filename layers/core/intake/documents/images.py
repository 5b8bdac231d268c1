"""Pictures of documents: how many pages and pixels, found in the header, before anything is decoded."""

from __future__ import annotations

import io
from dataclasses import dataclass

from intake.errors import DocumentRejectedError

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
            pages = getattr(image, "n_frames", 1)
            width, height = image.size
    except Image.DecompressionBombError as error:
        raise DocumentRejectedError(_too_many_pixels(), code="too_large") from error
    except (OSError, SyntaxError, ValueError, KeyError, EOFError) as error:  # what Pillow raises on damaged headers
        raise DocumentRejectedError("The image is damaged and cannot be opened.", code="damaged") from error
    if width * height > MAX_PIXELS:
        raise DocumentRejectedError(_too_many_pixels(), code="too_large")
    return ImageFacts(pages=pages)


def _too_many_pixels() -> str:
    return f"The image has more than {MAX_PIXELS // 1_000_000} million pixels. Send it at a lower resolution."
