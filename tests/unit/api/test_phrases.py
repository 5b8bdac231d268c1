from __future__ import annotations

from typing import Any

import pytest

import openapi_examples
from intake.phrases.model import PhraseOutcome, PhraseResult
from tests.unit.api.double import Api, FakeServices, resolved

AMBULANCE = {"text": "¿Cubre mi plan Aurora la ambulancia?", "language": "es", "label": "coverage"}


def begin(api: Api, body: object = None, **more: Any) -> Any:
    return api.call("POST", "/v1/phrases/warm", json_body=body or {}, role="admin", **more)


def test_own_phrases_are_put_and_listed_before_the_common_ones(api: Api) -> None:
    put = api.call("PUT", "/v1/phrases", json_body={"phrases": [AMBULANCE]}, role="admin")
    listed = api.call("GET", "/v1/phrases", role="viewer").body["items"]

    assert put.status == 200
    assert put.body["items"] == listed[:1]
    assert (listed[0]["source"], listed[0]["text"]) == ("own", AMBULANCE["text"])
    assert [item["source"] for item in listed[1:]] == ["common"] * 200
    assert set(listed[0]) == set(openapi_examples.ANSWERS["GET /v1/phrases"][200]["items"][0])


def test_own_phrases_are_seen_by_their_tenant_only(api: Api) -> None:
    api.call("PUT", "/v1/phrases", json_body={"phrases": [AMBULANCE]}, role="admin")

    assert "Aurora" not in api.call("GET", "/v1/phrases", tenant="rival").text


def test_personal_data_is_refused_and_not_repeated(api: Api, services: FakeServices) -> None:
    phrase = AMBULANCE | {"text": "Soy ana@example.com"}

    answer = api.call("PUT", "/v1/phrases", json_body={"phrases": [phrase]}, role="admin")

    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "phrases.0.text")
    assert "ana@" not in answer.text
    assert services.phrases.lists == {}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/v1/phrases", {"phrases": []}),
        ("PUT", "/v1/phrases/schedule", {"enabled": True}),
        ("POST", "/v1/phrases/warm", {}),
    ],
)
def test_only_an_administrator_changes_phrases_or_warms(api: Api, method: str, path: str, body: object) -> None:
    assert api.call(method, path, json_body=body, role="operator").status == 403


def test_a_warm_up_is_begun_and_can_be_followed(api: Api, services: FakeServices) -> None:
    begun = begin(api, {"languages": ["es"]})

    assert begun.status == 202
    assert resolved("/v1/phrases/warm", begun) == f"/v1/phrases/warm/{begun.body['id']}"
    assert services.machines.starts == [{"tenant": "acme", "warm_up_id": begun.body["id"]}]
    shown = api.call("GET", resolved("/v1/phrases/warm", begun), role="viewer").body
    assert (shown["status"], shown["languages"], shown["phrases"], shown["left"]) == ("running", ["es"], None, None)
    assert set(shown) == set(openapi_examples.ANSWERS["GET /v1/phrases/warm/{id}"][200])


def test_progress_and_cost_are_shown(api: Api, services: FakeServices) -> None:
    begun = begin(api).body["id"]
    expires = services.warm_ups.get("acme", begun).expires_at
    services.warm_ups.plan("acme", begun, ["es-01", "es-02", "vi-01"])
    warmed = PhraseResult(phrase_id="es-01", outcome=PhraseOutcome.WARMED, provider="flash", cost_microusd=41)
    skipped = PhraseResult(phrase_id="vi-01", outcome=PhraseOutcome.SKIPPED, reason="nobody can")
    for result in (warmed, skipped):
        services.warm_ups.keep("acme", begun, result, expires)

    shown = api.call("GET", f"/v1/phrases/warm/{begun}").body

    assert (shown["phrases"], shown["warmed"], shown["skipped"], shown["left"]) == (3, 1, 1, 1)
    assert shown["cost_microusd"] == 41
    assert shown["reasons"] == [{"outcome": "skipped", "reason": "nobody can", "phrases": ["vi-01"]}]


def test_a_second_warm_up_at_once_is_a_conflict_that_names_the_first(api: Api) -> None:
    first = begin(api).body["id"]

    second = begin(api)

    assert (second.status, second.body["type"]) == (409, "urn:problem-type:intake:conflict")
    assert first in second.body["detail"]
    assert begin(api, tenant="rival").status == 202


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"languages": ["sw"]}, "languages.0"),
        ({"languages": "es"}, "languages"),
        ({"target_language": "fr"}, "target_language"),
        ({"tenant": "rival"}, "tenant"),
    ],
)
def test_a_bad_wish_names_the_field(api: Api, body: object, field: str) -> None:
    answer = begin(api, body)

    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)


def test_there_is_no_warm_up_of_another_tenant(api: Api) -> None:
    begun = begin(api).body["id"]

    assert api.call("GET", f"/v1/phrases/warm/{begun}", tenant="rival").status == 404
    assert api.call("GET", "/v1/phrases/warm/wrm_nothing").status == 404


def test_the_nightly_warm_up_is_off_until_it_is_switched_on(api: Api, services: FakeServices) -> None:
    off = {"enabled": False, "languages": None, "target_language": "en"}
    assert api.call("GET", "/v1/phrases/schedule", role="viewer").body == off

    put = api.call("PUT", "/v1/phrases/schedule", json_body={"enabled": True, "languages": ["vi"]}, role="admin")

    assert put.body == {"enabled": True, "languages": ["vi"], "target_language": "en"}
    assert api.call("GET", "/v1/phrases/schedule").body == put.body
    assert [schedule.tenant for schedule in services.phrases.enabled_schedules()] == ["acme"]
    assert api.call("GET", "/v1/phrases/schedule", tenant="rival").body == off
