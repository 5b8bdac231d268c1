"""What warming needs from outside: where phrases and warm-ups are kept, and the gateway's way to translate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from intake.gateway.outcome import Outcome, Route
from intake.phrases.model import Phrase, PhraseResult, Schedule, WarmUp
from intake.providers.ports import Capability, Need


class PhraseRepository(Protocol):
    """A tenant's own phrases, and its wish to have phrases warmed each day."""

    def own(self, tenant: str) -> tuple[Phrase, ...]:
        """Return the tenant's own phrases, in the order in which they were put."""
        ...

    def put_own(self, tenant: str, phrases: Sequence[Phrase]) -> None:
        """Put these in place of the tenant's own phrases."""
        ...

    def schedule(self, tenant: str) -> Schedule:
        """Return the tenant's wish; one that was never told is not to warm."""
        ...

    def put_schedule(self, schedule: Schedule) -> None:
        """Keep the tenant's wish."""
        ...

    def enabled_schedules(self) -> list[Schedule]:
        """Return the wishes of all tenants that are switched on."""
        ...


class WarmUpRepository(Protocol):
    """Warm-ups and what came of each phrase. Of one tenant at most one runs at a time."""

    def begin(self, warm_up: WarmUp) -> None:
        """Keep a new warm-up.

        Raises
        ------
        ConflictError
            It exists already, or another one of the tenant is running; the words name it.
        """
        ...

    def get(self, tenant: str, warm_up_id: str) -> WarmUp:
        """Return a warm-up.

        Raises
        ------
        NotFoundError
            The tenant has no such warm-up.
        """
        ...

    def plan(self, tenant: str, warm_up_id: str, phrase_ids: Sequence[str]) -> tuple[str, ...]:
        """Keep which phrases it is about; return those that stand, which were kept first."""
        ...

    def keep(self, tenant: str, warm_up_id: str, result: PhraseResult, expires_at: datetime) -> PhraseResult:
        """Keep what came of a phrase; return what stands, which was kept first."""
        ...

    def result(self, tenant: str, warm_up_id: str, phrase_id: str) -> PhraseResult | None:
        """Return what came of a phrase, or None."""
        ...

    def results(self, tenant: str, warm_up_id: str) -> list[PhraseResult]:
        """Return what came of each phrase so far."""
        ...

    def end(self, tenant: str, warm_up_id: str, at: datetime, failure: str | None = None) -> None:
        """Close a warm-up; one that is closed stays as it is."""
        ...


class Translator(Protocol):
    """What warming uses of `intake.gateway.gateway.Gateway`."""

    def route(self, capability: Capability, need: Need, *, tenant: str) -> Route:
        """Return providers in order."""
        ...

    def recall(self, capability: Capability, provider_name: str, request: Any, *, tenant: str) -> Outcome[Any] | None:
        """Return the cached answer, or None."""
        ...

    def used_share(self, capability: Capability, provider_name: str, *, tenant: str) -> float:
        """Return how much of the tenant's budget for a provider is used, 0 to 1."""
        ...

    def call(
        self,
        capability: Capability,
        provider: str,
        request: Any,
        *,
        tenant: str,
        check: Callable[[Any], None] | None = None,
    ) -> Outcome[Any]:
        """Ask one provider, once."""
        ...
