"""What a failed call means, decided once, by exception class, status and code, and never by searching a message."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from intake.errors import (
    IntakeError,
    ProviderRefusedError,
    ProviderTimeoutError,
    QuotaExhaustedError,
    RateLimitedError,
    TransientError,
    UnsupportedInputError,
)
from intake.providers.retry_after import retry_after_seconds

if TYPE_CHECKING:
    import openai

# https://platform.openai.com/docs/guides/error-codes, November 2026
QUOTA_TYPE = "insufficient_quota"
QUOTA_CODES = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
    }
)
TOO_LONG_CODES = frozenset({"context_length_exceeded"})
KEY_STATUSES = frozenset({401, 403})
PASSING_STATUSES = frozenset({408, 409})
"""Timeouts and lock conflicts at the provider: tried again, like all of 5xx."""


def classify(service: str, error: openai.OpenAIError, *, now: datetime) -> IntakeError:
    """Turn a failure of the official client into one of ours.

    Parameters
    ----------
    service
        Name of the provider, for the detail.
    error
        What the client raised.
    now
        The present moment, for a ``Retry-After`` given as a date.
    """
    import openai

    if isinstance(error, openai.APITimeoutError):
        return ProviderTimeoutError(f"{service} did not answer in time.")
    if isinstance(error, openai.APIStatusError):
        return _classify_status(service, error, now)
    # No status: refused, reset, or cut off within the body; or an answer the client itself could not read.
    return TransientError(f"The connection to {service} broke off.")


def _classify_status(service: str, error: openai.APIStatusError, now: datetime) -> IntakeError:
    status = error.status_code
    detail = f"{service} answered {_words(error)}."
    if status == 429:
        if error.type == QUOTA_TYPE or error.code in QUOTA_CODES:
            return QuotaExhaustedError(detail)
        return RateLimitedError(detail, retry_after_seconds=retry_after_seconds(error.response.headers, now=now))
    if status in PASSING_STATUSES or status >= 500:
        return TransientError(detail)
    if error.code in TOO_LONG_CODES:
        return UnsupportedInputError(f"The text is too long for {service}: shorten or split it.")
    if status in KEY_STATUSES:
        return ProviderRefusedError(f"{detail} Check the key of {service} and what it may do.")
    return ProviderRefusedError(detail)


def _words(error: openai.APIStatusError) -> str:
    """Name status, code and request; the message is left out, for it may quote the text that was sent."""
    words = [f"HTTP {error.status_code}"]
    label = error.code or error.type
    if isinstance(label, str) and re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", label):
        words.append(f"({label})")
    if error.request_id and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", error.request_id):
        words.append(f"to request {error.request_id}")
    return " ".join(words)
