"""GET /v1/providers says in words what may be called, and what keeps the rest from it."""

from __future__ import annotations

from typing import Any

import pytest

from intake.providers.ports import Capability, ProviderKind
from intake.settings import ProviderMode
from tests.fakes.providers import ScriptedProvider
from tests.unit.api.double import Api, FakeServices


@pytest.fixture
def providers(services: FakeServices) -> None:
    services.settings = services.settings.model_copy(update={"provider_mode": ProviderMode.HYBRID})
    services.providers = (
        ScriptedProvider("openai"),
        ScriptedProvider("flash", missing="Set FLASH_API_KEY."),
        ScriptedProvider("apertium", kind=ProviderKind.EMBEDDED, model="apertium"),
        ScriptedProvider("double", kind=ProviderKind.MOCK),
    )


def state(api: Api, name: str) -> dict[str, Any]:
    answer = api.call("GET", "/v1/providers", role="viewer")
    assert answer.status == 200
    found: dict[str, Any] = next(item for item in answer.body["items"] if item["name"] == name)
    return found


@pytest.mark.usefixtures("providers")
def test_a_provider_that_may_be_called_says_what_is_left_of_its_budget(api: Api, services: FakeServices) -> None:
    reservation = services.budget.reserve("acme", "openai", 1_000_000)
    services.budget.settle(reservation, 400_000)
    services.budget.reserve("acme", "openai", 600_000)

    openai = state(api, "openai")

    assert openai["usable"] is True
    assert openai["circuit"]["state"] == "closed"
    assert openai["budget"]["day"] == {
        "limit_microusd": 5_000_000,
        "spent_microusd": 400_000,
        "reserved_microusd": 600_000,
        "left_microusd": 4_000_000,
    }
    assert openai["budget"]["hour"] == {"limit_requests": 100, "used_requests": 2, "left_requests": 98}


@pytest.mark.usefixtures("providers")
@pytest.mark.parametrize(
    ("name", "obstacle"),
    [
        ("flash", "Set FLASH_API_KEY."),
        ("double", "mock providers are not used in the mode hybrid, but in mock"),
    ],
)
def test_what_keeps_a_provider_from_being_called_is_said(api: Api, name: str, obstacle: str) -> None:
    found = state(api, name)

    assert found["usable"] is False
    assert found["obstacle"] == obstacle


@pytest.mark.usefixtures("providers")
def test_an_engine_on_this_machine_has_no_budget(api: Api) -> None:
    assert state(api, "apertium")["budget"] is None


@pytest.mark.usefixtures("providers")
def test_an_open_circuit_says_since_when_and_why(api: Api, services: FakeServices) -> None:
    for _ in range(5):
        services.circuits.add_failure(
            Capability.TRANSLATE, "openai", "ProviderTimeoutError", services.clock.now(), None
        )

    openai = state(api, "openai")

    assert openai["usable"] is False
    assert openai["obstacle"] == "it failed 5 times in a row, last with ProviderTimeoutError"
    assert openai["circuit"] == {
        "state": "open",
        "since": "2026-11-20T10:00:00.000Z",
        "failures": 5,
        "last_error": "ProviderTimeoutError",
    }


@pytest.mark.usefixtures("providers")
def test_a_hold_says_its_reason(api: Api, services: FakeServices) -> None:
    services.circuits.hold(Capability.TRANSLATE, "openai", "prices are being checked", services.clock.now())

    openai = state(api, "openai")

    assert openai["circuit"]["state"] == "held"
    assert openai["hold"] == {"reason": "prices are being checked", "since": "2026-11-20T10:00:00.000Z"}
    assert openai["obstacle"] == "an operator holds it: prices are being checked"


@pytest.mark.usefixtures("providers")
def test_a_used_up_budget_is_another_tenants_matter(api: Api, services: FakeServices) -> None:
    services.budget.reserve("other", "openai", 5_000_000)

    assert state(api, "openai")["usable"] is True
    used_up = api.call("GET", "/v1/providers", tenant="other").body["items"]
    assert [item["obstacle"] for item in used_up if item["name"] == "openai"] == ["its budget for today is used up"]
