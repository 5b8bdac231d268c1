"""Words as search counts them, in English and Spanish: folded, cut to their stem, without those that say nothing."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
    "cion", "ing", "ado", "ada", "ido", "ida", "ed", "er", "ar", "ir", "ly",
)  # fmt: skip
_VOWELS = frozenset("aeo")

K1 = 1.2
B = 0.75
"""The usual parameters of BM25 (Robertson and Zaragoza, 2009)."""


def terms(text: str) -> list[str]:
    """Return the stems of the words that say something, in order."""
    return [term for _start, _end, term in located_terms(text)]


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


class Postings:
    """Which passages have which term, how often: what BM25 needs, made once for each document.

    Parameters
    ----------
    lengths
        Terms of each passage.
    entries
        For each term, pairs of passage number and count, flattened: ``[0, 2, 5, 1]``.
    """

    def __init__(self, lengths: Sequence[int], entries: Mapping[str, Sequence[int]]) -> None:
        self.lengths = lengths
        self.entries = entries

    @classmethod
    def of(cls, texts: Iterable[str]) -> Postings:
        """Count the terms of passages."""
        lengths: list[int] = []
        entries: dict[str, list[int]] = {}
        for number, text in enumerate(texts):
            counts = Counter(terms(text))
            lengths.append(counts.total())
            for term, count in counts.items():
                entries.setdefault(term, []).extend((number, count))
        return cls(lengths, entries)


def bm25(collection: Sequence[Postings], query: Iterable[str]) -> NDArray[np.float64]:
    """Score every passage of a collection of documents for a query, one after the other; 0 where no term occurs.

    Rarity is counted over the whole collection, so that scores of different documents compare.
    """
    import numpy as np

    lengths = np.concatenate([np.asarray(postings.lengths, np.float64) for postings in collection] or [np.zeros(0)])
    scores = np.zeros(len(lengths))
    if not lengths.any():
        return scores
    norms = K1 * (1 - B + B * lengths / lengths.mean())
    for term in dict.fromkeys(query):
        numbers, counts = _occurrences(collection, term)
        if len(numbers):
            rarity = math.log(1 + (len(lengths) - len(numbers) + 0.5) / (len(numbers) + 0.5))
            scores[numbers] += rarity * counts * (K1 + 1) / (counts + norms[numbers])
    return scores


def _occurrences(collection: Sequence[Postings], term: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the passages, counted through the collection, that have a term, and how often each has it."""
    import numpy as np

    numbers: list[int] = []
    counts: list[int] = []
    offset = 0
    for postings in collection:
        entries = postings.entries.get(term)
        if entries is not None:
            numbers += [offset + number for number in entries[::2]]
            counts += entries[1::2]
        offset += len(postings.lengths)
    return np.asarray(numbers, np.int64), np.asarray(counts, np.int64)


def _bare(word: str) -> str:
    """Drop a last vowel, and half of a doubled consonant: ``nurse`` → ``nurs``, ``cancell(ed)`` → ``cancel``."""
    if len(word) > 4 and word[-1] in _VOWELS:
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] and word[-1] in "lnprt" else word
