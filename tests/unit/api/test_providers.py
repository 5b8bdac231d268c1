"""GET /v1/providers says in words what may be called, and what keeps the rest from it."""

from __future__ import annotations

from typing import Any

import pytest

from intake.providers.ports import Capability, Need, ProviderKind
from intake.settings import ProviderMode
from tests.fakes.providers import ScriptedProvider
from tests.unit.api.double import Answer, Api, FakeServices


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
    services.breaker.hold(Capability.TRANSLATE, "openai", "prices are being checked", by="key_9")

    openai = state(api, "openai")

    assert openai["circuit"]["state"] == "held"
    assert openai["hold"] == {
        "reason": "prices are being checked",
        "since": "2026-11-20T10:00:00.000Z",
        "by": "key_9",
    }
    assert openai["obstacle"] == "an operator holds it: prices are being checked"


@pytest.mark.usefixtures("providers")
def test_a_used_up_budget_is_another_tenants_matter(api: Api, services: FakeServices) -> None:
    services.budget.reserve("other", "openai", 5_000_000)

    assert state(api, "openai")["usable"] is True
    used_up = api.call("GET", "/v1/providers", tenant="other").body["items"]
    assert [item["obstacle"] for item in used_up if item["name"] == "openai"] == ["its budget for today is used up"]


class TestHold:
    def hold(self, api: Api, body: object, *, name: str = "openai", role: str = "admin") -> Answer:
        return api.call("POST", f"/v1/providers/{name}/hold", json_body=body, role=role)

    @pytest.mark.usefixtures("providers")
    def test_a_held_provider_is_shown_with_reason_moment_and_key(self, api: Api) -> None:
        answer = self.hold(api, {"reason": "  prices are being checked "})

        assert answer.status == 200
        held = {"reason": "prices are being checked", "since": "2026-11-20T10:00:00.000Z", "by": "key_1"}
        assert [(item["name"], item["hold"]) for item in answer.body["items"]] == [("openai", held)]
        assert state(api, "openai")["circuit"]["state"] == "held"

    @pytest.mark.usefixtures("providers")
    def test_holding_twice_keeps_the_first_moment_and_the_new_reason(self, api: Api, services: FakeServices) -> None:
        self.hold(api, {"reason": "first"})
        services.age()

        again = self.hold(api, {"reason": "second"}).body["items"][0]["hold"]

        assert (again["reason"], again["since"]) == ("second", "2026-11-20T10:00:00.000Z")

    @pytest.mark.usefixtures("providers")
    def test_resumed_it_may_be_called_and_the_hold_is_remembered(self, api: Api, services: FakeServices) -> None:
        self.hold(api, {"reason": "audit"})
        services.age()

        answer = api.call("POST", "/v1/providers/openai/resume", json_body={"reason": "done"}, role="admin")

        assert answer.status == 200
        openai = state(api, "openai")
        assert (openai["usable"], openai["hold"]) == (True, None)
        assert openai["last_hold"] == {
            "reason": "audit",
            "since": "2026-11-20T10:00:00.000Z",
            "by": "key_1",
            "ended_because": "done",
            "ended_at": "2026-11-20T10:00:01.000Z",
            "ended_by": "key_1",
        }

    @pytest.mark.usefixtures("providers")
    def test_resuming_needs_no_body_and_no_hold(self, api: Api) -> None:
        assert api.call("POST", "/v1/providers/openai/resume", role="admin").status == 200

    def test_one_capability_of_several_can_be_held(self, api: Api, services: FakeServices) -> None:
        services.settings = services.settings.model_copy(update={"provider_mode": ProviderMode.REAL})
        services.providers = (ScriptedProvider("openai"), ScriptedProvider("openai", capability=Capability.EMBED))

        self.hold(api, {"reason": "bad vectors", "capability": "embed"})

        items = api.call("GET", "/v1/providers").body["items"]
        assert {item["capability"]: item["circuit"]["state"] for item in items} == {
            "embed": "held",
            "translate": "closed",
        }

    @pytest.mark.usefixtures("providers")
    @pytest.mark.parametrize("action", ["hold", "resume"])
    def test_an_unknown_provider_is_not_found(self, api: Api, action: str) -> None:
        answer = api.call("POST", f"/v1/providers/nobody/{action}", json_body={"reason": "audit"}, role="admin")

        assert (answer.status, answer.body["type"]) == (404, "urn:problem-type:intake:not-found")

    @pytest.mark.usefixtures("providers")
    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"reason": " "}, "reason"),
            ({}, "reason"),
            ({"reason": "x" * 201}, "reason"),
            ({"reason": "audit", "capability": "sing"}, "capability"),
            ({"reason": "audit", "capability": "embed"}, "capability"),
            ({"reason": "audit", "until": "tomorrow"}, "until"),
        ],
    )
    def test_a_field_at_fault_is_named(self, api: Api, body: object, field: str) -> None:
        answer = self.hold(api, body)

        assert answer.status == 422
        assert [error["field"] for error in answer.body["errors"]] == [field]

    @pytest.mark.usefixtures("providers")
    @pytest.mark.parametrize("role", ["operator", "viewer", "respondent"])
    def test_only_an_admin_may_hold(self, api: Api, role: str) -> None:
        assert self.hold(api, {"reason": "audit"}, role=role).status == 403
        assert api.call("POST", "/v1/providers/openai/resume", role=role).status == 403
        assert state(api, "openai")["hold"] is None


def test_routing_passes_a_held_provider_over_with_the_operators_reason(services: FakeServices) -> None:
    services.settings = services.settings.model_copy(update={"provider_mode": ProviderMode.REAL})
    services.providers = (ScriptedProvider("flash", model="gemini-3.5-flash-lite"), ScriptedProvider("openai"))
    services.breaker.hold(Capability.TRANSLATE, "flash", "its invoice is disputed", by="key_1")

    route = services.gateway.route(Capability.TRANSLATE, Need(), tenant="acme")

    assert route.names == ["openai"]
    assert [choice.reason for choice in route.missed] == ["an operator holds it: its invoice is disputed"]
