"""What every route shares: who may call it, problems, ids, the log, the description, and what importing costs."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from fastapi.routing import APIRoute

import openapi_examples
from intake.documents.search import SearchAnswer
from intake.inputs.presentation import as_public, as_public_summary
from intake.providers.ports import Capability, ProviderKind, Speech
from routers import (
    batches,
    callbacks,
    dashboard,
    documents,
    erasures,
    experiments,
    feedback,
    health,
    inputs,
    phrases,
    providers,
    quality,
    search,
    speech,
    websocket,
)
from tests.fakes.providers import ScriptedProvider
from tests.unit.api.double import ROOT, Api, FakeServices

READS = [
    ("GET", "/v1/inputs", None),
    ("GET", "/v1/batches", None),
    ("GET", "/v1/documents", None),
    ("GET", "/v1/providers", None),
    ("POST", "/v1/search", {"query": "dental"}),
]
WRITES = [
    ("POST", "/v1/inputs", {"text": "Hola, tengo un reclamo."}),
    ("POST", "/v1/batches", {"size": 10}),
    ("POST", "/v1/inputs/inp_1/feedback", {"rating": 5}),
    ("POST", "/v1/documents", {"filename": "a.pdf", "content_type": "application/pdf", "size": 10}),
]


@pytest.mark.parametrize(("method", "path", "body"), [*READS, *WRITES])
def test_nobody_gets_in_past_the_authorizer(api: Api, method: str, path: str, body: object) -> None:
    headers = {"x-api-key": "ik_acme_" + "A" * 43, "x-tenant": "acme", "x-role": "admin"}

    answer = api.call(method, path, json_body=body, headers=headers, role=None)

    assert answer.status == 401
    assert answer.body["type"] == "urn:problem-type:intake:unauthorized"


@pytest.mark.parametrize(("method", "path", "body"), READS)
@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("operator", 200), ("viewer", 200), ("respondent", 403)])
def test_who_may_read(api: Api, role: str, status: int, method: str, path: str, body: object) -> None:
    assert api.call(method, path, json_body=body, role=role).status == status


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
@pytest.mark.parametrize("role", ["viewer", "respondent", "root"])
def test_who_may_not_write(api: Api, services: FakeServices, role: str, method: str, path: str, body: object) -> None:
    answer = api.call(method, path, json_body=body, role=role)

    assert answer.status == (401 if role == "root" else 403)
    assert services.inputs.records == {}
    assert services.batches.records == {}
    assert services.documents.records == {}


@pytest.mark.parametrize("path", ["/health", "/openapi.json"])
def test_health_and_description_need_no_key(api: Api, path: str) -> None:
    assert api.call("GET", path, role=None).status == 200


def test_health_says_stage_and_version(api: Api) -> None:
    assert api.call("GET", "/health", role=None).body == {"status": "ok", "version": "0.1.0", "stage": "local"}


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/v1/nothing", 404, "not-found"),
        ("GET", "/", 404, "not-found"),
        ("GET", "/v1/inputs/", 404, "not-found"),
        ("DELETE", "/v1/inputs", 405, "method-not-allowed"),
        ("PUT", "/health", 405, "method-not-allowed"),
    ],
)
def test_an_unknown_route_or_method_is_a_problem(api: Api, method: str, path: str, status: int, slug: str) -> None:
    answer = api.call(method, path)

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == f"urn:problem-type:intake:{slug}"
    assert answer.body["status"] == status
    assert answer.headers["x-request-id"] == answer.body["request_id"] == "JKJaXmPLvHcESHA="


def test_a_wrong_method_is_told_all_that_are_right(api: Api) -> None:
    answer = api.call("DELETE", "/v1/inputs")

    assert answer.headers["allow"] == "GET, POST"
    assert "It takes: GET, POST." in answer.body["detail"]


def test_an_unexpected_error_is_a_problem_and_logged_by_class_only(
    api: Api, services: FakeServices, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError("the member's card is 4111 1111 1111 1111")

    monkeypatch.setattr(services.inputs, "list", break_down)

    answer = api.call("GET", "/v1/inputs")

    assert answer.status == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == "urn:problem-type:intake:internal"
    assert answer.body["request_id"] in answer.body["detail"]
    logged = str([vars(record) for record in caplog.records])
    assert "4111" not in answer.text + logged
    assert "RuntimeError" in logged


def test_a_request_is_logged_by_ids_and_figures(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        api.call("POST", "/v1/inputs", json_body={"text": "Hola, tengo un reclamo secreto."})

    lines = [vars(record) for record in caplog.records]
    ended = next(line for line in lines if line["msg"] == "request ended")
    assert ended["tenant"] == "acme"
    assert ended["key_id"] == "key_1"
    assert ended["status"] == 200
    assert ended["route"] == "/v1/inputs"
    assert "secreto" not in str(lines)


def test_every_route_is_described_with_examples(api: Api) -> None:
    document = api.call("GET", "/openapi.json", role=None).body

    described = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    served = {
        f"{method} {route.path}"
        for module in (
            health,
            inputs,
            feedback,
            experiments,
            erasures,
            batches,
            documents,
            search,
            providers,
            phrases,
            quality,
            speech,
            websocket,
            dashboard,
            callbacks,
        )
        for route in module.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    assert described == served == set(openapi_examples.ANSWERS)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status, answer in operation["responses"].items():
                content = next(iter(answer["content"].values()))
                assert content["example"], f"{method} {path} {status}"
    assert references(document) <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if "$ref" in node else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(value) for value in node)) if isinstance(node, list) else set()


def test_the_examples_have_the_fields_that_are_served(api: Api, services: FakeServices) -> None:
    served = api.call("POST", "/v1/inputs", json_body={"text": "Hola, tengo un reclamo."}).body
    listed = api.call("GET", "/v1/inputs").body["items"][0]
    found = api.call("POST", "/v1/search", json_body={"query": "dental", "mode": "text"}).body
    examples = openapi_examples.ANSWERS

    assert set(served) == set(examples["POST /v1/inputs"][200]) == set(as_public(services.stored(served["id"])))
    assert set(listed) == set(examples["GET /v1/inputs"][200]["items"][0])
    assert set(listed) == set(as_public_summary(services.inputs.list("acme", limit=1).items[0]))
    assert set(found) == set(examples["POST /v1/search"][200]) == set(SearchAnswer.model_fields)


def test_the_examples_of_requests_are_taken(api: Api, services: FakeServices) -> None:
    services.providers = (ScriptedProvider("flash"),)
    least = openapi_examples.BODIES["POST /v1/inputs"]["least"]["value"]
    input_id = api.call("POST", "/v1/inputs", json_body=least).body["id"]
    sound = Speech(audio=b"sound", media_type="audio/mpeg")
    speaker = ScriptedProvider("double", capability=Capability.SYNTHESIZE, kind=ProviderKind.EMBEDDED, answer=sound)
    services.providers = (ScriptedProvider("flash"), speaker)
    for operation, examples in openapi_examples.BODIES.items():
        if "/v1/callbacks/" in operation:
            continue  # Signed by the provider; test_callbacks.py has its sample.
        method, path = operation.replace("{name}", "flash").replace("{id}", input_id).split()
        for name, example in examples.items():
            answer = api.call(method, path, json_body=example["value"], role="admin")
            assert answer.status in (200, 201, 202), (operation, name)


def test_importing_the_application_loads_nothing_heavy() -> None:
    listed = "import sys, app; print([m for m in %r if m in sys.modules])"
    heavy = (
        "boto3",
        "botocore.session",
        "numpy",
        "openai",
        "httpx",
        "pydantic.v1",
        "intake.inputs.acceptance",
        "openapi",
    )

    done = subprocess.run(
        [sys.executable, "-c", listed % (heavy,)],
        env={"PYTHONPATH": os.pathsep.join(map(str, (ROOT / "functions/api", ROOT / "layers/core")))},
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == "[]", done.stderr
