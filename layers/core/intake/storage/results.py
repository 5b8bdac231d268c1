"""Whole answers to inputs, kept as lines of the exact cache: memory in front of the gateway's table."""

from __future__ import annotations

from datetime import datetime

from intake.clock import Clock
from intake.gateway.cache import Cache, CacheLine, CacheStore, cache_key

_MADE_BY = "intake"
_FORM = "3"
"""Of the stored answers: one in an earlier form lacks what is read of it, and is not found."""


class CachedResults:
    """`intake.inputs.ports.ResultCache` over the gateway's cache store.

    Parameters
    ----------
    edition
        What answers: the mode and the models of this deployment. Answers of another edition are not given again.
    """

    def __init__(self, store: CacheStore, clock: Clock, *, edition: str) -> None:
        self._cache = Cache(store, clock)
        self._edition = edition

    def line(self, fingerprint: str) -> str:
        return cache_key("input-result", _FORM, self._edition, fingerprint)

    def get(self, tenant: str, fingerprint: str) -> str | None:
        found = self._cache.get(tenant, self.line(fingerprint))
        return found[0].body if found else None

    def put(self, tenant: str, fingerprint: str, answer: str, expires_at: datetime) -> None:
        line = CacheLine(body=answer, provider=_MADE_BY, model="", cost_microusd=0, expires=expires_at)
        self._cache.put(tenant, self.line(fingerprint), line)
