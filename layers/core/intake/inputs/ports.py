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
        may_keep: bool = True,
    ) -> Outcome[Any]:
        """Ask one provider, once; see `intake.gateway.gateway.Gateway.call`."""
        ...

    def obstacle_to_retry(
        self, capability: Capability, provider_name: str, request: Any, *, tenant: str, tries: int
    ) -> str | None:
        """Say why a call that failed is not tried again; see `intake.gateway.gateway.Gateway.obstacle_to_retry`."""
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


class UploadedFiles(ObjectReader, Protocol):
    """Removes what may not be kept, too."""

    def erase(self, bucket: str, key: str) -> int:
        """Remove every version of an object, and return their number."""
        ...


class ObjectStore(ObjectReader, Protocol):
    """Keeps what is made of them, too."""

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = ...) -> None:
        """Write an object, whole or not at all."""
        ...


class DecodedAudio(Protocol):
    """A recording as samples: 16 kHz, mono, 16 bits, little-endian."""

    @property
    def samples(self) -> bytes: ...

    @property
    def stated_seconds(self) -> float | None:
        """How long the file says that it is; None where it says nothing."""
        ...


class AudioDecoder(Protocol):
    """Turns strangers' recordings into samples, safely."""

    def decode(self, audio: bytes, *, media_type: str, longest_seconds: float) -> DecodedAudio:
        """Decode a recording of the type that its bytes show; of a longer one, a second more than allowed.

        Raises
        ------
        UnsupportedInputError
            It is damaged, has no sound, or cannot be decoded within the limits of memory and time.
        """
        ...

    def reduce_noise(self, samples: bytes, *, background_dbfs: float) -> bytes:
        """Return as many samples with less of what sounds steadily, of which the level is known."""
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
