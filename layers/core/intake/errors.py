"""The errors of Intake, one tree.

The class *names* are a public contract: Step Functions matches ``Retry`` and ``Catch`` on them, and callers of the
HTTP API see them as problem types. Do not rename one without its machines and a changelog line.
"""

from __future__ import annotations

import json
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from intake.money import Charge, Usage


class FieldError(BaseModel):
    """What is wrong with one field of a request, and what to do about it."""

    model_config = ConfigDict(frozen=True)

    field: str
    message: str


class IntakeError(Exception):
    """Base of every error Intake raises on purpose.

    Parameters
    ----------
    detail
        One sentence for the person who meets the error: what happened and, where it helps, what to do.
        Never the text, audio or document of a user, and never a secret: details are logged and stored.
    """

    title: ClassVar[str] = "Something went wrong"
    http_status: ClassVar[int] = 500

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def slug(self) -> str:
        """Stable problem type: ``RateLimitedError`` is ``rate-limited``."""
        return error_slug(type(self).__name__)


def error_slug(class_name: str) -> str:
    """Turn an error's class name into its problem type, for example ``NotFoundError`` into ``not-found``."""
    stem = class_name.removesuffix("Error")
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in stem).lstrip("-")


class ProviderError(IntakeError):
    """A call to a provider did not give an answer.

    Parameters
    ----------
    billed
        What the provider charges for the failed call all the same: a truncated answer is paid for. None if nothing.
    """

    title = "A provider could not answer"
    http_status = 503

    def __init__(self, detail: str, *, billed: Usage | None = None) -> None:
        super().__init__(detail)
        self.billed = billed
        self.charge: Charge | None = None
        """What the failed call cost, where it cost anything; the gateway knows."""


class TransientError(ProviderError):
    """The provider failed in a way that may pass: 5xx, connection reset, unreadable answer. Retried."""

    title = "A provider failed for the moment"


class RateLimitedError(TransientError):
    """The provider asks to slow down. Retried, not before ``retry_after_seconds`` where it was given."""

    title = "A provider asks to slow down"

    def __init__(self, detail: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class ProviderTimeoutError(TransientError):
    """The provider did not answer within its time. Retried once: a slow answer is seldom quick the second time."""

    title = "A provider took too long"


class NotRetriedError(ProviderError):
    """The provider failed in a way that may pass, but another try is too dear; the next provider is asked at once."""

    title = "A provider failed, and is not asked again"


class QuotaExhaustedError(ProviderError):
    """Our account with the provider is out of credit or quota; a retry cannot help, another provider can."""

    title = "The account with a provider is exhausted"


class ProviderRefusedError(ProviderError):
    """The provider will not do this: content policy, bad credentials, unknown model. The next provider may."""

    title = "A provider refused the request"


class CircuitOpenError(ProviderError):
    """The provider is failing for everybody, or is held by an operator; nothing was sent."""

    title = "A provider is switched off for the moment"


class BudgetExceededError(ProviderError):
    """The tenant's limit for this provider is reached; nothing was sent and nothing was charged."""

    title = "The budget is used up"
    http_status = 402


class ProvidersUnavailableError(ProviderError):
    """No provider is left that could do this."""

    title = "The service is unavailable for the moment"


class UnsupportedInputError(IntakeError):
    """The caller's input cannot be worked on: empty, too long, an unknown language, a wrong kind of file."""

    title = "The input is not valid"
    http_status = 422

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.errors = errors


class DocumentRejectedError(UnsupportedInputError):
    """A document is damaged, encrypted, empty or too large to be read safely.

    Parameters
    ----------
    code
        Stable reason: ``encrypted``, ``damaged``, ``empty``, ``too_large``, ``too_many_pages``, ``unsupported_type`` …
    """

    title = "The document was rejected"

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail)
        self.code = code


class NotFoundError(IntakeError):
    """There is no such thing for this tenant."""

    title = "Not found"
    http_status = 404


class ErasedError(NotFoundError):
    """There was such a thing, and it was erased on purpose: nobody gets it back, and nothing more is kept of it."""

    title = "Erased"
    http_status = 410


class ConflictError(IntakeError):
    """The thing has changed meanwhile, or is in a state that does not allow this."""

    title = "Conflict"
    http_status = 409


class UnauthorizedError(IntakeError):
    """No valid API key came with the request."""

    title = "No valid API key"
    http_status = 401


class InvalidSignatureError(IntakeError):
    """A callback does not carry the signature of the service that it says it is from."""

    title = "The signature is not valid"
    http_status = 401


class ForbiddenError(IntakeError):
    """The API key is valid, but its role or tenant may not do this."""

    title = "Not allowed"
    http_status = 403


class ConfigurationError(IntakeError):
    """Intake itself is set up wrongly: a missing setting, a model without a price, an engine that is not installed."""

    title = "Intake is not set up for this"
    http_status = 503


def own_error(class_name: str) -> type[IntakeError] | None:
    """Return the class of one of Intake's own errors by its name, None for any other name."""
    found = globals().get(class_name)
    return found if isinstance(found, type) and issubclass(found, IntakeError) else None


def reported_detail(class_name: str, cause: str) -> str:
    """Return the words of one of Intake's own errors out of what Step Functions caught; nothing for any other error.

    The message of a foreign exception may quote what somebody said; ours never do.

    Parameters
    ----------
    cause
        The JSON that Lambda makes of an exception, ``{"errorMessage", "errorType", "stackTrace"}``, or plain words.
    """
    if own_error(class_name) is None:
        return ""
    try:
        reported = json.loads(cause)
    except ValueError:
        return cause
    message = reported.get("errorMessage") if isinstance(reported, dict) else None
    return message if isinstance(message, str) else ""


def tried_in_vain(provider: str, words: str) -> str:
    """Say that a provider failed, naming it once: its own words often do."""
    return words if provider in words else f"{provider}: {words}"
