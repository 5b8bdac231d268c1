"""Chunking: the text of each page, cut to passages that fit a token budget and end where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from intake.documents.files import Chunk, PageText
from intake.documents.tokens import Tokenizer
from intake.ids import derived_id

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = "1"
"""Part of every chunk's id: changes when the same text would be cut otherwise."""

_BLOCK_CHARACTERS = 200_000
"""A page without end (a text file) is cut to blocks first, so that memory does not grow with it."""

_HEADING = re.compile(
    r"""^(?:
        \#{1,6}\ \S.*                                              # Markdown
      | (?i:chapter|section|part|article|appendix|schedule|annex)\ [\dIVX].{0,100}
      | (?i:cap[ií]tulo|secci[oó]n|parte|art[ií]culo|anexo)\ [\dIVX].{0,100}
      | \d{1,2}(?:\.\d{1,2}){0,3}\.?\ +[^\W\d_a-z].{0,80}(?<![.;,:])  # 2.1 Deductibles
      | [A-ZÁÉÍÓÚÜÑ][A-ZÁÉÍÓÚÜÑ0-9 ,&/()'’-]{3,80}                 # EXCLUSIONS
    )$""",
    re.MULTILINE | re.VERBOSE,
)
_LONGEST_HEADING = 120
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？]\s*")
_LINE_END = re.compile(r"\n\s*")
_SPACE = re.compile(r"\s+")
_LONE_SPACE = re.compile(r"(?<=\S) (?=\S)")


_EARLIEST_HEADING = 0.4
_EARLIEST_PAUSE = 0.5
"""Shares of the budget before which a passage is not ended, even at a good place: it would say too little."""


@dataclass(frozen=True)
class Budget:
    """How large passages are, in tokens; ``overlap`` is about what a passage repeats of the one before, at most."""

    tokens: int = 512
    overlap: int = 64

    def __post_init__(self) -> None:
        if self.tokens < 16 or not 0 <= self.overlap <= self.tokens // 2:
            raise ValueError("a budget has at least 16 tokens, and an overlap of at most half of them")


DEFAULT_BUDGET = Budget()


def chunk_pages(
    pages: Iterable[PageText], *, sha256: str, tokenizer: Tokenizer, budget: Budget = DEFAULT_BUDGET
) -> Iterator[Chunk]:
    """Cut pages into passages.

    A passage lies within one page and is exactly ``text[start:end]`` of it. Together the passages of a page hold all of
    its text but white space. None is over the budget, counted by itself. A word is cut only if it alone is over it.

    Parameters
    ----------
    sha256
        Of the document: with position, budget and `VERSION` it makes the ids, so that the same document has the same.
    """
    for page in pages:
        for offset, block in _blocks(page.text):
            for start, end, tokens in _Cutter(block, tokenizer, budget).cut():
                begin, stop = offset + start, offset + end
                position = (str(page.number), str(begin), str(stop))
                yield Chunk(
                    id=derived_id("chk", sha256, VERSION, f"{budget.tokens}/{budget.overlap}", *position),
                    page=page.number,
                    start=begin,
                    end=stop,
                    tokens=tokens,
                    text=page.text[begin:stop],
                )


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    while len(text) - start > _BLOCK_CHARACTERS:
        limit = start + _BLOCK_CHARACTERS
        line = text.rfind("\n", start, limit)
        space = text.rfind(" ", start, limit) if line <= start else line
        end = space + 1 if space > start else limit
        yield start, text[start:end]
        start = end
    yield start, text[start:]


class _Passage(NamedTuple):
    end: int
    tokens: int
    next_own: int
    """Where the text begins that no passage has yet."""
    before_heading: bool = False


class _Cut(NamedTuple):
    at: int
    before_heading: bool = False


class _Cutter:
    """Cuts one block. The block is encoded once; questions about tokens are answered from where they begin."""

    def __init__(self, text: str, tokenizer: Tokenizer, budget: Budget) -> None:
        self._text = text
        self._tokenizer = tokenizer
        self._budget = budget
        self._starts: NDArray[np.int64] = tokenizer.starts(text)

    def cut(self) -> Iterator[tuple[int, int, int]]:
        """Yield start, end and tokens of each passage, in order."""
        start = own = self._skip_space(0)
        while own < len(self._text):
            passage = self._passage(start, own)
            if passage is None:
                start = own  # the next word leaves no room for an overlap
                passage = self._passage(own, own) or self._cut_word(own)
            yield start, passage.end, passage.tokens
            own = passage.next_own
            start = own if passage.before_heading else self._overlap_start(start, passage.end, own)

    def _passage(self, start: int, own: int) -> _Passage | None:
        """Return the best passage that begins at ``start`` and goes beyond ``own``; None if not one more word fits."""
        limit = self._limit(start)
        while (cut := self._last_cut(start, own, limit)) is not None:
            end = self._without_space_before(cut.at)
            tokens = self._count(start, end)
            if tokens <= self._budget.tokens:
                return _Passage(end, tokens, cut.at, cut.before_heading)
            limit = end - 1  # a token that straddled the cut has become two
        return None

    def _cut_word(self, own: int) -> _Passage:
        end = self._limit(own)
        while (tokens := self._count(own, end)) > self._budget.tokens or self._joins_on(end):
            end -= max(1, tokens - self._budget.tokens)
        return _Passage(end, tokens, self._skip_space(end))

    def _last_cut(self, start: int, own: int, limit: int) -> _Cut | None:
        """Return the best place up to ``limit``: heading, paragraph, sentence, line, unless too early; else a word."""
        text = self._text
        if limit >= len(text):
            return _Cut(len(text))
        heading = self._last_heading(max(own, self._limit(start, _EARLIEST_HEADING)), limit)
        if heading > own:
            return _Cut(heading, before_heading=True)
        earliest = max(own, self._limit(start, _EARLIEST_PAUSE))
        pause = text.rfind("\n\n", earliest, limit + 1)
        if pause <= own:
            pause = self._last_end(_SENTENCE_END, earliest, limit)
        if pause <= own:
            pause = text.rfind("\n", earliest, limit + 1)
        if pause <= own:
            pause = self._last_end(_SPACE, own, limit)
        return _Cut(self._skip_space(pause)) if pause > own else None

    def _last_heading(self, earliest: int, limit: int) -> int:
        """Return the start of the last heading that begins up to ``limit``, or -1."""
        line_end = self._text.find("\n", limit, limit + _LONGEST_HEADING)
        last = -1
        for match in _HEADING.finditer(self._text, earliest, line_end if line_end > 0 else limit):
            if match.start() <= limit:
                last = match.start()
        return last

    def _last_end(self, pattern: re.Pattern[str], earliest: int, limit: int) -> int:
        """Return the end of the last match that begins up to ``limit``, or -1."""
        last = -1
        for match in pattern.finditer(self._text, earliest, limit + 1):
            last = match.end()
        return last

    def _overlap_start(self, start: int, end: int, own: int) -> int:
        """Return where the next passage begins: a sentence, line or word within the overlap before ``own``."""
        if self._budget.overlap == 0:
            return own
        token = max(0, self._token_at(end) - self._budget.overlap)
        earliest = max(start + 1, int(self._starts[token]))
        for pattern in (_SENTENCE_END, _LINE_END, _SPACE):
            match = pattern.search(self._text, earliest, end)
            if match is not None and match.end() < end:
                return match.end()
        return own

    def _limit(self, start: int, share: float = 1.0) -> int:
        """Return the character that is a share of the budget after ``start``."""
        token = self._token_at(start) + int(self._budget.tokens * share)
        return int(self._starts[token]) if token < len(self._starts) else len(self._text)

    def _token_at(self, position: int) -> int:
        return int(self._starts.searchsorted(position))

    def _count(self, start: int, end: int) -> int:
        """Count the tokens of ``text[start:end]`` by itself, by encoding its two ends only.

        The splitting of cl100k_base always parts before a single space between two other characters, whatever comes
        before or after. Between the first and the last such place, the tokens are those of the whole block.
        """
        text = self._text
        first = _LONE_SPACE.search(text, start, end)
        last = self._last_lone_space(start, end)
        if first is None or last <= first.start():
            return self._tokenizer.count(text[start:end])
        inner = self._token_at(last) - self._token_at(first.start())
        return inner + self._tokenizer.count(text[start : first.start()]) + self._tokenizer.count(text[last:end])

    def _last_lone_space(self, start: int, end: int) -> int:
        position = self._text.rfind(" ", start + 1, end - 1)
        while position > 0 and (self._text[position - 1].isspace() or self._text[position + 1].isspace()):
            position = self._text.rfind(" ", start + 1, position)
        return position

    def _skip_space(self, position: int) -> int:
        match = _SPACE.match(self._text, position)
        return position if match is None else match.end()

    def _without_space_before(self, position: int) -> int:
        while self._text[position - 1].isspace():
            position -= 1
        return position

    def _joins_on(self, position: int) -> bool:
        """Say whether the character at ``position`` belongs to the letter before it, as an accent does."""
        return position < len(self._text) and unicodedata.combining(self._text[position]) != 0
