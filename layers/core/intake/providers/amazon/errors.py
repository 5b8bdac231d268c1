"""What a failed call to an Amazon service means, decided once, by exception class, code and status."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from intake.errors import (
    ProviderError,
    ProviderRefusedError,
    ProviderTimeoutError,
    RateLimitedError,
    TransientError,
)
from intake.providers.retry_after import retry_after_seconds

# Polly says ThrottlingException with status 400; Translate TooManyRequestsException with 400 or 429.
THROTTLING_CODES = frozenset(
    {"LimitExceededException", "RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException"}
)
PASSING_STATUSES = frozenset({408, 409})


def classify(service: str, error: Exception, *, now: datetime) -> ProviderError:
    """Turn a failure of botocore into one of our errors.

    Parameters
    ----------
    service
        Name of the provider, for the detail.
    error
        What botocore raised.
    now
        The present moment, for a ``Retry-After`` given as a date.
    """
    from botocore import exceptions
    from botocore.parsers import ResponseParserError

    if isinstance(error, exceptions.ClientError):
        answer: Any = error.response
        return _classify_answer(service, answer, now)
    if isinstance(error, exceptions.ConnectTimeoutError | exceptions.ReadTimeoutError):
        return ProviderTimeoutError(f"{service} did not answer in time.")
    broken = exceptions.ConnectionError | exceptions.HTTPClientError | exceptions.IncompleteReadError
    if isinstance(error, broken | ResponseParserError):
        return TransientError(f"The connection to {service} broke off.")
    # Nothing was sent: no credentials, no region, or a value that the service's own description refuses.
    return ProviderRefusedError(f"{service} could not be asked: {type(error).__name__}.")


def _classify_answer(service: str, answer: dict[str, Any], now: datetime) -> ProviderError:
    code = str(answer.get("Error", {}).get("Code", ""))
    metadata = answer.get("ResponseMetadata", {})
    status = int(metadata.get("HTTPStatusCode", 0))
    word = f" ({code})" if re.fullmatch(r"[A-Za-z.]{1,64}", code) else ""
    detail = f"{service} answered HTTP {status}{word}."
    if code in THROTTLING_CODES or status == 429:
        seconds = retry_after_seconds(metadata.get("HTTPHeaders", {}), now=now)
        return RateLimitedError(detail, retry_after_seconds=seconds)
    if status in PASSING_STATUSES or status >= 500:
        return TransientError(detail)
    return ProviderRefusedError(detail)
