"""Whether cleaning kept what an English text says: the check on every answer to the task ``sanitize``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from intake.inputs import facts
from intake.inputs.negation import negated_clauses

_SHORTEST, _LONGEST = 0.3, 1.5
"""Bounds of the clean text's length against the original's; fillers seldom make up more than two thirds."""
_TOO_SHORT_FOR_A_RATIO = 40


def what_changed(original: str, clean: str, *, history: Sequence[str] = ()) -> list[str]:
    """Name the kinds of fact that a clean English text lost, or has from nowhere.

    Facts may come from the history, because references are resolved from it.
    """
    changed = [kind for kind, read in _FACTS.items() if _differs(read, original, clean, history)]
    if _names_differ(original, clean, history):
        changed.append("names")
    if _denials(original) != _denials(clean):
        changed.append("negations")
    before, after = _length(original), _length(clean)
    if before > _TOO_SHORT_FOR_A_RATIO and not _SHORTEST <= after / before <= _LONGEST:
        changed.append("length")
    return changed


def _length(text: str) -> int:
    """Count characters, a run of white space as one."""
    return len(" ".join(text.split()))


def _denials(text: str) -> int | None:
    return negated_clauses(text, "en", ignoring_answers=True)


def _numbers(text: str) -> set[str]:
    # "One" is a pronoun as often as a number.
    return set(facts.numbers(text)) | (set(facts.spoken_numbers(text, "en") or ()) - {"1"})


_FACTS: dict[str, Callable[[str], set[Any]]] = {
    "numbers": _numbers,
    "dates": lambda text: set(facts.dates(text)),
    "amounts of money": lambda text: set(facts.amounts(text)),
    "placeholders": lambda text: set(facts.placeholders(text)),
}


def _differs(read: Callable[[str], set[Any]], original: str, clean: str, history: Sequence[str]) -> bool:
    before, after = read(original), read(clean)
    return bool(before - after or after - before.union(*map(read, history)))


def _names_differ(original: str, clean: str, history: Sequence[str]) -> bool:
    """Compare names with all words: one that comes to stand first in its sentence is no name to `facts.names`."""
    lost = facts.names(original).keys() - _folded(clean)
    known = _folded(original).union(*map(_folded, history))
    return bool(lost or facts.names(clean).keys() - known)


def _folded(text: str) -> set[str]:
    return {facts.folded(word) for word in facts.words(text)}
