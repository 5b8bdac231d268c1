"""How long a service asks to wait, as its headers say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_RETRY_AFTER_SECONDS = 120.0
"""A longer wait is not worth holding a caller for; OpenAI's official client has the same limit."""


def retry_after_seconds(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Read how long a provider asks to wait: ``retry-after-ms``, or ``retry-after`` in seconds or as a date.

    Returns
    -------
    float or None
        Seconds, from 0 to `LONGEST_RETRY_AFTER_SECONDS`; None where nothing readable was said.
    """
    for header, per_second in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        seconds = _number(headers.get(header))
        if seconds is not None:
            return min(max(seconds / per_second, 0.0), LONGEST_RETRY_AFTER_SECONDS)
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    # A date without a zone ("-0000") is UTC by RFC 9110; subtracting a naive one would raise.
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER_SECONDS)


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text is not None else math.nan
    except ValueError:
        return None
    return None if math.isnan(number) else number
