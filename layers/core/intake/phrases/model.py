"""Phrases, a tenant's wish to have them warmed, and what came of a warm-up."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from intake.inputs.results import IntentLabel

LIFE = timedelta(days=30)
"""How long a warm-up can be asked about: as long as the surest line of the cache lives."""
LONGEST_RUN = timedelta(hours=1)
"""Time limit of the machine: a warm-up that has not ended by then was cut off."""


class _Record(BaseModel):
    # A field that a newer version stores is no trouble to an older one.
    model_config = ConfigDict(frozen=True, extra="ignore")


class Phrase(_Record):
    """One sentence that members often use, in one language, and what it is about."""

    id: str
    language: str
    label: IntentLabel
    text: str = Field(repr=False)


class Schedule(_Record):
    """Whether a tenant's phrases are warmed each day, and which; no language is every language."""

    tenant: str
    enabled: bool = False
    languages: tuple[str, ...] = ()
    target_language: str = "en"


class WarmUp(_Record):
    """One warm-up of one tenant. ``planned`` are the phrases it is about, once that is known."""

    tenant: str
    id: str
    created_at: datetime
    expires_at: datetime
    languages: tuple[str, ...] = ()
    target_language: str = "en"
    scheduled: bool = False
    planned: tuple[str, ...] | None = None
    ended_at: datetime | None = None
    failure: str | None = None


class PhraseOutcome(StrEnum):
    """What came of one phrase."""

    WARMED = "warmed"
    """It was translated, and is in the cache now."""
    ALREADY_WARM = "already_warm"
    SKIPPED = "skipped"
    """It was not tried: the reason says why."""
    FAILED = "failed"
    """It was tried, and its provider did not answer."""


class PhraseResult(_Record):
    """What came of one phrase, and what it cost."""

    phrase_id: str
    outcome: PhraseOutcome
    reason: str | None = None
    provider: str | None = None
    cost_microusd: int = 0


def own_id(language: str, text: str) -> str:
    """Return the id of a tenant's own phrase: the same words keep it."""
    return f"own-{hashlib.sha256(f'{language} {text}'.encode()).hexdigest()[:12]}"
