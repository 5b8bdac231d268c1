"""Ranking passages by the words they share with a question: BM25."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from intake.words import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1 = 1.2
B = 0.75
"""The usual parameters of BM25 (Robertson and Zaragoza, 2009)."""


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
