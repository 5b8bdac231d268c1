"""The gateway: every outside call goes through `Gateway.call`, in one order, and is told in one form how it went."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError

from intake.clock import Clock
from intake.errors import (
    ConfigurationError,
    ProviderError,
    ProviderRefusedError,
    TransientError,
)
from intake.gateway.breaker import CircuitBreaker, NotSentError
from intake.gateway.budget import Budget, Reservation
from intake.gateway.cache import Cache, CacheLine, cache_key, time_to_live
from intake.gateway.outcome import Outcome, Route
from intake.gateway.prices import Price, PriceList
from intake.gateway.routing import Router, kind_obstacle
from intake.gateway.scoring import BALANCED, Preference
from intake.gateway.statistics import Statistics
from intake.money import MICROUSD_PER_USD, Charge
from intake.observability import logger
from intake.providers.ports import ANSWER_TYPES, AnyProvider, Capability, Need, ProviderKind, Reply
from intake.settings import ProviderMode, Stage

NEEDS_NO_CACHE = {
    (ProviderKind.BUILTIN, Capability.COMPLETE): "rules take less time than a look-up",
    (ProviderKind.BUILTIN, Capability.PARSE): "the parsed text is kept in S3",
    (ProviderKind.EMBEDDED, Capability.PARSE): "the parsed text is kept in S3",
    (ProviderKind.EMBEDDED, Capability.EMBED): "hashing takes less time than a look-up",
}

MOST_FOR_ONE_JOB_MICROUSD = 30_000
"""What all tries of one call may cost together: what a whole interaction is meant to cost, 3 cents."""

AnswerCheck = Callable[[Any], None]
LineClaim = Callable[[str], None]


class Gateway:
    """Calls providers, and has a `Router` choose among them.

    Parameters
    ----------
    providers
        Every provider that is configured, of every kind; mode and stage decide which are used.
    mode, stage
        See `intake.gateway.routing.kind_obstacle`.
    statistics
        What providers did lately; without them, routes follow priors.
    """

    def __init__(
        self,
        providers: Iterable[AnyProvider],
        *,
        cache: Cache,
        breaker: CircuitBreaker,
        budget: Budget,
        prices: PriceList,
        clock: Clock,
        mode: ProviderMode,
        stage: Stage,
        statistics: Statistics | None = None,
    ) -> None:
        self._providers = {(provider.capability, provider.name): provider for provider in providers}
        self._cache = cache
        self._breaker = breaker
        self._budget = budget
        self._prices = prices
        self._clock = clock
        self._mode = mode
        self._stage = stage
        self._router = Router(
            self._providers.values(),
            breaker=breaker,
            budget=budget,
            prices=prices,
            clock=clock,
            mode=mode,
            stage=stage,
            statistics=statistics,
        )

    def call(
        self,
        capability: Capability,
        provider_name: str,
        request: Any,
        *,
        tenant: str,
        check: AnswerCheck | None = None,
        claim: LineClaim | None = None,
        may_keep: bool = True,
    ) -> Outcome[Any]:
        """Ask one provider once: exact cache, hold and circuit, budget, the call, settlement, bookkeeping.

        Parameters
        ----------
        check
            Looks at the answer before it is kept, and raises ProviderRefusedError where it cannot be used; a cached
            answer that does not pass is asked for anew.
        claim
            Told the key of the cache line before that line is read or written. Who keeps the keys can erase the lines
            of a request later, even where the caller died before it could tell what it got.
        may_keep
            False where nobody could erase the answer again: it is neither looked for in the cache nor kept there.

        Returns
        -------
        Outcome
            The answer, of the type that the capability gives for the type of the request.

        Raises
        ------
        ProviderError
            By its subclass: retry, next provider, or end. Nothing is charged unless the provider billed.
        UnsupportedInputError
            The request itself is at fault.
        """
        provider = self._permitted(capability, provider_name)
        started = self._clock.monotonic_ms()
        key = self._cache_key(provider, request) if may_keep else None
        if key is not None:
            if claim is not None:
                claim(key)
            cached = self._from_cache(provider, request, tenant, key)
            if cached is not None and _passes(check, cached.value):
                return cached
        try:
            with self._breaker.guard(capability, provider.name, learns=provider.kind is ProviderKind.REMOTE):
                reply, charge = self._paid_call(provider, request, tenant)
                if check is not None:
                    _raise_if_refused(check, reply.value, charge)
        except NotSentError as unsent:
            raise unsent.reason from unsent
        duration_ms = self._clock.monotonic_ms() - started
        cost = charge.microusd if charge else 0
        if key is not None:
            self._keep(provider, reply, tenant, key, cost, duration_ms)
        return Outcome(
            value=reply.value,
            provider=provider.name,
            model=provider.model,
            cost_microusd=cost,
            duration_ms=duration_ms,
        )

    def recall(self, capability: Capability, provider_name: str, request: Any, *, tenant: str) -> Outcome[Any] | None:
        """Return the answer that the cache has, or None; nobody is asked."""
        provider = self._permitted(capability, provider_name)
        key = self._cache_key(provider, request)
        return None if key is None else self._from_cache(provider, request, tenant, key)

    def used_share(self, capability: Capability, provider_name: str, *, tenant: str) -> float:
        """Return how much of the tenant's limits for a provider is used, 0 to 1.

        Of the day's money or of the hour's requests, whichever is more; what costs nothing has no limits.
        """
        if self._permitted(capability, provider_name).kind is not ProviderKind.REMOTE:
            return 0.0
        used, limits = self._budget.balance(tenant, provider_name), self._budget.limits
        taken = used.spent_microusd + used.reserved_microusd
        shares = (
            (taken, limits.microusd_per_day),
            (used.requests_this_hour, limits.requests_per_hour),
        )
        return max(min(1.0, used / most) if most else 1.0 for used, most in shares)

    def obstacle_to_retry(
        self, capability: Capability, provider_name: str, request: Any, *, tenant: str, tries: int
    ) -> str | None:
        """Say why a call that failed in a way that may pass is not tried again, or None if it may be.

        Parameters
        ----------
        tries
            How often the provider has been asked already.
        """
        provider = self._permitted(capability, provider_name)
        if provider.kind is not ProviderKind.REMOTE:
            return None
        price = self._prices.find(provider.name, provider.model, self._clock.now().date())
        cost = price.cost_microusd(provider.largest_usage(request))
        if (tries + 1) * cost > MOST_FOR_ONE_JOB_MICROUSD:
            return f"{tries + 1} tries may cost ${(tries + 1) * cost / MICROUSD_PER_USD:.4f}"
        if not self._budget.affords(tenant, provider.name, cost):
            return "the budget does not hold another try"
        return None

    def route(self, capability: Capability, need: Need, *, tenant: str, preference: Preference = BALANCED) -> Route:
        """Choose the providers for a job, in the order in which they are to be tried; see `Router.route`."""
        return self._router.route(capability, need, tenant=tenant, preference=preference)

    def _permitted(self, capability: Capability, name: str) -> AnyProvider:
        provider = self._providers.get((capability, name))
        if provider is None:
            raise ConfigurationError(f"There is no provider {name} to {capability}.")
        barred = kind_obstacle(provider.kind, self._mode, self._stage)
        if barred is not None:
            raise ProviderRefusedError(f"{name}: {barred}.")
        return provider

    def _cache_key(self, provider: AnyProvider, request: Any) -> str | None:
        if (provider.kind, provider.capability) in NEEDS_NO_CACHE:
            return None
        return cache_key(provider.capability, provider.name, provider.model, provider.version, request.fingerprint())

    def _from_cache(self, provider: AnyProvider, request: Any, tenant: str, key: str) -> Outcome[Any] | None:
        found = self._cache.get(tenant, key)
        if found is None:
            return None
        line, status = found
        try:
            value = ANSWER_TYPES[provider.capability].model_validate_json(line.body)
        except ValidationError:
            # Written by another version of Intake. Raised, it would fail every retry, and quote the text to the log.
            return None
        return Outcome(
            value=value,
            provider=line.provider,
            model=line.model,
            saved_microusd=line.cost_microusd,
            saved_ms=line.duration_ms,
            cache=status,
        )

    def _keep(
        self, provider: AnyProvider, reply: Reply[Any], tenant: str, key: str, cost: int, duration_ms: float
    ) -> None:
        confidence = getattr(reply.value, "confidence", None)
        line = CacheLine(
            body=reply.value.model_dump_json(),
            provider=provider.name,
            model=provider.model,
            cost_microusd=cost,
            duration_ms=round(duration_ms),
            expires=self._clock.now() + time_to_live(confidence),
        )
        self._cache.put(tenant, key, line)

    def _paid_call(self, provider: AnyProvider, request: Any, tenant: str) -> tuple[Reply[Any], Charge | None]:
        if provider.kind is not ProviderKind.REMOTE:
            return provider.call(request), None
        price = self._prices.find(provider.name, provider.model, self._clock.now().date())
        return self._reserved_call(provider, request, tenant, price)

    def _reserved_call(
        self, provider: AnyProvider, request: Any, tenant: str, price: Price
    ) -> tuple[Reply[Any], Charge]:
        largest = price.cost_microusd(provider.largest_usage(request))
        try:
            reservation = self._budget.reserve(tenant, provider.name, largest)
        except TransientError as error:
            raise NotSentError(error) from error
        cost = 0
        try:
            reply = provider.call(request)
            cost = price.cost_microusd(reply.usage)
        except ProviderError as error:
            if error.billed:
                cost = price.cost_microusd(error.billed)
                error.charge = Charge(call=reservation.id, microusd=cost)
            raise
        finally:
            self._settle(reservation, cost)
        return reply, Charge(call=reservation.id, microusd=cost)

    def _settle(self, reservation: Reservation, cost: int) -> None:
        try:
            self._budget.settle(reservation, cost)
        except Exception as error:  # noqa: BLE001 - the answer is paid for: losing it would have it paid for twice
            logger.error("budget not settled; its reservation stands until its lease ends", error=type(error).__name__)


def _raise_if_refused(check: AnswerCheck, answer: Any, charge: Charge | None) -> None:
    try:
        check(answer)
    except ProviderRefusedError as error:
        error.charge = charge
        raise


def _passes(check: AnswerCheck | None, answer: Any) -> bool:
    try:
        if check is not None:
            check(answer)
    except ProviderRefusedError:
        return False
    return True
