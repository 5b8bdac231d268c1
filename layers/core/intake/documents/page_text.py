"""The text of a page, made the same whatever parser it comes from, before anything counts characters in it."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
# PDFium marks a hyphen at a line's end by U+FFFE or U+0002: the word goes on in the next line.
_SOFT_HYPHEN = re.compile(r"[\ufffe\x02\u00ad]\n?")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\ufeff\uffff]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]+")
_WIDE_GAP = 3
_SPACED_LINE_END = re.compile(r" +\n")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Return the text with line feeds between lines, words whole, and no character that cannot be seen.

    Letters are composed (NFC); gaps of three or more spaces, which parsers put between the columns of a table, become
    two; runs of blank lines become one.
    """
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = _CONTROLS.sub("", _SOFT_HYPHEN.sub("", text))
    text = _SPACES.sub(lambda gap: "  " if len(gap[0]) >= _WIDE_GAP else " ", text)
    return _BLANK_LINES.sub("\n\n", _SPACED_LINE_END.sub("\n", text)).strip()
