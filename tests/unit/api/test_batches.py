"""``/v1/batches``: two ways in, progress, and pages of lines."""

from __future__ import annotations

import json
from typing import Any

import pytest

import openapi_examples
from intake.batches.model import Batch, LineEnd, Outcome, Status
from intake.errors import FieldError
from tests.unit.api.double import TENANT, Answer, Api, FakeServices, resolved

NDJSON = {"content-type": "application/x-ndjson"}
TWO_LINES = openapi_examples.LINES.encode()


def send(api: Api, body: bytes = TWO_LINES, **more: Any) -> Answer:
    return api.call("POST", "/v1/batches", body=body, headers=NDJSON, **more)


def worked_on(api: Api, services: FakeServices, *, failed: int, completed: int) -> Batch:
    """Return a batch whose first lines failed, and whose others have inputs."""
    batch = services.batches.get(TENANT, send(api).body["id"])
    lines = failed + completed
    batch = services.batches.replace(batch.model_copy(update={"status": Status.PROCESSING, "lines": lines + 1}))
    fault = FieldError(field="text", message="The text is empty.")
    for line in range(1, failed + 1):
        services.batches.settle(batch, LineEnd(line=line, outcome=Outcome.FAILED, reference="r", errors=(fault,)))
    for line in range(failed + 1, lines + 1):
        text = f"Hola, tengo el reclamo {line}."
        input_id = api.call("POST", "/v1/inputs", json_body={"text": text}).body["id"]
        services.batches.settle(batch, LineEnd(line=line, outcome=Outcome.COMPLETED, input_id=input_id))
    return batch


def rows(answer: Answer) -> list[Any]:
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    return [json.loads(line) for line in answer.text.splitlines()]


def test_lines_are_kept_where_their_arrival_starts_the_machine(api: Api, services: FakeServices) -> None:
    answer = send(api)

    assert answer.status == 202
    assert resolved("/v1/batches", answer) == f"/v1/batches/{answer.body['id']}"
    assert services.objects.contents == {("audio", f"batches/{TENANT}/{answer.body['id']}.jsonl"): TWO_LINES}
    assert set(answer.body) == set(openapi_examples.ANSWERS["POST /v1/batches"][202])


def test_a_larger_file_is_announced_and_posted_by_a_form(api: Api, services: FakeServices) -> None:
    answer = api.call("POST", "/v1/batches", json_body={"size": 20_000_000, "filename": "november.jsonl"})

    assert answer.status == 201
    assert answer.body["status"] == "awaiting_upload"
    assert answer.body["upload"]["fields"]["key"] == f"batches/{TENANT}/{answer.body['id']}.jsonl"
    assert set(answer.body) == set(openapi_examples.ANSWERS["POST /v1/batches"][201])
    assert services.objects.contents == {}


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"", 422, "file"),
        (b"\xff\xfe", 422, "file"),
        (b"{}\n" * 10_001, 422, "file"),
        (b'{"text": "' + b"a" * 4_200_000, 413, "file"),
    ],
    ids=["empty", "not UTF-8", "too many lines", "too large"],
)
def test_a_file_at_fault_is_refused(api: Api, services: FakeServices, body: bytes, status: int, field: str) -> None:
    answer = send(api, body)

    assert answer.status == status
    assert [error["field"] for error in answer.body["errors"]] == [field]
    assert services.batches.records == {}


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "size"), ({"size": 0}, "size"), ({"size": 70_000_000}, "size"), ({"size": 1, "filename": " "}, "filename")],
)
def test_an_announcement_at_fault_is_refused(api: Api, body: object, field: str) -> None:
    answer = api.call("POST", "/v1/batches", json_body=body)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == [field]


def test_another_kind_of_body_is_not_taken(api: Api) -> None:
    answer = api.call("POST", "/v1/batches", body=b"text", headers={"content-type": "text/csv"})

    assert answer.status == 415
    assert "application/x-ndjson" in answer.body["detail"]


def test_a_batch_tells_how_far_it_is_and_the_first_errors(api: Api, services: FakeServices) -> None:
    batch = worked_on(api, services, failed=12, completed=2)

    shown = api.call("GET", f"/v1/batches/{batch.id}", role="viewer").body

    assert (shown["lines"], shown["completed"], shown["failed"], shown["left"]) == (15, 2, 12, 1)
    assert shown["progress"] == 0.9333
    assert [error["line"] for error in shown["first_errors"]] == list(range(1, 11))
    assert set(shown) == set(openapi_examples.ANSWERS["GET /v1/batches/{id}"][200])


def test_errors_come_page_by_page(api: Api, services: FakeServices) -> None:
    batch = worked_on(api, services, failed=5, completed=1)
    path = f"/v1/batches/{batch.id}/errors"

    first = api.call("GET", path, query={"limit": 3})
    second = api.call("GET", path, query={"limit": 3, "cursor": 3})

    assert [row["line"] for row in (*rows(first), *rows(second))] == [1, 2, 3, 4, 5]
    assert first.headers["link"] == f'<{path}?limit=3&cursor=3>; rel="next"'
    assert "link" not in second.headers
    assert set(rows(first)[0]) == set(openapi_examples.ANSWERS["GET /v1/batches/{id}/errors"][200])


def test_results_are_the_inputs_as_they_are_now(api: Api, services: FakeServices) -> None:
    batch = worked_on(api, services, failed=1, completed=2)
    path = f"/v1/batches/{batch.id}/results"
    before = rows(api.call("GET", path))
    del services.inputs.records[TENANT, before[0]["id"]]

    after = rows(api.call("GET", path))

    assert set(before[0]) == set(openapi_examples.ANSWERS["GET /v1/batches/{id}/results"][200])
    assert after == [{"line": 2, "reference": None, "id": before[0]["id"], "status": "erased"}, before[1]]


def test_a_page_ends_where_an_answer_is_full(api: Api, services: FakeServices, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routers.batches._MOST_BYTES", 10)
    batch = worked_on(api, services, failed=3, completed=0)

    answer = api.call("GET", f"/v1/batches/{batch.id}/errors")

    assert [row["line"] for row in rows(answer)] == [1]
    assert "cursor=1>" in answer.headers["link"]


@pytest.mark.parametrize("query", [{"cursor": "x"}, {"cursor": -1}, {"limit": 0}, {"limit": 1001}, {"page": 2}])
def test_a_page_that_cannot_be_is_refused(api: Api, query: dict[str, object]) -> None:
    batch_id = send(api).body["id"]

    answer = api.call("GET", f"/v1/batches/{batch_id}/results", query=query)

    assert answer.status == 422
    assert [error["field"] for error in answer.body["errors"]] == list(query)


def test_batches_are_listed_newest_first(api: Api, services: FakeServices) -> None:
    ids = []
    for _ in range(2):
        ids.append(send(api).body["id"])
        services.age()

    listed = api.call("GET", "/v1/batches", query={"limit": 1}).body

    assert [item["id"] for item in listed["items"]] == ids[:0:-1]
    second = api.call("GET", "/v1/batches", query={"limit": 1, "cursor": listed["next_cursor"]}).body
    assert [item["id"] for item in second["items"]] == ids[:1]
    assert set(listed["items"][0]) == set(openapi_examples.ANSWERS["GET /v1/batches"][200]["items"][0])


def test_a_batch_is_cancelled_once_it_ended_it_is_not(api: Api) -> None:
    batch_id = send(api).body["id"]

    cancelled = api.call("POST", f"/v1/batches/{batch_id}/cancel")
    again = api.call("POST", f"/v1/batches/{batch_id}/cancel")

    assert (cancelled.status, cancelled.body["status"]) == (200, "cancelled")
    assert (again.status, again.body["type"]) == (409, "urn:problem-type:intake:conflict")


@pytest.mark.parametrize(
    ("method", "rest"), [("GET", ""), ("GET", "/errors"), ("GET", "/results"), ("POST", "/cancel")]
)
def test_another_tenants_batch_is_not_there(api: Api, method: str, rest: str) -> None:
    path = f"/v1/batches/{send(api).body['id']}{rest}"

    assert api.call(method, path, tenant="other").status == 404
    assert api.call(method, "/v1/batches/bat_none" + rest).status == 404


def test_who_only_reads_cannot_cancel(api: Api) -> None:
    assert api.call("POST", f"/v1/batches/{send(api).body['id']}/cancel", role="viewer").status == 403
