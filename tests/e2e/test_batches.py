"""Batches on the real machines, with the engines of this machine: good lines, bad ones, and runs that are cut off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.load.lines import make_lines
from tests.machines.subscribers import subscriber
from tests.support.batches import NDJSON, Batches
from tests.support.stack import RunningStack
from tests.support.tenants import new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.engine, pytest.mark.slow, pytest.mark.xdist_group("embedded")]


@pytest.fixture
def batches(embedded_stack: RunningStack) -> Batches:
    return Batches(new_tenant(embedded_stack, f"b-{uuid4().hex[:8]}"))


def upload(batches: Batches, body: bytes) -> str:
    """Announce a file and post it by the form, as any client does."""
    api = batches.tenant.api
    registered = api.post("/v1/batches", json={"filename": "claims.jsonl", "size": len(body)})
    assert registered.status_code == 201, registered.text
    form = registered.json()["upload"]
    posted = httpx.post(form["url"], data=form["fields"], files={"file": ("claims.jsonl", body, NDJSON)}, timeout=60)
    assert posted.status_code == 204, posted.text
    batch_id: str = registered.json()["id"]
    return batch_id


def kept_files(stack: RunningStack, batch_id: str) -> list[str]:
    """Return the keys of a batch in the bucket, those of older versions too."""
    return list(_keys(stack.client("s3").list_object_versions(Bucket=stack.outputs["AudioBucket"]), batch_id))


def _keys(listed: Any, batch_id: str) -> Iterator[str]:
    for version in (*listed.get("Versions", []), *listed.get("DeleteMarkers", [])):
        if batch_id in version["Key"]:
            yield version["Key"]


def test_good_lines_become_results_and_each_bad_one_an_error_with_its_field(batches: Batches) -> None:
    lines = make_lines(60, poisoned=6, of="Gracias.")

    batch = batches.run(lines.body)

    assert (batch["status"], batch["completed"], batch["failed"]) == ("completed_with_errors", 54, 6)
    results, errors = batches.results(batch["id"]), batches.errors(batch["id"])
    assert [result["line"] for result in results] == lines.good
    assert {(result["status"], result["batch_id"]) for result in results} == {("completed", batch["id"])}
    assert len({result["id"] for result in results}) == 54
    assert {result["source_language"] for result in results} == {"en", "es"}
    named = {error["line"]: [fault["field"] for fault in error["errors"]] for error in errors}
    assert named == {line: [field] for line, field in lines.faults.items()}
    assert {error["reference"] for error in errors} - {None} <= {f"line-{line}" for line in lines.faults}
    assert kept_files(batches.tenant.stack, batch["id"]) == []


def test_an_upload_starts_by_itself_and_a_repeated_text_is_an_input_of_its_own(batches: Batches) -> None:
    row = {"text": f"Quiero presentar un reclamo por el robo {uuid4().hex[:6]}.", "source_language": "es"}
    body = "\r\n".join([json.dumps(row), "", json.dumps(row | {"reference": "again"})]).encode()

    with subscriber(batches.tenant.stack, batches.tenant.name) as told:
        batch = batches.ended(upload(batches, body))
        heard = [told.next() for _ in range(3)]

    first, again = batches.results(batch["id"])
    assert (first["line"], again["line"], again["reference"]) == (1, 3, "again")
    assert first["id"] != again["id"]
    assert first["translation"]["cache"] == "miss" != again["translation"]["cache"]
    assert first["translation"]["text"] == again["translation"]["text"]
    (event,) = [event["detail"]["data"] for event in heard if event["detail-type"] == "batch.completed"]
    assert (event["batch_id"], event["status"], event["completed"]) == (batch["id"], "completed", 2)


def test_an_upload_that_is_no_batch_fails_with_the_reason(batches: Batches) -> None:
    batch = batches.ended(upload(batches, '{"text": "¿Qué?"}'.encode("utf-16")))

    assert (batch["status"], batch["lines"]) == ("failed", None)
    assert [error["field"] for error in batch["error"]["errors"]] == ["file"]
    assert kept_files(batches.tenant.stack, batch["id"]) == []


def test_a_run_that_is_killed_is_closed_with_every_line_accounted_for(batches: Batches) -> None:
    batch_id = batches.send(make_lines(60, poisoned=6, of="Adiós.").body)["id"]
    until(lambda: batches.show(batch_id)["completed"] or None, "the first result")

    batches.stop_run(batch_id)

    batch = batches.ended(batch_id)
    named = [line["line"] for line in (*batches.errors(batch_id), *batches.results(batch_id))]
    assert (batch["status"], batch["left"]) == ("failed", 0)
    assert sorted(named) == list(range(1, 61))
    assert batch["completed"] < 54, "it was to be killed in the middle"
    assert kept_files(batches.tenant.stack, batch_id) == []


def test_a_batch_that_is_cancelled_ends_with_what_was_done(batches: Batches) -> None:
    batch_id = batches.send(make_lines(60, poisoned=6, of="Hasta luego.").body)["id"]
    until(lambda: batches.show(batch_id)["completed"] or None, "the first result")

    cancelled = batches.tenant.api.post(f"/v1/batches/{batch_id}/cancel")

    assert (cancelled.status_code, cancelled.json()["status"]) == (202, "cancelling")
    batch = batches.ended(batch_id)
    assert (batch["status"], batch["left"]) == ("cancelled", 0)
    assert 0 < batch["completed"] < 54


def test_another_tenant_finds_nothing(batches: Batches, embedded_stack: RunningStack) -> None:
    batch_id = upload(batches, b"{}")
    other = new_tenant(embedded_stack, f"o-{uuid4().hex[:8]}")

    for path in ("", "/errors", "/results"):
        assert other.api.get(f"/v1/batches/{batch_id}{path}").status_code == 404
    assert other.api.post(f"/v1/batches/{batch_id}/cancel").status_code == 404
    assert other.api.get("/v1/batches").json()["items"] == []
