"""Decode one picture of a document to grey: a child process of the `tesseract` adapter.

``count`` writes how many pictures the file on standard input holds, as JSON; ``decode <number>`` writes one of them as
an 8-bit PGM picture. A refusal is one line, ``{"rejected": code, "detail": words}``.
"""

from __future__ import annotations

import json
import os
import sys

from intake.providers.embedded._worker import OUT_OF_MEMORY_STATUS

LARGEST_PICTURES = 500
LARGEST_DECODED_PIXELS = 100_000_000
_FORMATS = ("PNG", "JPEG", "TIFF")


def work(arguments: list[str], data: bytes) -> bytes:
    """Return what to write to standard output."""
    import io

    from PIL import Image, ImageOps, UnidentifiedImageError

    # Our own limit, told in our own words, stands in for Pillow's warning.
    Image.MAX_IMAGE_PIXELS = None
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
        pictures = getattr(image, "n_frames", 1)
        if arguments == ["count"]:
            if pictures > LARGEST_PICTURES:
                return _refusal("too_many_pages", f"The file has {pictures} pages, {LARGEST_PICTURES} are allowed.")
            return json.dumps({"pictures": pictures}).encode()
        image.seek(int(arguments[1]) - 1)
        # From the header, before anything is decoded.
        if image.width * image.height > LARGEST_DECODED_PIXELS:
            return _refusal("too_large", f"the picture is {image.width} by {image.height} pixels: make it smaller")
        largest_pixels = int(arguments[2])
        if image.width * image.height > largest_pixels:
            ratio = (largest_pixels / (image.width * image.height)) ** 0.5
            image.draft("L", (int(image.width * ratio), int(image.height * ratio)))
        # Transparency is paper, not ink; a photograph is turned as its camera was held.
        upright = ImageOps.exif_transpose(image)
        if upright.has_transparency_data:
            upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
        grey = upright.convert("L")
        if grey.width * grey.height > largest_pixels:
            ratio = (largest_pixels / (grey.width * grey.height)) ** 0.5
            grey = grey.resize((max(1, int(grey.width * ratio)), max(1, int(grey.height * ratio))))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return _refusal("damaged", "The picture is damaged or not a PNG, JPEG or TIFF: export it again.")
    return b"P5 %d %d 255\n" % grey.size + grey.tobytes()


def _refusal(code: str, detail: str) -> bytes:
    return json.dumps({"rejected": code, "detail": detail}).encode()


def main() -> None:
    """Work on standard input."""
    try:
        sys.stdout.buffer.write(work(sys.argv[1:], sys.stdin.buffer.read()))
        sys.stdout.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY_STATUS)


if __name__ == "__main__":
    main()
