"""/v1/inputs/{id}/feedback, as API Gateway calls it."""

from __future__ import annotations

import pytest

from tests.unit.api.double import Api, FakeServices

SPANISH = "Hola, tengo un reclamo por los daños del agua en mi cocina."
RIGHT = "Hello, I want to file a claim for the water damage in my kitchen."


@pytest.fixture
def path(api: Api) -> str:
    answer = api.call("POST", "/v1/inputs", json_body={"text": SPANISH})
    return f"/v1/inputs/{answer.body['id']}/feedback"


def test_feedback_is_given_and_read(api: Api, path: str) -> None:
    given = api.call("POST", path, json_body={"rating": 3, "text": "stiff", "corrected_text": RIGHT})

    assert given.status == 200
    assert (given.body["rating"], given.body["correction"]) == (3, "waiting")
    assert api.call("GET", path, role="viewer").body == {"items": [given.body]}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "rating"),
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": "5"}, "rating"),
        ({"rating": 5, "stars": 5}, "stars"),
        ({"rating": 5, "text": "x" * 2_001}, "text"),
        ({"rating": 5, "corrected_text": "  "}, "corrected_text"),
        ({"rating": 5, "user_id": ""}, "user_id"),
    ],
)
def test_a_wrong_field_is_named(api: Api, path: str, body: object, field: str) -> None:
    answer = api.call("POST", path, json_body=body)

    assert answer.status == 422
    assert answer.body["errors"][0]["field"] == field


def test_an_approved_correction_outdates_the_kept_answer(api: Api, services: FakeServices, path: str) -> None:
    api.call("POST", path, json_body={"rating": 2, "corrected_text": RIGHT})
    assert api.call("POST", "/v1/inputs", json_body={"text": SPANISH}).body["cache"] == "hit"

    assert api.call("POST", f"{path}/approve", role="admin").body["correction"] == "approved"

    assert api.call("POST", "/v1/inputs", json_body={"text": SPANISH}).body["cache"] == "miss"
    assert len(services.machines.runs) == 2


@pytest.mark.parametrize("role", ["operator", "viewer"])
def test_only_an_administrator_approves(api: Api, path: str, role: str) -> None:
    api.call("POST", path, json_body={"rating": 2, "corrected_text": RIGHT})

    assert api.call("POST", f"{path}/approve", role=role).status == 403


def test_another_tenant_finds_nothing(api: Api, path: str) -> None:
    assert api.call("POST", path, json_body={"rating": 1}, tenant="rival").status == 404
    assert api.call("GET", path, tenant="rival").status == 404
    assert api.call("POST", f"{path}/approve", tenant="rival", role="admin").status == 404


def test_nothing_to_approve_is_a_conflict(api: Api, path: str) -> None:
    assert api.call("POST", f"{path}/approve", role="admin", json_body={}).status == 409
