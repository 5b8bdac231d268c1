"""Whether cleaning kept what an English text says: the check on every answer to the task ``sanitize``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from intake.inputs import facts
from intake.inputs.negation import negated_clauses
from intake.words import STOP_WORDS, stems

_SHORTEST, _LONGEST = 0.3, 1.5
"""Bounds of the clean text's length against the original's; fillers seldom make up more than two thirds."""
_TOO_SHORT_FOR_A_RATIO = 40

_TOO_MANY_LOST, _MOST_NEW = 0.5, 0.5
"""Shares of the words that say something: of those that were said, and of those that are left."""
_WORDS_FOR_A_SHARE = 4
_MARKS = ".,;:!?…"
_FILLERS = frozenset(stems("um uh er hmm know mean like well okay sort kind basically actually guess yeah right"))

# What an insurer decides or a system says. Whatever else a rewording changes, these it must find in what was said.
_DECISIONS = frozenset(
    stems(
        "approved approve approval authorized confirmed verified eligible guaranteed unlocked skipped granted paid "
        "payout covered coverage denied urgent emergency admin administrator director manager supervisor system "
        "password key instructions prompt script api hacked fillers placeholder modifications"
    )
)


def what_changed(
    original: str, clean: str, *, history: Sequence[str] = (), may_only_take_away: bool = False
) -> list[str]:
    """Name the kinds of fact that a clean English text lost, or has from nowhere.

    Facts may come from the history, because references are resolved from it.

    Parameters
    ----------
    may_only_take_away
        The text may try to instruct a model: an answer with a word of its own, or in another order, is refused.
    """
    changed = [kind for kind, read in _FACTS.items() if _differs(read, original, clean, history)]
    if _names_differ(original, clean, history):
        changed.append("names")
    if _denials(original) != _denials(clean):
        changed.append("negations")
    if _says_something_else(original, clean, history) or (may_only_take_away and not _is_part(clean, original)):
        changed.append("words")
    before, after = _length(original), _length(clean)
    if before > _TOO_SHORT_FOR_A_RATIO and not _SHORTEST <= after / before <= _LONGEST:
        changed.append("length")
    return changed


def _says_something_else(original: str, clean: str, history: Sequence[str]) -> bool:
    """Say whether a text is another one rather than the same made clean: an answer, an invention, an order obeyed."""
    before, after = _content(original), _content(clean)
    new = after - before.union(*map(_content, history))
    if new & _DECISIONS:
        return True
    lost = before - after
    if len(before) >= _WORDS_FOR_A_SHARE and len(lost) >= _TOO_MANY_LOST * len(before):
        return True
    return len(after) >= _WORDS_FOR_A_SHARE and len(new) > _MOST_NEW * len(after)


def _is_part(clean: str, original: str) -> bool:
    """Say whether a text has nothing but words of another one, in its order."""
    said = iter(original.casefold().split())
    return all(any(word.strip(_MARKS) == other.strip(_MARKS) for other in said) for word in clean.casefold().split())


def _content(text: str) -> set[str]:
    """Return the stems of the words that say something."""
    said = " ".join(facts.words(facts.without_placeholders(text)))
    return set(stems(" ".join(word for word in said.split() if word.casefold() not in STOP_WORDS))) - _FILLERS


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
