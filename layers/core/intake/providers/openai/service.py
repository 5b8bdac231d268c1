"""A service that speaks OpenAI's protocol: where it is, its key, and one request to it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from intake.clock import Clock, SystemClock
from intake.errors import ProviderRefusedError
from intake.providers.credentials import Credentials
from intake.providers.openai.errors import classify
from intake.providers.sound import SoundFile

if TYPE_CHECKING:
    from openai import OpenAI, RequestOptions

CONNECT_TIMEOUT_SECONDS = 3.0
KEEP_ALIVE_SECONDS = 55.0
"""Longer than the pause between the calls of a busy function, so that each does not pay for a TLS handshake."""


@dataclass(frozen=True)
class Service:
    """An account with a service that speaks OpenAI's protocol.

    Parameters
    ----------
    name
        Name of the provider: ``openai`` or ``flash``.
    base_url
        Address up to the version, for example ``https://api.openai.com/v1``.
    key_variable
        Environment variable, and field of the secret, that holds the key.
    credentials
        Where the key is read, anew for every call, so that a rotated key is picked up.
    timeout_seconds
        Time for the whole answer; twice as long at the very most. Below the limit of the function.
    """

    name: str
    base_url: str
    key_variable: str
    credentials: Credentials
    timeout_seconds: float
    clock: Clock = field(default_factory=SystemClock)

    def missing(self) -> str | None:
        """Say which variable to set, or None where there is a key."""
        return self.credentials.missing(self.key_variable)

    def post(self, path: str, body: Mapping[str, object]) -> bytes:
        """Send one JSON request, once, and return the body of the answer; errors as `_send` raises them."""
        return self._send(path, body, None)

    def post_form(self, path: str, fields: Mapping[str, object], file: SoundFile) -> bytes:
        """Send one multipart form with a file, once, and return the body of the answer; errors as of `_send`."""
        return self._send(path, fields, file)

    def _send(self, path: str, body: Mapping[str, object], file: SoundFile | None) -> bytes:
        """Send one request, once.

        Raises
        ------
        ProviderError
            By what failed; see `classify`.
        UnsupportedInputError
            The text is too long for the model.
        """
        key = self.credentials.key(self.key_variable)
        if key is None:
            raise ProviderRefusedError(f"There is no key for {self.name}. {self.missing() or ''}".rstrip())
        from openai import OpenAIError

        client = _client(self.base_url, key, self.timeout_seconds)
        options: RequestOptions = {"security": {"bearer_auth": True}}
        if file is not None:
            options["headers"] = {"Content-Type": "multipart/form-data"}  # tells the client that it is a form
        files = [("file", (file.name, file.content, file.media_type))] if file is not None else None
        try:
            # The bytes, not the client's models: those cost 0.4 ms of CPU a call, and take any answer unchecked.
            return client.post(path, cast_to=bytes, body=body, files=files, options=options)
        except OpenAIError as error:
            failure = classify(self.name, error, now=self.clock.now())
        # Raised outside the except: the client's error holds the request with its text and key, for any log to print.
        raise failure


_building = threading.Lock()


def _client(base_url: str, key: str, timeout_seconds: float) -> OpenAI:
    # The lock: a burst of first calls would otherwise build a client each, at 80 ms of CPU for its certificates.
    with _building:
        return _built_client(base_url, key, timeout_seconds)


@lru_cache(maxsize=4)
def _built_client(base_url: str, key: str, timeout_seconds: float) -> OpenAI:
    """Build a client; a rotated key gives another one, and the old one is dropped when it is no longer in use."""
    import httpx2  # what the official client rests on
    import openai

    from intake.providers.deadline import deadline_hooks

    client = openai.OpenAI(
        base_url=base_url,
        api_key=key,
        max_retries=0,  # the state machine retries; two loops would multiply
        http_client=openai.DefaultHttpxClient(
            timeout=openai.Timeout(timeout_seconds, connect=min(CONNECT_TIMEOUT_SECONDS, timeout_seconds)),
            limits=httpx2.Limits(
                max_connections=128, max_keepalive_connections=32, keepalive_expiry=KEEP_ALIVE_SECONDS
            ),
            event_hooks=deadline_hooks(timeout_seconds),
            follow_redirects=False,  # an answer must not send personal text elsewhere
        ),
    )
    # The client takes these from OPENAI_ORG_ID and OPENAI_PROJECT_ID: they would reach every base URL, Flash's too.
    client.organization = None
    client.project = None
    return client
