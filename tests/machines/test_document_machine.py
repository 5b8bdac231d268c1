"""The document machine, one case for each edge: what its owner is told, what reached the provider, what was charged."""

from __future__ import annotations

import io
import math
import os
import signal
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from intake.documents.passages import BATCH_CHUNKS
from intake.providers.ports import Capability
from samples.booklet import Booklet, make_booklet
from tests.doubles.faults import Fault, Kind
from tests.machines.conftest import DAILY_LIMIT, OPENAI_KEY, Machines
from tests.machines.workers import workers
from tests.support.tenants import Tenant, has_ended, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]

PAGES_FOR_SEVERAL_BATCHES = 150


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    """Return a tenant with nothing in its library, its cache and its ledger."""
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}")


@pytest.fixture(scope="module")
def long_booklet() -> Booklet:
    return make_booklet(PAGES_FOR_SEVERAL_BATCHES)


def letter() -> str:
    """Return a text that no cache knows."""
    return f"Dear members, the deductible of plan {uuid4().hex} is 500 dollars a year, and the copay is 30 dollars."


def charged(machines: Machines, tenant: Tenant) -> int:
    return machines.budget.balance(tenant.name, "openai").spent_microusd


def stage(document: Any, name: str) -> Any:
    return next(record for record in document["stages"] if record["stage"] == name)


def test_an_uploaded_document_becomes_searchable_at_the_cost_that_the_ledger_has(
    machines: Machines, tenant: Tenant
) -> None:
    booklet = make_booklet(4)

    document = tenant.upload(booklet.filename, booklet.pdf)

    assert (document["status"], document["pages"], document["parser"]) == ("complete", 4, "pdfium")
    assert stage(document, "embedded")["provider"] == "openai"
    assert document["cost_microusd"] == charged(machines, tenant) > 0
    assert document["cost_microusd"] == sum(record.get("cost_microusd", 0) for record in document["stages"])
    assert tenant.run_of(document["id"]) == "SUCCEEDED"
    question = booklet.questions[0]
    assert question.page in [found["page"] for found in tenant.search(question.text, top_k=3)]


def test_a_file_dropped_into_the_bucket_goes_the_same_way(machines: Machines, tenant: Tenant) -> None:
    tenant.drop("welcome letter.txt", letter().encode())

    document = tenant.dropped("welcome letter.txt")

    assert (document["status"], document["content_type"]) == ("complete", "text/plain")
    assert document["cost_microusd"] == charged(machines, tenant) > 0
    assert [found["document_id"] for found in tenant.search("deductible")] == [document["id"]]


def test_the_same_bytes_again_are_a_duplicate_of_the_first(machines: Machines, tenant: Tenant) -> None:
    text = letter()
    first = tenant.write(text)
    calls = machines.calls(OPENAI_KEY)

    second = tenant.write(text)

    assert (first["status"], second["status"]) == ("complete", "duplicate")
    assert second["duplicate_of"] == first["id"]
    assert (second["cost_microusd"], machines.calls(OPENAI_KEY)) == (0, calls)
    assert tenant.run_of(second["id"]) == "SUCCEEDED"


def test_an_embedding_that_fails_for_the_moment_is_retried(machines: Machines, tenant: Tenant) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=503, key=OPENAI_KEY, route="embeddings", times=1))

    document = tenant.write(letter())

    assert document["status"] == "complete"
    assert stage(document, "embedded")["attempts"] == 2
    assert machines.calls(OPENAI_KEY) == 2
    assert document["cost_microusd"] == charged(machines, tenant) > 0


def test_when_the_only_embedder_is_down_the_document_fails_and_says_why(machines: Machines, tenant: Tenant) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=500, key=OPENAI_KEY, times=None))

    document = tenant.write(letter())

    assert document["status"] == "failed_embed"
    assert (document["error"]["stage"], document["error"]["code"]) == ("embed", "providers_unavailable")
    assert "openai answered HTTP 500" in document["error"]["message"]
    assert machines.calls(OPENAI_KEY) == 3, "one call and two retries"
    assert (document["cost_microusd"], charged(machines, tenant)) == (0, 0)
    assert tenant.run_of(document["id"]) == "FAILED"
    assert [item["id"] for item in tenant.documents()] == [document["id"]], "it is not lost"


def test_an_exhausted_quota_is_not_retried(machines: Machines, tenant: Tenant) -> None:
    machines.double.fail(Fault.quota(key=OPENAI_KEY, times=None))

    document = tenant.write(letter())

    assert document["status"] == "failed_embed"
    assert "credit_balance_exhausted" in document["error"]["message"]
    assert machines.calls(OPENAI_KEY) == 1


def test_an_open_circuit_lets_nothing_out(machines: Machines, tenant: Tenant) -> None:
    machines.open_circuit(Capability.EMBED, "openai")

    document = tenant.write(letter())

    assert document["status"] == "failed_chunk", "no embedder can be chosen"
    assert document["error"]["code"] == "providers_unavailable"
    assert "circuit" in document["error"]["message"].lower()
    assert machines.calls(OPENAI_KEY) == 0
    assert tenant.run_of(document["id"]) == "FAILED"


@pytest.mark.parametrize(
    ("left_microusd", "status", "told"),
    [(0, "failed_chunk", "budget for today is used up"), (1, "failed_embed", "there are $0.000001 left")],
    ids=["nothing left", "too little left"],
)
def test_a_budget_that_does_not_suffice_sends_nothing(
    machines: Machines, tenant: Tenant, left_microusd: int, status: str, told: str
) -> None:
    rest = machines.budget.reserve(tenant.name, "openai", DAILY_LIMIT.microusd_per_day - left_microusd)
    try:
        document = tenant.write(letter())
    finally:
        machines.budget.settle(rest, 0)

    assert document["status"] == status
    assert document["error"]["code"] == "providers_unavailable"
    assert told in document["error"]["message"]
    assert machines.calls(OPENAI_KEY) == 0
    assert charged(machines, tenant) == 0
    assert tenant.run_of(document["id"]) == "FAILED"


def test_a_batch_that_fails_is_retried_alone(machines: Machines, tenant: Tenant, long_booklet: Booklet) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=503, key=OPENAI_KEY, route="embeddings", times=1))

    document = tenant.upload(long_booklet.filename, long_booklet.pdf)

    assert (document["status"], document["pages"]) == ("complete", PAGES_FOR_SEVERAL_BATCHES)
    batches = math.ceil(document["chunks"] / BATCH_CHUNKS)
    assert batches >= 3
    assert machines.calls(OPENAI_KEY) == batches + 1
    assert stage(document, "embedded")["attempts"] == 2
    assert document["cost_microusd"] == charged(machines, tenant) > 0
    last = long_booklet.questions[-1]
    assert last.page in [found["page"] for found in tenant.search(last.text, top_k=3)]


def test_a_killed_worker_is_run_again_and_its_call_is_not_charged_twice(machines: Machines, tenant: Tenant) -> None:
    text = letter()
    undisturbed = new_tenant(machines.stack, f"calm-{uuid4().hex[:8]}").write(text)
    machines.double.reset()
    machines.double.fail(Fault(kind=Kind.SLOW, key=OPENAI_KEY, delay_seconds=10, times=1))
    registered = tenant.register("killed.txt", text.encode(), "text/plain")
    tenant.post_file(registered, text.encode())
    until(lambda: machines.calls(OPENAI_KEY) or None, "the call of the worker that is to be killed")
    for worker in workers(machines.stack, "EmbedFunction"):
        os.kill(worker, signal.SIGKILL)

    document = tenant.ended(registered["id"])

    assert document["status"] == "complete"
    assert machines.calls(OPENAI_KEY) == 2
    assert stage(document, "embedded")["attempts"] == 2
    assert document["cost_microusd"] == undisturbed["cost_microusd"] > 0
    assert charged(machines, tenant) == document["cost_microusd"]


def test_a_rejected_file_ends_its_run_well_and_stays_listed(machines: Machines, tenant: Tenant) -> None:
    document = tenant.upload("half.pdf", make_booklet(1).pdf[:900])

    assert (document["status"], document["error"]["code"]) == ("rejected", "damaged")
    assert document["error"]["message"]
    assert tenant.run_of(document["id"]) == "SUCCEEDED"
    assert [item["id"] for item in tenant.documents()] == [document["id"]]
    assert machines.calls(OPENAI_KEY) == 0


def test_a_picture_that_no_parser_here_can_read_is_rejected_and_wakes_nobody(
    machines: Machines, tenant: Tenant
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(picture, "PNG")

    document = tenant.upload("scan.png", picture.getvalue(), "image/png")

    assert (document["status"], document["error"]["stage"]) == ("rejected", "parse")
    assert document["error"]["code"] == "unsupported_input"
    assert tenant.run_of(document["id"]) == "SUCCEEDED", "no alarm"


def test_an_event_that_comes_twice_is_one_document(machines: Machines, tenant: Tenant) -> None:
    text = letter()
    tenant.drop("twice.txt", text.encode())
    first = tenant.dropped("twice.txt")
    calls = machines.calls(OPENAI_KEY)

    tenant.drop("twice.txt", text.encode())

    def both_runs_ended() -> bool | None:
        states = machines.stack.client("stepfunctions")
        machine = machines.stack.outputs["DocumentMachine"]
        runs = states.list_executions(stateMachineArn=machine, maxResults=200)["executions"]
        inputs = [states.describe_execution(executionArn=run["executionArn"]) for run in runs]
        own = [run["status"] for run in inputs if f"uploads/{tenant.name}/twice.txt" in run["input"]]
        return True if own == ["SUCCEEDED"] * 2 else None

    until(both_runs_ended, "the end of the second run")
    assert [item["id"] for item in tenant.documents()] == [first["id"]]
    assert has_ended(tenant.document(first["id"]))
    assert machines.calls(OPENAI_KEY) == calls
