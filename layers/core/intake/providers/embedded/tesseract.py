"""OCR by tesseract: the text of scanned PDFs and of pictures."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from functools import cached_property

from intake.errors import (
    DocumentRejectedError,
    ProviderTimeoutError,
    UnsupportedInputError,
)
from intake.providers.embedded._engine import ProgramEngine, primary_language
from intake.providers.embedded._subprocess import (
    MEBIBYTE,
    Limits,
    ProgramError,
    ProgramFinder,
    find_program,
    run,
    run_worker,
)
from intake.providers.embedded.pdfium import PDF, inspect_pdf, reject_or_raise, rejection
from intake.providers.ports import Capability, Need, ParsedDocument, ParsedPage, ParseRequest, Reply

IMAGES = frozenset({"image/png", "image/jpeg", "image/tiff"})

_PDF_WORKER = "intake.providers.embedded.pdf_worker"
_IMAGE_WORKER = "intake.providers.embedded.image_worker"

_DPI = 200
_LARGEST_PIXELS = 20_000_000
"""Of a page that tesseract gets: A3 at 300 dots an inch is 17 million."""
_AT_ONCE = 2
"""Pages read at the same time: each takes a whole processor and some 150 MB."""

_PICTURE_LIMITS = Limits(seconds=60, cpu_seconds=20, memory_bytes=768 * MEBIBYTE, output_bytes=32 * MEBIBYTE)
_READING_LIMITS = Limits(seconds=120, cpu_seconds=60, memory_bytes=1024 * MEBIBYTE, output_bytes=4 * MEBIBYTE)

# ISO 639-1 to the names of tesseract's language data, which are ISO 639-3 (639-2/T) with exceptions.
_DATA = {
    "ar": "ara", "bg": "bul", "ca": "cat", "cs": "ces", "cy": "cym", "da": "dan", "de": "deu", "el": "ell", "en": "eng",
    "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra", "ga": "gle", "gl": "glg", "gu": "guj",
    "he": "heb", "hi": "hin", "hr": "hrv", "ht": "hat", "hu": "hun", "hy": "hye", "id": "ind", "is": "isl", "it": "ita",
    "ja": "jpn", "ka": "kat", "km": "khm", "ko": "kor", "lo": "lao", "lt": "lit", "lv": "lav", "mk": "mkd", "mr": "mar",
    "ms": "msa", "my": "mya", "ne": "nep", "nl": "nld", "no": "nor", "pa": "pan", "pl": "pol", "pt": "por", "ro": "ron",
    "ru": "rus", "sk": "slk", "sl": "slv", "so": "som", "sq": "sqi", "sr": "srp", "sv": "swe", "sw": "swa", "ta": "tam",
    "te": "tel", "th": "tha", "tl": "tgl", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "zh": "chi_sim",
}  # fmt: skip


class Tesseract(ProgramEngine):
    """Read scanned PDFs, PNG, JPEG and TIFF.

    Parameters
    ----------
    finder
        Finds tesseract.
    seconds
        Time for a whole document; pages that have not been read by then make the call fail as timed out.
    monotonic
        A clock that never goes back, in seconds.
    """

    name = "tesseract"
    capability = Capability.PARSE
    model = "tesseract"
    program = "tesseract"
    package = "tesseract-ocr"

    def __init__(
        self,
        finder: ProgramFinder = find_program,
        *,
        seconds: float = 280,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(finder)
        self._seconds = seconds
        self._monotonic = monotonic

    @cached_property
    def languages(self) -> frozenset[str]:
        """Names of the language data that is installed, for example ``eng``."""
        return frozenset(self.ask("--list-langs").splitlines()[1:]) - {"osd"}

    def obstacle(self, need: Need) -> str | None:
        if need.media_type is not None and need.media_type not in {PDF, *IMAGES}:
            return f"tesseract reads PDF, PNG, JPEG and TIFF, not {need.media_type}"
        return None if self.missing() else self._missing_language(need.source_language or "en")

    def call(self, request: ParseRequest) -> Reply[ParsedDocument]:
        """Read a document page by page; a page that fails is kept with its error.

        Raises
        ------
        UnsupportedInputError
            A media type or language that tesseract cannot read.
        DocumentRejectedError
            The document is damaged, encrypted, empty, too large, or made to exhaust its reader.
        ProviderTimeoutError
            The document was not read in time.
        ProviderRefusedError, TransientError
            Not one page could be read, because tesseract met a limit or crashed.
        ConfigurationError
            tesseract is not installed.
        """
        path = self.path()
        if obstacle := self.obstacle(Need(media_type=request.media_type, source_language=request.language)):
            raise UnsupportedInputError(obstacle)
        deadline = self._monotonic() + self._seconds
        pages = _count(request)
        data = _data(request.language or "en")

        # Imported here: only one of the functions that know this adapter ever reads a scan.
        from concurrent.futures import ThreadPoolExecutor

        def read(number: int) -> ParsedPage | ProgramError | DocumentRejectedError:
            if self._monotonic() > deadline:
                raise ProviderTimeoutError(f"tesseract could not read {pages} pages in {self._seconds:g} s")
            try:
                return ParsedPage(number=number, text=_read(path, _picture(request, number), data))
            except (ProgramError, DocumentRejectedError) as error:
                return error

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            results = tuple(pool.map(read, range(1, pages + 1)))
        return Reply(value=ParsedDocument(pages=self._kept(results)))

    def _kept(self, results: Sequence[ParsedPage | ProgramError | DocumentRejectedError]) -> tuple[ParsedPage, ...]:
        """Turn failures into pages with an error, unless nothing else is left: then the first of them is raised."""
        failures = [result for result in results if not isinstance(result, ParsedPage)]
        if len(failures) == len(results):
            first = failures[0]
            raise first.as_provider_error(self.name) if isinstance(first, ProgramError) else first
        return tuple(
            result if isinstance(result, ParsedPage) else ParsedPage(number=number, error=_why(result))
            for number, result in enumerate(results, start=1)
        )

    def _missing_language(self, tag: str) -> str | None:
        data = _data(tag)
        if data in self.languages:
            return None
        remedy = f": apt-get install tesseract-ocr-{data.replace('_', '-')}" if data else ""
        return f"tesseract has no data for the language {tag}{remedy}"


def _data(tag: str) -> str:
    return _DATA.get(primary_language(tag), "")


def _count(request: ParseRequest) -> int:
    if request.media_type == PDF:
        return inspect_pdf(request.document).pages
    return int(json.loads(_picture_worker(_IMAGE_WORKER, ["count"], request.document))["pictures"])


def _picture(request: ParseRequest, number: int) -> bytes:
    """Return a page as a grey PGM picture."""
    if request.media_type == PDF:
        arguments = ["render", str(number), str(_DPI), str(_LARGEST_PIXELS)]
        return _picture_worker(_PDF_WORKER, arguments, request.document)
    return _picture_worker(_IMAGE_WORKER, ["decode", str(number), str(_LARGEST_PIXELS)], request.document)


def _picture_worker(module: str, arguments: list[str], document: bytes) -> bytes:
    try:
        output = run_worker(module, arguments, limits=_PICTURE_LIMITS, stdin=document)
    except ProgramError as error:
        raise reject_or_raise(error, engine="tesseract") from error
    if output.startswith(b"{") and (refused := rejection(json.loads(output))):
        raise refused
    return output


def _read(path: str, picture: bytes, data: str) -> str:
    # Its own threads make tesseract slower, not faster, when pages are read side by side.
    text = run(
        path, ["-", "-", "-l", data], stdin=picture, limits=_READING_LIMITS, environment={"OMP_THREAD_LIMIT": "1"}
    )
    return text.decode(errors="replace").replace("\f", "").strip()


def _why(error: ProgramError | DocumentRejectedError) -> str:
    return f"this page could not be read: {error.ending if isinstance(error, ProgramError) else error.detail}"
