"""Failures on demand: which calls fail, how, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field


class Kind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    RESET = "reset"
    TRUNCATED_BODY = "truncated_body"
    MALFORMED_JSON = "malformed_json"
    """The HTTP body is no JSON."""
    NO_USAGE = "no_usage"
    SLOW = "slow"
    """Only ``delay_seconds``: the answer itself is right."""
    TRICKLE = "trickle"
    """The right answer in twenty pieces, ``delay_seconds`` apart."""
    # Of chat answers
    ANSWER = "answer"
    """The model answers with ``body``, whatever it was asked."""
    MALFORMED_CONTENT = "malformed_content"
    """The model's words are no JSON."""
    SCHEMA_VIOLATION = "schema_violation"
    REFUSAL = "refusal"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    NO_CHOICES = "no_choices"
    # Of embeddings
    SHUFFLED_ROWS = "shuffled_rows"
    """Right, but in another order: rows are to be matched by their index."""
    MISSING_ROW = "missing_row"
    DUPLICATE_ROW = "duplicate_row"
    WRONG_DIMENSION = "wrong_dimension"
    ZERO_VECTOR = "zero_vector"
    # Of speech
    SILENCE = "silence"
    """A right answer without a word, or without a sound."""
    NO_DURATION = "no_duration"


class Fault(BaseModel):
    """A failure, and the calls it is for."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    route: str | None = None
    """``chat``, ``embeddings``, ``listen``, ``speak``, ``translate``; None for all of the double."""
    key: str | None = None
    """The API key of the caller, which tells providers apart; None for all."""
    times: int | None = Field(1, ge=1)
    """How many calls fail, or None for all until the faults are cleared."""
    every: int = Field(1, ge=1)
    """Of the calls it is for, one in so many fails, the last of each such row; the others are left to later faults."""
    delay_seconds: float = Field(0.0, ge=0)
    status: int = 500
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    """With ``status``: the JSON of the error, or None for the service's form with ``type`` and ``code``.
    With ``answer``: what the model says."""
    type: str = "server_error"
    code: str | None = None
    finish_reason: str | None = None
    """With ``length`` and ``content_filter``: another word for it, such as Gemini's ``SAFETY``."""

    @classmethod
    def rate_limit(cls, retry_after: str | None = None, **more: Any) -> Self:
        """OpenAI asks to slow down."""
        headers = {} if retry_after is None else {"retry-after": retry_after}
        return cls(kind=Kind.STATUS, status=429, type="requests", code="rate_limit_exceeded", headers=headers, **more)

    @classmethod
    def quota(cls, code: str = "credit_balance_exhausted", **more: Any) -> Self:
        """OpenAI says that the account is out of credit."""
        return cls(kind=Kind.STATUS, status=429, type="insufficient_quota", code=code, **more)

    @classmethod
    def gemini(cls, status: int, name: str, **more: Any) -> Self:
        """Gemini's compatible endpoint fails in Google's form: a list with one error that has a numeric code."""
        body = [{"error": {"code": status, "message": "failed on demand", "status": name}}]
        return cls(kind=Kind.STATUS, status=status, body=body, **more)

    @classmethod
    def elevenlabs(cls, status: int, name: str, **more: Any) -> Self:
        """ElevenLabs fails, and says so in ``detail.status``."""
        return cls(kind=Kind.STATUS, status=status, code=name, **more)

    @classmethod
    def amazon(cls, status: int, name: str, **more: Any) -> Self:
        """One of Amazon's services fails with an exception of its description."""
        return cls(kind=Kind.STATUS, status=status, code=name, **more)


@dataclass(eq=False)
class _Waiting:
    """A fault, and how many of the calls it is for have come."""

    fault: Fault
    calls: int = 0


class FaultPlan:
    """The faults that wait for their calls, in the order in which they were given."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append(_Waiting(fault.model_copy()))

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, route: str, key: str) -> Fault | None:
        """Return the fault of this call, and count it as spent."""
        for waiting in self._waiting:
            fault = waiting.fault
            if fault.route in (None, route) and fault.key in (None, key):
                waiting.calls += 1
                if waiting.calls % fault.every:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times == 0:
                        self._waiting.remove(waiting)
                return fault
        return None
