"""The exact cache: a small memory in front of a shared table. An equal request of the same tenant is answered once.

Exact only: a cache that matches by likeness returns the answer to another question.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Protocol

from cachetools import TLRUCache
from pydantic import BaseModel, ConfigDict

from intake.clock import Clock
from intake.gateway.outcome import CacheStatus
from intake.observability import logger

MEMORY_BYTES = 16 * 1024 * 1024
MEMORY_LIFE = timedelta(minutes=1)
"""How long a process answers from memory without asking the store: so long a line may outlive its erasure."""
LONGEST_LIFE = timedelta(days=30)
UNRATED_LIFE = timedelta(days=7)
SHORTEST_LIFE = timedelta(hours=1)
GUESS = 0.5
"""A confidence up to which an answer is as likely wrong as right: it is kept for the shortest life."""


class CacheLine(BaseModel):
    """A stored answer: its JSON, who gave it, what it cost and how long it took, and when it is to be forgotten."""

    model_config = ConfigDict(frozen=True)

    body: str
    provider: str
    model: str
    cost_microusd: int
    duration_ms: float = 0.0
    expires: datetime


class CacheStore(Protocol):
    """The shared half of the cache. May forget anything at any time; never mixes tenants."""

    def get(self, tenant: str, key: str) -> CacheLine | None:
        """Return a line, or None; a line past its end may still be returned."""
        ...

    def put(self, tenant: str, key: str, line: CacheLine) -> None:
        """Keep a line; one that is too large for the store is left out."""
        ...

    def erase(self, tenant: str, key: str) -> bool:
        """Remove a line, and say whether there was one."""
        ...


class Cache:
    """Answers by key, from memory where this process has seen them, else from the shared store.

    A store that fails is a cache that knows nothing: calls are made, and their answers are not lost.
    """

    def __init__(self, store: CacheStore, clock: Clock, *, memory_bytes: int = MEMORY_BYTES) -> None:
        self._store = store
        self._clock = clock
        self._memory: TLRUCache[tuple[str, str], CacheLine] = TLRUCache(
            maxsize=memory_bytes,
            ttu=lambda _key, line, now: min(line.expires.timestamp(), now + MEMORY_LIFE.total_seconds()),
            timer=lambda: clock.now().timestamp(),
            getsizeof=lambda line: len(line.body),
        )

    def get(self, tenant: str, key: str) -> tuple[CacheLine, CacheStatus] | None:
        """Return a line that is still good, and where it was found."""
        line = self._memory.get((tenant, key))
        if line is not None:
            return line, CacheStatus.MEMORY
        line = self._look_up(tenant, key)
        if line is None or line.expires <= self._clock.now():
            return None
        self._remember(tenant, key, line)
        return line, CacheStatus.TABLE

    def put(self, tenant: str, key: str, line: CacheLine) -> None:
        """Keep a line in both halves."""
        self._remember(tenant, key, line)
        try:
            self._store.put(tenant, key, line)
        except Exception as error:  # noqa: BLE001 - an answer that was paid for must reach its caller
            logger.error("cache store failed", error=type(error).__name__)

    def _look_up(self, tenant: str, key: str) -> CacheLine | None:
        try:
            return self._store.get(tenant, key)
        except Exception as error:  # noqa: BLE001 - without the cache, the provider is asked
            logger.error("cache store failed", error=type(error).__name__)
            return None

    def _remember(self, tenant: str, key: str, line: CacheLine) -> None:
        if len(line.body) <= self._memory.maxsize:
            self._memory[tenant, key] = line


def cache_key(*parts: str) -> str:
    """Return the key of a request: the SHA-256 of what makes its answer.

    The parts are told apart whatever characters they have: they are a list in JSON, which no part can imitate.
    """
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def time_to_live(confidence: float | None) -> timedelta:
    """Return how long an answer is kept: the surer the provider was of it, the longer; a week where it does not say.

    From an hour for a guess to 30 days for certainty, in a straight line; an answer worse than a guess is kept an hour
    all the same, so that a retry does not pay for it again.
    """
    if confidence is None:
        return UNRATED_LIFE
    surer_than_a_guess = max(0.0, min(confidence, 1.0) - GUESS) / (1.0 - GUESS)
    return SHORTEST_LIFE + (LONGEST_LIFE - SHORTEST_LIFE) * surer_than_a_guess
