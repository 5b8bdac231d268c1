"""Pictures of documents, before anything of them is decoded."""

from __future__ import annotations

import io
import struct
import time

import pytest
from PIL import Image

from intake.documents.images import MAX_PIXELS, inspect_image
from intake.documents.model import MAX_PAGES
from intake.errors import DocumentRejectedError


def picture(kind: str, pages: int = 1) -> bytes:
    file = io.BytesIO()
    page = Image.new("L", (20, 10), 255)
    more = [page] * (pages - 1)
    page.save(file, kind, **({"save_all": True, "append_images": more} if more else {}))
    return file.getvalue()


def tiff_of_headers(*sizes: tuple[int, int]) -> bytes:
    """Return a TIFF of pages that are headers and nothing else."""
    length = 2 + 12 * 6 + 4
    file = bytearray(b"II*\0" + struct.pack("<I", 8))
    for number, (width, height) in enumerate(sizes, start=1):
        tags = ((256, width), (257, height), (258, 8), (262, 1), (273, 8), (279, 1))
        file += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        file += struct.pack("<I", 8 + number * length if number < len(sizes) else 0)
    return bytes(file)


@pytest.mark.parametrize(("kind", "pages"), [("PNG", 1), ("JPEG", 1), ("TIFF", 1), ("TIFF", 3)])
def test_the_pages_of_a_picture_are_counted(kind: str, pages: int) -> None:
    assert inspect_image(picture(kind, pages)).pages == pages


def test_an_animated_picture_is_one_page() -> None:
    assert inspect_image(picture("PNG", 3)).pages == 1


def test_a_huge_page_is_refused_wherever_it_stands() -> None:
    with pytest.raises(DocumentRejectedError) as caught:
        inspect_image(tiff_of_headers((100, 100), (MAX_PIXELS // 100, 101)))

    assert caught.value.code == "too_large"


def test_a_chain_of_countless_pages_is_not_walked_to_its_end() -> None:
    body = tiff_of_headers(*[(10, 10)] * 30_000)

    started = time.process_time()
    pages = inspect_image(body).pages

    assert pages == MAX_PAGES + 1, "one too many says enough"
    assert time.process_time() - started < 1, "the whole chain takes four seconds, ten times as many four hundred"
