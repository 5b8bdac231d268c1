"""Faults planted by machine into the golden set's reference translations: nobody chose where they hit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluation.cases import Damaged, Golden

_DENIALS = (
    (re.compile(r"\b(do|does|did|has|have|is|was|can|could|will)(?:n't| ?not)\b"), r"\1"),
    (re.compile(r"\bno(?:body| one)\b", re.IGNORECASE), "everybody"),
    (re.compile(r"\bno\b"), "an"),
    (re.compile(r"\bnever\b"), "often"),
)
_NUMBER = re.compile(r"\d+")
_LONG_WORD = re.compile(r"\b[^\W\d_A-Z]{5,}\b")
_ANOTHER_NAME = "Parker"
_ADDED = 3


def planted(case: Golden) -> Iterator[Damaged]:
    """Yield a translation's faults: a lost denial, another name or number, a word or all left as it was."""
    for kind, damaged in _faults(case):
        if damaged != case.english:
            yield Damaged.model_validate(
                {
                    "language": case.language,
                    "kind": kind,
                    "source": case.text,
                    "good": case.english,
                    "damaged": damaged,
                }
            )


def _faults(case: Golden) -> Iterator[tuple[str, str]]:
    english = case.english
    if case.entities.negations:
        for pattern, instead in _DENIALS:
            english = pattern.sub(instead, english)
        yield "negation", english
    for name in case.entities.names:
        yield "name", case.english.replace(name, _ANOTHER_NAME)
    yield "number", _NUMBER.sub(lambda match: str(int(match.group()) + _ADDED), case.english, count=1)
    if left := _LONG_WORD.search(case.text):
        yield "untranslated", _LONG_WORD.sub(left.group(), case.english, count=1)
    yield "language", case.text
