"""Counting negated clauses, so that a translation that turns "nobody answers" into "anybody answers" is caught."""

from __future__ import annotations

import re
from itertools import chain

from intake.inputs.lexicon import CLAUSE_WORDS, NEGATORS

# "No. 12" is a number's label, and a closing "¿no?" asks for agreement: neither denies anything.
_NOT_A_DENIAL = re.compile(r"\bn[oº°]\s?\.\s?(?=#?\s?\d)|,\s*¿?no\s*\?", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.!?;:,\n¿¡()…—–]+")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TWO_WORDS = re.compile(r"\bno one\b|\bfail(?:s|ed|ing)? to\b", re.IGNORECASE)
_FRENCH_ELISION = "n'"


def negated_clauses(text: str, language: str, *, ignoring_answers: bool = False) -> int | None:
    """Count the clauses that deny something, or None where the language's negations are not known.

    A clause counts once: Spanish "no vino nadie" denies once, with two words.

    Parameters
    ----------
    ignoring_answers
        Leave out clauses of one word, such as "No", before one that denies by itself; if all are such, count 1.
    """
    negators = NEGATORS.get(language)
    if negators is None:
        return None
    plain = _NOT_A_DENIAL.sub(" ", text.replace("’", "'"))
    if language == "en":
        plain = _TWO_WORDS.sub(" nobody ", plain)
    clauses = chain.from_iterable(_split(part, CLAUSE_WORDS[language]) for part in _CLAUSE_END.split(plain))
    denying = [clause for clause in clauses if not negators.isdisjoint(clause)]
    if ignoring_answers:
        sentences = sum(1 for clause in denying if len(clause) > 1)
        return sentences or min(1, len(denying))
    return len(denying)


def _split(part: str, openers: frozenset[str]) -> list[set[str]]:
    clauses: list[set[str]] = [set()]
    for match in _TOKEN.finditer(part):
        token = match.group().casefold()
        if token in openers:
            clauses.append(set())
        clauses[-1].add("ne" if token.startswith(_FRENCH_ELISION) else token)
    return clauses
