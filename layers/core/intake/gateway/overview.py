"""The state of every provider, for people: what it is, whether it may be called now, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from intake.clock import Clock, iso
from intake.gateway.breaker import CircuitBreaker
from intake.gateway.budget import Budget
from intake.gateway.circuit import Circuit, CircuitState
from intake.gateway.routing import kind_obstacle
from intake.providers.ports import AnyProvider, ProviderKind
from intake.settings import ProviderMode, Stage


def overview(
    providers: Iterable[AnyProvider],
    *,
    tenant: str,
    breaker: CircuitBreaker,
    budget: Budget,
    mode: ProviderMode,
    stage: Stage,
    clock: Clock,
) -> list[dict[str, Any]]:
    """Describe providers as one tenant may use them, by capability and name.

    Returns
    -------
    list of dict
        ``name, capability, kind, model, usable, obstacle, circuit {state, since, failures, last_error}``,
        ``hold {reason, since, by}`` or None, ``last_hold`` with its end, and ``budget {day, hour}`` with what is left,
        None where nothing is paid.
        ``obstacle`` says in words what keeps the provider from being called, whatever the job.
    """
    return [
        _state(provider, tenant, breaker, budget, mode, stage, clock)
        for provider in sorted(providers, key=lambda one: (one.capability, one.name))
    ]


def _state(
    provider: AnyProvider,
    tenant: str,
    breaker: CircuitBreaker,
    budget: Budget,
    mode: ProviderMode,
    stage: Stage,
    clock: Clock,
) -> dict[str, Any]:
    circuit = breaker.look(provider.capability, provider.name)
    state = breaker.state(provider.capability, provider.name)
    paid = provider.kind is ProviderKind.REMOTE
    left = _budget(budget, tenant, provider.name) if paid else None
    obstacle = kind_obstacle(provider.kind, mode, stage) or provider.missing()
    if obstacle is None and state is CircuitState.HELD:
        obstacle = f"an operator holds it: {circuit.held_because}"
    if obstacle is None and state is CircuitState.OPEN:
        obstacle = f"it failed {circuit.failures} times in a row, last with {circuit.last_error}"
    if obstacle is None and circuit.paused_until is not None and clock.now() < circuit.paused_until:
        obstacle = f"it asked not to be called before {iso(circuit.paused_until)}"
    if obstacle is None and left is not None:
        obstacle = _used_up(left)
    return {
        "name": provider.name,
        "capability": provider.capability.value,
        "kind": provider.kind.value,
        "model": provider.model,
        "usable": obstacle is None,
        "obstacle": obstacle,
        "circuit": {
            "state": state.value,
            "since": _moment(circuit.opened_at or (circuit.failed_at if circuit.failures else None)),
            "failures": circuit.failures,
            "last_error": circuit.last_error if circuit.failures else None,
        },
        **_holds(circuit),
        "budget": left,
    }


def _holds(circuit: Circuit) -> dict[str, Any]:
    now = {"reason": circuit.held_because, "since": _moment(circuit.held_at), "by": circuit.held_by}
    last = circuit.last_hold
    return {
        "hold": now if circuit.held_because else None,
        "last_hold": None
        if last is None
        else last.model_dump() | {"since": iso(last.since), "ended_at": iso(last.ended_at)},
    }


def _budget(budget: Budget, tenant: str, provider: str) -> dict[str, dict[str, int]]:
    used, limits = budget.balance(tenant, provider), budget.limits
    taken = used.spent_microusd + used.reserved_microusd
    return {
        "day": {
            "limit_microusd": limits.microusd_per_day,
            "spent_microusd": used.spent_microusd,
            "reserved_microusd": used.reserved_microusd,
            "left_microusd": max(0, limits.microusd_per_day - taken),
        },
        "hour": {
            "limit_requests": limits.requests_per_hour,
            "used_requests": used.requests_this_hour,
            "left_requests": max(0, limits.requests_per_hour - used.requests_this_hour),
        },
    }


def _used_up(left: dict[str, dict[str, int]]) -> str | None:
    if left["hour"]["left_requests"] == 0:
        return "its requests for this hour are used up"
    if left["day"]["left_microusd"] == 0:
        return "its budget for today is used up"
    return None


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else iso(moment)
