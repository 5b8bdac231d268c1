"""What the stages of an input need from outside, besides the repository."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from intake.gateway.outcome import Outcome
from intake.providers.ports import Capability


class Caller(Protocol):
    """The gateway's way to one provider."""

    def call(
        self,
        capability: Capability,
        provider: str,
        request: Any,
        *,
        tenant: str,
        check: Callable[[Any], None] | None = None,
        claim: Callable[[str], None] | None = None,
    ) -> Outcome[Any]:
        """Ask one provider, once; see `intake.gateway.gateway.Gateway.call`."""
        ...


class ObjectReader(Protocol):
    """Reads files that were uploaded."""

    def get(self, bucket: str, key: str) -> bytes:
        """Return the bytes of an object.

        Raises
        ------
        NotFoundError
            There is no such object.
        """
        ...


class ResultCache(Protocol):
    """Keeps whole answers, so that an identical input is answered without a run."""

    def line(self, fingerprint: str) -> str:
        """Return the key of the cache line that holds an answer."""
        ...

    def get(self, tenant: str, fingerprint: str) -> str | None:
        """Return the stored answer as JSON, or None."""
        ...

    def put(self, tenant: str, fingerprint: str, answer: str, expires_at: datetime) -> None:
        """Store an answer until a moment."""
        ...
