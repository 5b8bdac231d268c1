"""What a failed call to ElevenLabs means, decided once, by status and ``detail.status``, never by a message."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime

from intake.errors import (
    ProviderError,
    ProviderRefusedError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
)
from intake.providers.retry_after import retry_after_seconds

# https://help.elevenlabs.io/hc/en-us/articles/19572237925521, November 2026: an exhausted quota is 401, like a bad key.
QUOTA_STATUSES = frozenset({"quota_exceeded"})
PASSING_STATUSES = frozenset({408, 409})


def classify(status: int, body: bytes, headers: Mapping[str, str], *, now: datetime) -> ProviderError:
    """Turn an answer that is no success into one of our errors.

    Parameters
    ----------
    status, body, headers
        The answer.
    now
        The present moment, for a ``Retry-After`` given as a date.
    """
    label = _label(body)
    detail = " ".join(filter(None, [f"elevenlabs answered HTTP {status}", label and f"({label})"])) + "."
    if label in QUOTA_STATUSES:
        return QuotaExhaustedError(detail)
    if status == 429:
        # too_many_concurrent_requests and system_busy both pass; which of them it was stands in the detail.
        return RateLimitedError(detail, retry_after_seconds=retry_after_seconds(headers, now=now))
    if status in PASSING_STATUSES or status >= 500:
        return TransientError(detail)
    return ProviderRefusedError(detail)


def _label(body: bytes) -> str | None:
    """Return ``detail.status``; a validation error has a list there, and a proxy's page is no JSON."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    detail = document.get("detail") if isinstance(document, dict) else None
    label = detail.get("status") if isinstance(detail, dict) else None
    # Only a word: anything else might quote what was sent.
    return label if isinstance(label, str) and re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", label) else None
