"""Translation memory: a tenant's approved corrections, used instead of a provider for the very same text.

A correction is kept as a line of the cache that the input it came from names, so that it is erased with that input, and
it lives as long as the input does. Personal data stands in it as placeholders, and the text that it is used for puts
its own back: one correction serves every policy number.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.gateway.cache import cache_key
from intake.inputs import facts
from intake.inputs.languages import primary
from intake.inputs.masking import Masked, mask
from intake.inputs.model import Input

PROVIDER = "translation_memory"
"""Stands where a provider's name does: free, and always first."""
NOTE = "An approved correction of this very text."
_FORM = "1"


class Remembered(BaseModel):
    """An approved translation of a masked text, and the input that it came from."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(repr=False)
    input_id: str


class TranslationMemory(Protocol):
    """A tenant's approved corrections, by the key of their cache line."""

    def recall(self, tenant: str, line: str) -> Remembered | None:
        """Return a correction that is still good, or None."""
        ...

    def keep(self, tenant: str, line: str, remembered: Remembered, expires_at: datetime) -> None:
        """Keep a correction, and have answers that were kept before it be given no more."""
        ...

    def edition(self, tenant: str) -> int | None:
        """Return how often corrections were approved, the last one within seconds; None where nobody can tell."""
        ...


class Correction(NamedTuple):
    """A corrected translation, and its source, masked together."""

    source: str
    target: str


def line_of(record: Input, source: str) -> str:
    """Return the key of the cache line for a masked text in the languages of an input."""
    return cache_key(
        "translation-memory", _FORM, primary(record.source_language or ""), record.target_language, normalised(source)
    )


def recalled(record: Input, memory: TranslationMemory) -> Remembered | None:
    """Return the approved correction of an input's very text, or None."""
    return memory.recall(record.tenant, line_of(record, masked_source(record).texts[0]))


def normalised(text: str) -> str:
    """Return a text without what makes no other text of it: case, spacing and forms of the same character."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def masked_source(record: Input) -> Masked:
    """Mask the text of an input as its translation does."""
    return mask([record.text or ""])


def masked_correction(record: Input, corrected: str) -> Correction:
    """Mask the text of an input and its corrected translation together: the same value is the same placeholder."""
    source, target = mask([record.text or "", corrected]).texts
    return Correction(source, target)


def misplaced(correction: Correction) -> list[str]:
    """Return the placeholders that only one side has: personal data that was lost, changed or added."""
    source, target = (facts.placeholders(text).keys() for text in correction)
    return sorted(source ^ target)
