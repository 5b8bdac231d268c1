"""/v1/experiments, as API Gateway calls it."""

from __future__ import annotations

import pytest

from intake.providers.ports import ProviderKind
from tests.fakes.providers import ScriptedProvider
from tests.unit.api.double import Api, FakeServices

BODY = {
    "name": "openai first",
    "capability": "translate",
    "variants": [{"name": "usual"}, {"name": "openai", "provider_first": "openai", "weight": 1}],
}


@pytest.fixture(autouse=True)
def _providers(services: FakeServices) -> None:
    services.providers = (ScriptedProvider("openai"), ScriptedProvider("apertium", kind=ProviderKind.EMBEDDED))


def test_an_experiment_is_begun_listed_shown_and_stopped(api: Api) -> None:
    begun = api.call("POST", "/v1/experiments", json_body=BODY, role="admin")

    assert begun.status == 201
    path = f"/v1/experiments/{begun.body['id']}"
    assert begun.headers["location"] == path
    assert api.call("GET", "/v1/experiments", role="admin").body == {"items": [begun.body]}
    shown = api.call("GET", path, role="admin").body
    assert shown["results"]["variants"][0] == {
        "name": "usual",
        "inputs": 0,
        "completed": {"n": 0, "value": None, "low": None, "high": None},
        "failed": 0,
        "quality": {"n": 0, "value": None, "low": None, "high": None},
        "rating": {"n": 0, "value": None, "low": None, "high": None},
        "cost_microusd": {"n": 0, "value": None, "low": None, "high": None},
        "latency_ms": {"n": 0, "value": None, "low": None, "high": None},
    }
    assert api.call("POST", f"{path}/stop", role="admin").body["status"] == "stopped"


def test_a_second_active_one_is_a_conflict(api: Api) -> None:
    api.call("POST", "/v1/experiments", json_body=BODY, role="admin")

    assert api.call("POST", "/v1/experiments", json_body=BODY, role="admin").status == 409


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"capability": "parse"}, "capability"),
        ({"variants": [{"name": "usual"}]}, "variants"),
        ({"variants": [{"name": "A B"}, {"name": "b"}]}, "variants.0.name"),
        ({"variants": [{"name": "a", "weight": 0}, {"name": "b"}]}, "variants.0.weight"),
        ({"variants": [{"name": "a"}, {"name": "b", "provider_first": "nobody"}]}, "variants.1.provider_first"),
        ({"languages": ["klingon"]}, "languages.0"),
    ],
)
def test_a_wrong_field_is_named(api: Api, fields: dict[str, object], field: str) -> None:
    answer = api.call("POST", "/v1/experiments", json_body=BODY | fields, role="admin")

    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == field


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_experiments_are_the_administrators(api: Api, role: str) -> None:
    assert api.call("POST", "/v1/experiments", json_body=BODY, role=role).status == 403
    assert api.call("GET", "/v1/experiments", role=role).status == 403


def test_another_tenant_finds_nothing(api: Api) -> None:
    begun = api.call("POST", "/v1/experiments", json_body=BODY, role="admin").body

    assert api.call("GET", f"/v1/experiments/{begun['id']}", role="admin", tenant="rival").status == 404
    assert api.call("POST", f"/v1/experiments/{begun['id']}/stop", role="admin", tenant="rival").status == 404
