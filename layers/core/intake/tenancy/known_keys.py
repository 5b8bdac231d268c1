"""Keys recognised a moment ago: most requests are then let in without a read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from cachetools import TTLCache

from intake.clock import Clock
from intake.errors import UnauthorizedError
from intake.tenancy.api_keys import ApiKeyRepository, Principal, authenticate

MEMORY = timedelta(seconds=60)
"""How long a removed key is still let in by an environment that knows it."""

_REMEMBERED = 1024


def presented_key(headers: Mapping[str, str]) -> str:
    """Return the key of a request, an empty text where there is none. ``X-Api-Key`` wins over ``Authorization``."""
    given = {name.lower(): value for name, value in headers.items()}
    if key := given.get("x-api-key", "").strip():
        return key
    scheme, _, token = given.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class KnownKeys:
    """Authenticates keys, and remembers those that were valid. Refusals are not: a new key works at once."""

    def __init__(self, keys: ApiKeyRepository, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        # By hash: a dump of this process's memory shows no key that could be used.
        self._known: TTLCache[bytes, Principal] = TTLCache(
            maxsize=_REMEMBERED, ttl=MEMORY.total_seconds() * 1000, timer=clock.monotonic_ms
        )

    def authenticate(self, key: str) -> Principal:
        """Say who holds a key.

        Raises
        ------
        UnauthorizedError
            The key is malformed, unknown or expired; also when it expired since it was remembered.
        """
        digest = hashlib.sha256(key.encode(errors="surrogatepass")).digest()
        known = self._known.get(digest)
        if known is None:
            known = self._known[digest] = authenticate(key, keys=self._keys, clock=self._clock)
        if known.expires is not None and known.expires <= self._clock.now():
            raise UnauthorizedError("The API key has expired: ask for a new one.")
        return known
