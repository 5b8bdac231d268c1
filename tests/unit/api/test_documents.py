"""/v1/documents and /v1/search, as API Gateway calls them."""

from __future__ import annotations

import json

import pytest

from intake.documents.model import DocumentError, Stage, StageRecord, Status
from tests.unit.api.double import ROOT, Api, FakeServices, LambdaContext, resolved

PDF = {"filename": "benefits 2026.pdf", "content_type": "application/pdf", "size": 1024}


def test_a_registered_document_comes_with_the_form_for_its_file(api: Api, services: FakeServices) -> None:
    answer = api.call("POST", "/v1/documents", json_body=PDF)

    assert answer.status == 201
    assert resolved("/v1/documents", answer) == f"/v1/documents/{answer.body['id']}"
    assert answer.body["status"] == "uploaded"
    assert answer.body["upload"]["url"] == "https://documents.example/"
    assert answer.body["upload"]["fields"]["key"] == f"uploads/acme/{answer.body['id']}/benefits 2026.pdf"
    assert services.documents.get("acme", answer.body["id"]).size == 1024


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"filename": ""}, "filename"),
        ({"filename": "../secrets"}, "filename"),
        ({"filename": 7}, "filename"),
        ({"content_type": "pdf"}, "content_type"),
        ({"size": 0}, "size"),
        ({"size": "1024"}, "size"),
        ({"size": True}, "size"),
        ({"size": 1.5}, "size"),
        ({"size": 26 * 1024 * 1024}, "size"),
        ({"sha256": "abc"}, "sha256"),
        ({"tenant": "other"}, "tenant"),
    ],
)
def test_what_is_wrong_with_a_registration_is_said(
    api: Api, services: FakeServices, change: dict[str, object], field: str
) -> None:
    answer = api.call("POST", "/v1/documents", json_body=PDF | change)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert services.documents.records == {}


def test_a_document_tells_its_stages_and_its_problem(api: Api, services: FakeServices) -> None:
    made = api.call("POST", "/v1/documents", json_body=PDF).body["id"]
    document = services.documents.get("acme", made)
    error = DocumentError(stage=Stage.VALIDATE, code="encrypted", message="The PDF asks for a password.")
    record = StageRecord(stage=Status.REJECTED, at=services.clock.now(), duration_ms=41)
    services.documents.replace(document.moved(record, error=error))

    answer = api.call("GET", f"/v1/documents/{made}")

    assert answer.body["status"] == "rejected"
    assert answer.body["error"] == {
        "stage": "validate",
        "code": "encrypted",
        "message": "The PDF asks for a password.",
    }
    assert [stage["stage"] for stage in answer.body["stages"]] == ["uploaded", "rejected"]
    assert answer.body["stages"][1]["duration_ms"] == 41


def test_documents_are_listed_page_by_page_and_by_status(api: Api, services: FakeServices) -> None:
    made = []
    for number in range(3):
        services.age()
        made.append(api.call("POST", "/v1/documents", json_body=PDF | {"filename": f"{number}.pdf"}).body["id"])

    first = api.call("GET", "/v1/documents", query={"limit": 2}).body
    second = api.call("GET", "/v1/documents", query={"limit": 2, "cursor": first["next_cursor"]}).body

    assert [item["id"] for item in first["items"] + second["items"]] == list(reversed(made))
    assert api.call("GET", "/v1/documents", query={"status": "complete"}).body["items"] == []
    assert len(api.call("GET", "/v1/documents", query={"status": "uploaded"}).body["items"]) == 3


@pytest.mark.parametrize(
    ("query", "field"), [({"status": "done"}, "status"), ({"limit": "many"}, "limit"), ({"cursor": "x"}, "cursor")]
)
def test_a_list_of_documents_says_what_is_wrong_with_its_query(api: Api, query: dict[str, object], field: str) -> None:
    answer = api.call("GET", "/v1/documents", query=query)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]


def test_another_tenants_document_is_not_found(api: Api) -> None:
    made = api.call("POST", "/v1/documents", json_body=PDF).body["id"]

    assert api.call("GET", f"/v1/documents/{made}", tenant="other").status == 404
    assert api.call("GET", "/v1/documents", tenant="other").body["items"] == []


def test_the_sample_search_is_answered(api: Api) -> None:
    import app as application

    event = json.loads((ROOT / "events" / "SearchFunction.json").read_text())

    answer = application.handler(event, LambdaContext("SearchFunction"))

    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["results"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": ""}, "query"),
        ({"query": "  "}, "query"),
        ({"query": 5}, "query"),
        ({}, "query"),
        ({"query": "a" * 1001}, "query"),
        ({"query": "dental", "top_k": 0}, "top_k"),
        ({"query": "dental", "top_k": True}, "top_k"),
        ({"query": "dental", "mode": "magic"}, "mode"),
        ({"query": "dental", "filters": {"colour": "red"}}, "filters.colour"),
        ({"query": "dental", "tenant": "other"}, "tenant"),
    ],
)
def test_what_is_wrong_with_a_search_is_said(api: Api, body: dict[str, object], field: str) -> None:
    answer = api.call("POST", "/v1/search", json_body=body)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]
