"""ElevenLabs' HTTP API: where it is, its key, and one request to it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from intake.clock import Clock, SystemClock
from intake.errors import ProviderError, ProviderRefusedError, ProviderTimeoutError, TransientError
from intake.providers.credentials import Credentials
from intake.providers.elevenlabs.errors import classify
from intake.providers.sound import SoundFile

if TYPE_CHECKING:
    import httpx2

KEY_VARIABLE = "ELEVENLABS_API_KEY"
CONNECT_TIMEOUT_SECONDS = 3.0
KEEP_ALIVE_SECONDS = 55.0
"""Longer than the pause between the calls of a busy function, so that each does not pay for a TLS handshake."""


class _MissingError(Exception):
    """There is nothing under the path that was asked for."""


@dataclass(frozen=True)
class Service:
    """An account with ElevenLabs.

    Parameters
    ----------
    base_url
        Address without a version: ``https://api.elevenlabs.io``.
    credentials
        Where the key is read, anew for every call, so that a rotated key is picked up.
    timeout_seconds
        Time for the whole answer; twice as long at the very most. Below the limit of the function.
    """

    base_url: str
    credentials: Credentials
    timeout_seconds: float
    clock: Clock = field(default_factory=SystemClock)
    name: str = "elevenlabs"

    def missing(self) -> str | None:
        """Say which variable to set, or None where there is a key."""
        return self.credentials.missing(KEY_VARIABLE)

    def post_json(self, path: str, body: Mapping[str, object], query: Mapping[str, str]) -> bytes:
        """Send one JSON request, once, and return the body of the answer; errors as `_send` raises them."""
        return self._send(path, json=body, params=query)

    def post_form(
        self, path: str, fields: Mapping[str, str], file: SoundFile, *, taken: frozenset[int] = frozenset({200})
    ) -> bytes:
        """Send one multipart form with a file, once, and return the body of the answer; errors as of `_send`."""
        upload = {"file": (file.name, file.content, file.media_type)}
        return self._send(path, taken=taken, data=fields, files=upload)

    def find(self, path: str) -> bytes | None:
        """Ask once for what is under a path, and return its body; None where nothing is. Errors as of `_send`."""
        try:
            return self._send(path, method="GET")
        except _MissingError:
            return None

    def _send(
        self, path: str, *, method: str = "POST", taken: frozenset[int] = frozenset({200}), **content: Any
    ) -> bytes:
        """Send one request, once; ``taken`` are the statuses of success.

        Raises
        ------
        ProviderError
            By what failed; see `classify`.
        """
        key = self.credentials.key(KEY_VARIABLE)
        if key is None:
            raise ProviderRefusedError(f"There is no key for {self.name}. {self.missing() or ''}".rstrip())
        import httpx2

        failure: ProviderError
        try:
            answer = _client(self.timeout_seconds).request(
                method, self.base_url.rstrip("/") + path, headers={"xi-api-key": key}, **content
            )
            if answer.status_code in taken:
                return answer.content
            if answer.status_code == 404 and method == "GET":
                raise _MissingError
            failure = classify(answer.status_code, answer.content, answer.headers, now=self.clock.now())
        except httpx2.TimeoutException:
            failure = ProviderTimeoutError(f"{self.name} did not answer in time.")
        except httpx2.HTTPError:
            failure = TransientError(f"The connection to {self.name} broke off.")
        # Raised outside the except: the client's error holds the request with its text and key, for any log to print.
        raise failure


_building = threading.Lock()


def _client(timeout_seconds: float) -> httpx2.Client:
    # The lock: a burst of first calls would otherwise build a client each, at 80 ms of CPU for its certificates.
    with _building:
        return _built_client(timeout_seconds)


@lru_cache(maxsize=4)
def _built_client(timeout_seconds: float) -> httpx2.Client:
    import httpx2

    from intake.providers.deadline import deadline_hooks

    return httpx2.Client(
        timeout=httpx2.Timeout(timeout_seconds, connect=min(CONNECT_TIMEOUT_SECONDS, timeout_seconds)),
        limits=httpx2.Limits(max_connections=128, max_keepalive_connections=32, keepalive_expiry=KEEP_ALIVE_SECONDS),
        event_hooks=deadline_hooks(timeout_seconds),
        follow_redirects=False,  # an answer must not send a recording elsewhere
    )
