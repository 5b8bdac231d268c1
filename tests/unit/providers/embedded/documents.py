"""Documents for tests, sound and broken on purpose."""

import io
import zlib
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas


def pdf(pages: Sequence[str], *, password: str | None = None, owner_only: bool = False) -> bytes:
    """Return a PDF with one line of text a page."""
    encryption = None
    if password is not None or owner_only:
        encryption = StandardEncryption(password or "", ownerPassword="owner", canPrint=0)
    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, encrypt=encryption)
    for text in pages:
        paper.drawString(72, 700, text)
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def handmade_pdf(content: bytes, *, kids: str = "3 0 R", more_pages: Sequence[str] = ()) -> bytes:
    """Return a PDF whose first page has these drawing instructions, written object by object.

    ``kids`` refers to its pages: object 3 is the first one, 6 and up are empty ones with the media boxes of
    ``more_pages``, and any other number is a page that is not there.
    """
    stream = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(kids.split()) // 3} >>".encode(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] >>".encode() for box in more_pages),
    ]
    body = b"%PDF-1.4\n"
    offsets = []
    for number, item in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def bomb_pdf() -> bytes:
    """Return a PDF of less than 100 KB whose one page unpacks to 40 MB of drawing instructions."""
    instruction = b"0 0 1 1 re f\n"
    return handmade_pdf(instruction * (40_000_000 // len(instruction)))


def cut_off(document: bytes) -> bytes:
    """Return the first half of a file."""
    return document[: len(document) // 2]


def picture_of(text: str, *, image_format: str = "PNG", size: tuple[int, int] = (1400, 300)) -> bytes:
    """Return a picture of one line of printed text."""
    return _as_file([_drawn(text, size)], image_format)


def tiff_of(texts: Sequence[str]) -> bytes:
    """Return a TIFF with a page a text."""
    return _as_file([_drawn(text, (1400, 300)) for text in texts], "TIFF")


def scan_of(texts: Sequence[str]) -> bytes:
    """Return a PDF whose pages are pictures of a text: no text layer."""
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    paper = canvas.Canvas(buffer, pagesize=(504, 108))
    for text in texts:
        paper.drawImage(ImageReader(_drawn(text, (1400, 300))), 0, 0, 504, 108)
        paper.showPage()
    paper.save()
    return buffer.getvalue()


def oversized_png(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header claims so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def _drawn(text: str, size: tuple[int, int]) -> Image.Image:
    image = Image.new("L", size, "white")
    ImageDraw.Draw(image).text((60, 100), text, fill="black", font=ImageFont.load_default(size=56))
    return image


def _as_file(images: Sequence[Image.Image], image_format: str) -> bytes:
    buffer = io.BytesIO()
    rest = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
    images[0].save(buffer, image_format, **rest)
    return buffer.getvalue()
