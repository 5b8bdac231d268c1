"""The text that a PDF carries, by pdfium in a limited child process."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict

from intake.errors import ConfigurationError, DocumentRejectedError, UnsupportedInputError
from intake.providers.embedded._engine import Engine, installed_package, package_version
from intake.providers.embedded._subprocess import MEBIBYTE, Ending, Limits, ProgramError, run_worker
from intake.providers.ports import Capability, Need, ParsedDocument, ParsedPage, ParseRequest, ProviderKind, Reply

PDF = "application/pdf"

_WORKER = "intake.providers.embedded.pdf_worker"
_MISSING = "pypdfium2 is not installed: pip install pypdfium2"
_NO_TEXT_LAYER = "the document is a picture of text: it needs OCR"

# 104 pages take 0.1 s and 30 MB. One that wants a hundred times as much was made to hurt.
LIMITS = Limits(seconds=60, cpu_seconds=20, memory_bytes=768 * MEBIBYTE, output_bytes=64 * MEBIBYTE)

_LEAST_CHARACTERS = 16
"""Of a page, to say that it has text: a scan may carry a lone page number or a stamp."""


class PdfFacts(BaseModel):
    """What can be known of a PDF cheaply, before it is parsed.

    ``characters_per_page`` counts what a reader could make something of; None stands for a page that is damaged.
    """

    model_config = ConfigDict(frozen=True)

    pages: int
    characters_per_page: tuple[int | None, ...]

    @property
    def pages_with_text(self) -> int:
        """How many pages carry their own text."""
        return sum(count is not None and count >= _LEAST_CHARACTERS for count in self.characters_per_page)

    @property
    def has_text_layer(self) -> bool:
        """Whether at least half of the pages carry their own text; with fewer, the document is a scan."""
        return self.pages_with_text * 2 >= self.pages


def inspect_pdf(document: bytes) -> PdfFacts:
    """Count pages and characters of a PDF, in a limited child process.

    Raises
    ------
    DocumentRejectedError
        No PDF (``unsupported_type``), ``encrypted``, ``damaged``, ``empty``, ``too_many_pages``, ``too_large``, or made
        to exhaust its reader (``bomb``).
    ConfigurationError
        pypdfium2 is not installed.
    ProviderTimeoutError
        The machine was too busy to finish.
    """
    pages = tuple(line.get("characters") for line in _lines("facts", document))
    return PdfFacts(pages=len(pages), characters_per_page=pages)


class Pdfium(Engine):
    """Take the text out of a PDF, page by page, as its author put it in.

    It does not see what is only drawn or scanned, nor what somebody typed into form fields.
    """

    name = "pdfium"
    capability = Capability.PARSE
    kind = ProviderKind.BUILTIN
    model = "pdfium"

    def engine_version(self) -> str | None:
        return package_version("pypdfium2")

    def missing(self) -> str | None:
        return None if installed_package("pypdfium2") else _MISSING

    def obstacle(self, need: Need) -> str | None:
        if need.media_type not in {None, PDF}:
            return f"pdfium reads {PDF} only, not {need.media_type}"
        return None if need.has_text_layer else _NO_TEXT_LAYER

    def call(self, request: ParseRequest) -> Reply[ParsedDocument]:
        """Read the text; a page that fails is kept with its error.

        Raises
        ------
        UnsupportedInputError
            The media type is not PDF.
        DocumentRejectedError, ConfigurationError, ProviderTimeoutError
            As `inspect_pdf`.
        """
        if request.media_type != PDF:
            raise UnsupportedInputError(f"pdfium reads {PDF} only, not {request.media_type}")
        lines = list(_lines("text", request.document))
        words = Counter(word for line in lines for word in _WORD.findall(line.get("text", "").casefold()))
        pages = tuple(
            ParsedPage(number=line["number"], text=_clean(line.get("text", ""), words), error=line.get("error"))
            for line in lines
        )
        return Reply(value=ParsedDocument(pages=pages))


def reject_or_raise(error: ProgramError, *, engine: str) -> DocumentRejectedError:
    """Turn the end of a limited parser into a rejection of its document, where the document must be the cause.

    A wall-clock timeout is raised as one to be retried: on a busy machine it says nothing of the document, and the
    limit of processor time finds those that are at fault.
    """
    if error.ending.is_resource_limit:
        return DocumentRejectedError(
            f"The document was rejected as unsafe to read: {error.ending}. Print it to a new PDF and upload that.",
            code="bomb",
        )
    if error.ending is Ending.CRASH:
        return DocumentRejectedError(
            "The document is damaged: it makes its reader crash. Export it again.", code="damaged"
        )
    raise error.as_provider_error(engine) from error


def rejection(line: dict[str, Any]) -> DocumentRejectedError | None:
    """Return the refusal that a worker wrote, or None if the line is not one."""
    return DocumentRejectedError(line["detail"], code=line["rejected"]) if "rejected" in line else None


def _lines(command: str, document: bytes) -> Iterator[dict[str, Any]]:
    """Run the worker and give its lines about pages."""
    if not installed_package("pypdfium2"):
        raise ConfigurationError(_MISSING)
    try:
        output = run_worker(_WORKER, [command], limits=LIMITS, stdin=document)
    except ProgramError as error:
        raise reject_or_raise(error, engine="pdfium") from error
    for line in map(json.loads, output.splitlines()):
        if refused := rejection(line):
            raise refused
        if "number" in line:
            yield line


_WORD = re.compile(r"[^\W\d_]+")
# pdfium writes U+0002 (U+FFFE by another function) for a hyphen at the end of a line, and joins the lines.
_HYPHENATED = re.compile(r"([^\W\d_]*)[\x02\ufffe](?:\n)?([^\W\d_]*)")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\ufeff\ufffd\uffff]")


def _clean(text: str, words: Counter[str]) -> str:
    """Give lines one kind of end, mend words cut at a line's end, and drop what stands for no character."""

    def mend(match: re.Match[str]) -> str:
        left, right = match.groups()
        # The document itself tells "bene|fits" from "out|of-pocket": one of them occurs in it as one word.
        return left + ("" if words[(left + right).casefold()] else "-") + right

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _NO_TEXT.sub("", _HYPHENATED.sub(mend, text))
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()
