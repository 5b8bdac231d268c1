"""Snippets: the part of a passage that answers best, with the words of the query marked, safe to put in a page."""

from __future__ import annotations

from collections.abc import Collection
from html import escape

from intake.words import located_terms

LENGTH = 240
"""Characters of text in a snippet, about; marks and escapes come on top."""
_ELLIPSIS = "…"


def snippet(text: str, query_terms: Collection[str], *, length: int = LENGTH) -> str:
    """Cut the window with most different words of the query out of a passage, as HTML with ``<mark>``.

    Everything but the marks is escaped: the text of a document is not trusted.
    """
    hits = [(start, end, term) for start, end, term in located_terms(text) if term in query_terms]
    begin, finish = _window(text, hits, length)
    parts = [_ELLIPSIS if begin > 0 else ""]
    position = begin
    for start, end, _term in hits:
        if begin <= start and end <= finish:
            parts += [escape(text[position:start]), "<mark>", escape(text[start:end]), "</mark>"]
            position = end
    parts += [escape(text[position:finish]), _ELLIPSIS if finish < len(text) else ""]
    return "".join(parts).replace("\n", " ")


def _window(text: str, hits: list[tuple[int, int, str]], length: int) -> tuple[int, int]:
    """Return start and end of the best window, at the bounds of words."""
    if len(text) <= length:
        return 0, len(text)
    best, begin = 0, 0
    for first, (start, _end, _term) in enumerate(hits):
        found = {term for _start, end, term in hits[first:] if end <= start + length * 3 // 4}
        if len(found) > best:
            best, begin = len(found), max(0, start - length // 4)
    begin = _word_start(text, begin)
    finish = begin + length
    if finish >= len(text):
        return begin, len(text)
    space = text.rfind(" ", begin + 1, finish)
    return begin, space if space > begin + length // 2 else finish


def _word_start(text: str, position: int) -> int:
    if position == 0 or text[position - 1].isspace():
        return position
    space = text.find(" ", position, position + 40)
    return position if space < 0 else space + 1
