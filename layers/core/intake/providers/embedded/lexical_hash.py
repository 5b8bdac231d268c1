"""Vectors of the words of a text: search by shared words, offline, where no model is at hand.

Lexical, not semantic: two texts are near each other if they share words, or words of the same stem, and for no other
reason. "Car" and "vehicle" have nothing in common here. Figures: docs/embedded-engines.md.
"""

from __future__ import annotations

import math
import platform
import sys
import zlib
from array import array
from collections import Counter

from intake.providers.embedded._engine import Engine
from intake.providers.ports import Capability, EmbeddingRequest, Embeddings, Need, Reply
from intake.words import stems, terms

DIMENSION = 2048


class LexicalHash(Engine):
    """Hash the words of a text into a unit vector: the hashing trick, with stop words left out and light stemming.

    Each word adds ``1 + ln(count)`` at a place, and with a sign, that follow from the CRC-32 of its stem, so the same
    text has the same vector in every process, today and next year.
    """

    name = "lexical-hash"
    capability = Capability.EMBED
    model = f"lexical-hash-{DIMENSION}"

    def engine_version(self) -> str:
        return f"Python {platform.python_version()}"

    def obstacle(self, need: Need) -> str | None:
        return None

    def call(self, request: EmbeddingRequest) -> Reply[Embeddings]:
        """Return one vector a text; questions are treated as passages are."""
        numbers = array("f")
        for text in request.texts:
            numbers.extend(vector(text))
        if sys.byteorder == "big":
            numbers.byteswap()
        return Reply(value=Embeddings(dimension=DIMENSION, packed=numbers.tobytes()))


def vector(text: str, dimension: int = DIMENSION) -> list[float]:
    """Return the unit vector of a text.

    A text of stop words alone is made of those. One without any word points along axis 0, which no word uses: it is
    like other texts without words and like nothing else.
    """
    values = [0.0] * dimension
    counts = Counter(terms(text) or stems(text))
    for stem, count in counts.items():
        digest = zlib.crc32(stem.encode())
        # The top bit signs, the others place: words that collide cancel as often as they add.
        values[1 + (digest & 0x7FFFFFFF) % (dimension - 1)] += (1 + math.log(count)) * (1 if digest >> 31 else -1)
    length = math.hypot(*values)
    if length == 0:
        values[0] = length = 1.0
    return [value / length for value in values]
