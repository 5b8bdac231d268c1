"""Words as Intake compares them, in English and Spanish: folded, cut to their stem, without those that say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_STOP_WORDS = """
a about after again all also am an and any are as at be been before being between both but by can could did do does
doing during each for from further had has have having he her here hers him his how i if in into is it its just me
more most my no nor not of off on once only or other our out over own same she should so some such than that the
their them then there these they this those through to too under until up us very was we were what when where which
while who whom why will with would you your
al como con cual cuales cuando de del desde donde durante e el ella ellas ellos en entre era es esa ese eso esta
estan estar este esto estos fue ha han hasta hay la las le les lo los mas me mi mis muy ni no nos o para pero por
porque que quien se ser si sin sobre son su sus tambien te tengo tiene tienen tu un una uno unos y ya yo
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Longest first, after a plural's s was taken off; what is left has at least four letters.
_PLURALS = (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"))
_ENDINGS = (
    "amiento", "imiento", "acione", "amente", "mente", "acion", "cione", "ation", "iendo", "ando", "ment", "ness",
    "cion", "ing", "ado", "ada", "ido", "ida", "ed", "er", "ar", "ly",
)  # fmt: skip
_IRREGULAR = {"children": "child", "men": "man", "women": "woman", "feet": "foot", "teeth": "tooth"}
_VOWELS = frozenset("aeo")


def terms(text: str) -> list[str]:
    """Return the stems of the words that say something, in order."""
    return [term for _start, _end, term in located_terms(text)]


def stems(text: str) -> list[str]:
    """Return the stems of all words, in order."""
    return [stem(fold(match[0])) for match in _WORD.finditer(text)]


def located_terms(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and stem of each word that says something."""
    for match in _WORD.finditer(text):
        word = fold(match[0]).partition("'")[0]
        if word not in STOP_WORDS and (len(word) > 1 or word.isdigit()):
            yield match.start(), match.end(), stem(word)


def fold(word: str) -> str:
    """Return a word in lower case, without accents, with a plain apostrophe."""
    lowered = word.lower().replace("’", "'")
    if lowered.isascii():
        return lowered
    return "".join(letter for letter in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """Cut a folded word to what its forms have in common: ``deductibles``, ``deductible`` → ``deductibl``.

    Light on purpose: one ending is taken off. Words of different meaning (``car``, ``care``) must not fall together.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.isalpha() or len(word) <= 3:
        return word
    for ending, replacement in _PLURALS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _bare(word[: -len(ending)] + replacement)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return _bare(word[: -len(ending)])
    return _bare(word)


def _bare(word: str) -> str:
    """Drop a last vowel, and half of a doubled consonant: ``nurse`` → ``nurs``, ``cancell(ed)`` → ``cancel``."""
    if len(word) > 4 and word[-1] in _VOWELS:
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] in "lnprt" else word
