"""``DELETE /v1/inputs/{id}``, ``POST /v1/erasures`` and ``POST /v1/inputs/{id}/reveal``."""

from __future__ import annotations

import json

import pytest

from tests.unit.api.double import TENANT, Api, FakeServices

SPANISH = {"text": "Hola, tengo un reclamo.", "context": {"user_id": "ana@example.com"}}


def sent(api: Api) -> str:
    input_id: str = api.call("POST", "/v1/inputs", json_body=SPANISH).body["id"]
    return input_id


def test_an_erased_input_is_gone(api: Api, services: FakeServices) -> None:
    input_id = sent(api)

    answer = api.call("DELETE", f"/v1/inputs/{input_id}")

    assert (answer.status, answer.body["status"], answer.body["input_id"]) == (202, "erasing", input_id)
    assert services.machines.starts[-1] == {"tenant": TENANT, "erasure_id": answer.body["id"]}
    shown = api.call("GET", answer.headers["location"], role="viewer")
    assert (shown.status, shown.body) == (200, answer.body)
    gone = api.call("GET", f"/v1/inputs/{input_id}")
    assert (gone.status, gone.body["type"]) == (410, "urn:problem-type:intake:erased")
    assert api.call("GET", "/v1/inputs").body["items"] == []


def test_erasing_again_is_the_same_erasure_and_says_when_it_is_complete(api: Api, services: FakeServices) -> None:
    input_id = sent(api)
    first = api.call("DELETE", f"/v1/inputs/{input_id}")

    again = api.call("DELETE", f"/v1/inputs/{input_id}")
    assert (again.status, again.body) == (202, first.body)

    services.erasures.close(services.erasures.get(TENANT, first.body["id"]), services.clock.now())
    complete = api.call("DELETE", f"/v1/inputs/{input_id}")
    assert (complete.status, complete.body["status"]) == (200, "erased")
    assert len(services.machines.starts) == 2


def test_an_input_of_nobody_or_of_another_tenant_is_not_found(api: Api) -> None:
    input_id = sent(api)

    assert api.call("DELETE", f"/v1/inputs/{input_id}", tenant="rival").status == 404
    assert api.call("DELETE", "/v1/inputs/inp_nope").status == 404
    assert api.call("GET", "/v1/erasures/ers_nope").status == 404
    assert api.call("GET", f"/v1/inputs/{input_id}").status == 200


def test_a_user_is_erased_by_an_administrator(api: Api, services: FakeServices) -> None:
    body = {"user_id": "ana@example.com"}

    assert api.call("POST", "/v1/erasures", json_body=body).status == 403
    answer = api.call("POST", "/v1/erasures", json_body=body, role="admin")

    assert (answer.status, answer.body["subject"], answer.body["input_id"]) == (202, "user", None)
    assert "ana" not in answer.text
    assert "ana" not in json.dumps(services.machines.starts)


@pytest.mark.parametrize("body", [{}, {"user_id": ""}, {"user_id": 7}, {"user_id": "a" * 129}, {"user": "ana"}])
def test_a_request_that_names_no_user_is_told_the_field(api: Api, body: dict[str, object]) -> None:
    refused = api.call("POST", "/v1/erasures", json_body=body, role="admin")

    assert refused.status == 422
    assert {error["field"] for error in refused.body["errors"]} & {"user_id", "user"}


def test_what_was_masked_is_shown_to_an_administrator_who_says_why(api: Api, services: FakeServices) -> None:
    input_id = sent(api)
    services.inputs.put_vault(TENANT, input_id, {"[POLICY_1]": "48213"}, services.clock.now())
    path, body = f"/v1/inputs/{input_id}/reveal", {"reason": "case_work"}

    assert api.call("POST", path, json_body=body).status == 403
    assert api.call("POST", path, json_body={"reason": "because"}, role="admin").status == 422
    assert api.call("POST", path, json_body=body, role="admin", tenant="rival").status == 404
    shown = api.call("POST", path, json_body=body, role="admin")

    assert (shown.status, shown.body) == (200, {"id": input_id, "placeholders": {"[POLICY_1]": "48213"}})
    assert shown.headers["cache-control"] == "no-store"
    api.call("DELETE", f"/v1/inputs/{input_id}")
    assert api.call("POST", path, json_body=body, role="admin").status == 410


def test_who_looked_is_logged_and_what_was_seen_is_not(
    api: Api, services: FakeServices, caplog: pytest.LogCaptureFixture
) -> None:
    input_id = sent(api)
    services.inputs.put_vault(TENANT, input_id, {"[POLICY_1]": "48213"}, services.clock.now())

    api.call("POST", f"/v1/inputs/{input_id}/reveal", json_body={"reason": "incident"}, role="admin")

    (line,) = (vars(record) for record in caplog.records if record.getMessage() == "masked data revealed")
    assert (line["input_id"], line["key_id"], line["reason"]) == (input_id, "key_1", "incident")
    assert "48213" not in str([vars(record) for record in caplog.records])
