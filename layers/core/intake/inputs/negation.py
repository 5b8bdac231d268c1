"""Counting negated clauses, so that a translation that turns "nobody answers" into "anybody answers" is caught."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from intake.inputs.lexicon import CLAUSE_WORDS, DENYING_CHARACTERS, NEGATORS, PERHAPS_DENIES

# "No. 12" is a number's label, and a closing "¿no?" asks for agreement: neither denies anything.
_NOT_A_DENIAL = re.compile(
    r"\bn[oº°]\s?\.\s?(?=#?\s?\d)"
    r"|,\s*(?:¿?no|n'est-ce pas|nicht wahr|não é|non è vero|right"
    r"|(?:is|are|was|were|do|does|did|has|have|can|will)(?:n't)? (?:it|he|she|they|we|you|i))\s*\?"
    r"|\bsin embargo\b|\bno obstante\b|\bsin duda\b|\bsem dúvida\b|\bsans doute\b|\bsenza dubbio\b|\bno doubt\b"
    r"|\bnot only\b|\bno s[oó]lo\b|\bnon solo\b|\bnon seulement\b|\bnão só\b|\bnicht nur\b|\bniet alleen\b",
    re.IGNORECASE,
)
# "能不能" and "bạn có … không?" ask.
_CHINESE_QUESTION = re.compile(r"(.)[不没](?=\1)|有没有")
_VIETNAMESE_QUESTION = re.compile(r"\b(?:phải )?(?:không|chưa)\s*\?", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[.!?;:,\n¿¡()…—–。!?,、;؟،।]+")
_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0900-\u0dff])*(?:'[^\W\d_]+)?")
_TWO_WORDS = re.compile(r"\bno one\b|\bfail(?:s|ed|ing)? to\b", re.IGNORECASE)
_FRENCH_ELISION = "n'"


@dataclass(frozen=True)
class Denials:
    """How many clauses of a text deny for certain, and how many may."""

    certain: int
    possible: int


def negated_clauses(text: str, language: str, *, ignoring_answers: bool = False) -> int | None:
    """Count the clauses that deny something, or None where the language's negations are not known.

    A clause counts once: Spanish "no vino nadie" denies once, with two words.

    Parameters
    ----------
    ignoring_answers
        Leave out clauses of one word, such as "No", before one that denies by itself; if all are such, count 1.
    """
    clauses = _clauses(text, language)
    if clauses is None:
        return None
    denying = [clause for clause in clauses if not NEGATORS[language].isdisjoint(clause)]
    if ignoring_answers:
        sentences = sum(1 for clause in denying if len(clause) > 1)
        return sentences or min(1, len(denying))
    return len(denying)


def denials(text: str, language: str) -> Denials | None:
    """Count what a text denies and what it may deny, or None where the language's negations are not known.

    Where the words that part clauses are not known either, a text denies once or not at all.
    """
    if language in DENYING_CHARACTERS:
        plain = _CHINESE_QUESTION.sub("", text) if language == "zh" else text
        found = min(1, len(re.findall(DENYING_CHARACTERS[language], plain, re.IGNORECASE)))
        return Denials(found, found)
    clauses = _clauses(_VIETNAMESE_QUESTION.sub("?", text) if language == "vi" else text, language)
    if clauses is None:
        return None
    perhaps = PERHAPS_DENIES.get(language, frozenset())
    certain = sum(1 for clause in clauses if not NEGATORS[language].isdisjoint(clause))
    possible = sum(1 for clause in clauses if not (NEGATORS[language] | perhaps).isdisjoint(clause))
    if language not in CLAUSE_WORDS:
        return Denials(min(1, certain), min(1, possible))
    return Denials(certain, possible)


def _clauses(text: str, language: str) -> list[set[str]] | None:
    if language not in NEGATORS:
        return None
    plain = _NOT_A_DENIAL.sub(" ", text.replace("’", "'"))
    if language == "en":
        plain = _TWO_WORDS.sub(" nobody ", plain)
    openers = CLAUSE_WORDS.get(language, frozenset())
    return list(chain.from_iterable(_split(part, openers) for part in _CLAUSE_END.split(plain)))


def _split(part: str, openers: frozenset[str]) -> list[set[str]]:
    clauses: list[set[str]] = [set()]
    for match in _TOKEN.finditer(part):
        token = match.group().casefold()
        if token in openers:
            clauses.append(set())
        clauses[-1].add("ne" if token.startswith(_FRENCH_ELISION) else token)
    return clauses
