"""Parse validation: tell the text of a document from what a parser made of a picture that it could not read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from statistics import median
from typing import Any

from pydantic import BaseModel, ConfigDict

from intake.clock import Clock
from intake.documents.announcement import announce
from intake.documents.files import DocumentFiles, PageText, ParsedText
from intake.documents.model import Document, DocumentError, Stage, StageRecord, Status
from intake.documents.progress import StageClock, StageCommand, move
from intake.documents.repository import DocumentRepository
from intake.errors import NotFoundError
from intake.events import EventPublisher

MIN_PAGE_CHARACTERS = 20
"""A page of a scan that is read without OCR gives fewer: a page number, a stamp."""
MIN_COVERAGE = 0.5
"""Of pages with text: a book has blank pages, but not every other one."""
MAX_GLUED = 0.15
"""Of letters in words longer than any real one; extraction that loses spaces reached 0.44 on a 160-page report."""
MAX_GARBLED = 0.05
"""Of characters that no font table explains (U+FFFD, private use)."""

_LONG_WORD = re.compile(r"[^\W\d_]{25,}")
_LETTER = re.compile(r"[^\W\d_]")
_GARBLED = re.compile("[\ufffd\ue000-\uf8ff]")
# Languages written without spaces have no glued words.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class ParseQuality(BaseModel):
    """Measures of a parsed text; shares are 0 to 1."""

    model_config = ConfigDict(frozen=True)

    characters: int
    characters_per_page: float
    """Of the median page."""
    coverage: float
    """Share of pages with at least `MIN_PAGE_CHARACTERS`."""
    glued: float
    """Share of letters in words of 25 letters and more."""
    garbled: float
    """Share of characters that stand for nothing."""

    @property
    def shortcomings(self) -> tuple[str, ...]:
        """What is below the bar, in words."""
        found = []
        if self.characters == 0:
            return ("no text was found on any page",)
        if self.coverage < MIN_COVERAGE:
            found.append(f"only {self.coverage:.0%} of the pages have text")
        if self.glued > MAX_GLUED:
            found.append(f"{self.glued:.0%} of the letters stand in words that are glued together")
        if self.garbled > MAX_GARBLED:
            found.append(f"{self.garbled:.0%} of the characters are unreadable")
        return tuple(found)

    @property
    def score(self) -> float:
        """One number to choose the better of two texts by, 0 to 1."""
        return self.coverage * (1 - self.glued) * (1 - self.garbled) if self.characters else 0.0


class ValidateParseCommand(StageCommand):
    """Judge what this provider has read. ``is_last`` says that no other parser is left to try."""

    provider: str
    is_last: bool = False


def measure(pages: Iterable[PageText], *, has_own_pages: bool = True) -> ParseQuality:
    """Measure a parsed text; where pages are ours and not the document's (plain text), a short one is no fault."""
    texts = [page.text for page in pages]
    lengths = [len(text) for text in texts]
    whole = "\n".join(texts)
    characters = sum(lengths)
    letters = len(_LETTER.findall(whole))
    glued = 0 if _UNSPACED.search(whole) else sum(len(word) for word in _LONG_WORD.findall(whole))
    least = MIN_PAGE_CHARACTERS if has_own_pages else 1
    return ParseQuality(
        characters=characters,
        characters_per_page=float(median(lengths)) if lengths else 0.0,
        coverage=sum(length >= least for length in lengths) / len(lengths) if lengths else 0.0,
        glued=glued / letters if letters else 0.0,
        garbled=len(_GARBLED.findall(whole)) / characters if characters else 0.0,
    )


def validate_parse(
    command: ValidateParseCommand,
    *,
    documents: DocumentRepository,
    files: DocumentFiles,
    events: EventPublisher,
    clock: Clock,
) -> dict[str, Any]:
    """Accept a parsed text, or ask for another parser. A rejection is told.

    Text below the bar is accepted when no parser is left, with a notice: the best of what there is serves better than
    nothing, as long as its owner is told.

    Returns
    -------
    dict
        ``outcome`` is ``accepted``, ``below_the_bar``, or ``rejected`` where no parser is left and none found any text;
        ``reasons`` says what is wanting.

    Raises
    ------
    NotFoundError
        The provider has not parsed this document.
    """
    timer = StageClock(clock)
    document = documents.get(command.tenant, command.document_id)
    if document.status is Status.REJECTED:
        announce(document, events)
        return {"outcome": "rejected", "provider": command.provider, "reasons": []}
    if document.has_reached(Status.PARSE_VALIDATED):
        return {"outcome": "accepted", "provider": document.parser, "reasons": list(document.notices)}
    candidates = _candidates(document, command, files)
    parsed, quality = max(candidates, key=lambda candidate: candidate[1].score)
    shortcomings = quality.shortcomings
    if shortcomings and not command.is_last:
        return {"outcome": "below_the_bar", "provider": command.provider, "reasons": list(shortcomings)}
    if quality.characters == 0:
        announce(_reject(document, documents, timer), events)
        return {"outcome": "rejected", "provider": command.provider, "reasons": list(shortcomings)}
    notices = (f"Read this text with care: {'; '.join(shortcomings)}.",) if shortcomings else ()
    record = StageRecord(
        stage=Status.PARSE_VALIDATED,
        at=timer.now(),
        duration_ms=timer.elapsed_ms(),
        attempts=command.attempt,
        note="; ".join(shortcomings) or None,
    )
    move(
        documents,
        document,
        record,
        parser=parsed.provider,
        pages=len(parsed.pages),
        notices=document.notices + notices,
    )
    return {"outcome": "accepted", "provider": parsed.provider, "reasons": list(shortcomings)}


_NO_TEXT = "No text was found in the document: it may be blank, or a picture too poor to read. Send a better scan."


def _candidates(
    document: Document, command: ValidateParseCommand, files: DocumentFiles
) -> list[tuple[ParsedText, ParseQuality]]:
    """Return the text to be judged; when it is the last, with those that were below the bar before it."""
    tried = {record.provider for record in document.stages if record.stage is Status.PARSED and command.is_last}
    names = dict.fromkeys([command.provider, *sorted(name for name in tried if name is not None)])
    found = [parsed for name in names if (parsed := files.parsed(document, name)) is not None]
    if not found:
        raise NotFoundError(f"Document {document.id} has not been parsed by {command.provider}.")
    has_own_pages = not document.content_type.startswith("text/")
    return [(parsed, measure(parsed.pages, has_own_pages=has_own_pages)) for parsed in found]


def _reject(document: Document, documents: DocumentRepository, timer: StageClock) -> Document:
    error = DocumentError(stage=Stage.VALIDATE_PARSE, code="no_text", message=_NO_TEXT)
    record = StageRecord(stage=Status.REJECTED, at=timer.now(), duration_ms=timer.elapsed_ms())
    return move(documents, document, record, error=error)
