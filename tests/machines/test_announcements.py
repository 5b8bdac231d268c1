"""Events of the real machines, as a subscriber receives them over a rule and a queue."""

from __future__ import annotations

from uuid import uuid4

import pytest

from samples.booklet import make_booklet
from tests.doubles.faults import Fault, Kind
from tests.machines.conftest import FLASH_KEY, OPENAI_KEY, Machines
from tests.machines.subscribers import subscriber
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}")


def test_a_completed_input_is_told(machines: Machines, tenant: Tenant) -> None:
    with subscriber(machines.stack, tenant.name) as told:
        answer = tenant.understand(json={"text": "Quiero cambiar mi dirección.", "source_language": "es"})

        event = told.next()

    assert (event["source"], event["detail-type"]) == ("intake", "input.completed")
    detail = event["detail"]
    assert (detail["type"], detail["version"], detail["tenant"]) == ("input.completed", 1, tenant.name)
    assert detail["data"]["input_id"] == answer["id"]
    assert detail["data"]["cost_microusd"] == answer["cost_microusd"] > 0
    assert "dirección" not in str(event)


def test_a_rejected_document_is_told(machines: Machines, tenant: Tenant) -> None:
    with subscriber(machines.stack, tenant.name) as told:
        document = tenant.upload("half.pdf", make_booklet(1).pdf[:900])

        event = told.next()

    assert event["detail-type"] == "document.rejected"
    assert event["detail"]["data"]["document_id"] == document["id"]
    assert event["detail"]["data"]["code"] == document["error"]["code"] == "damaged"


def test_a_recording_that_is_none_is_told_and_wakes_nobody(machines: Machines, tenant: Tenant) -> None:
    with subscriber(machines.stack, tenant.name) as told:
        tenant.drop("claim.pdf", b"%PDF-1.7", bucket="AudioBucket")

        event = told.next()

    assert event["detail-type"] == "input.failed"
    assert event["detail"]["data"]["error"] == "unsupported-input"
    assert [item["id"] for item in tenant.inputs()] == [event["detail"]["data"]["input_id"]]
    assert until(lambda: _run_of(machines, f"uploads/{tenant.name}/claim.pdf"), "the end of its run") == "SUCCEEDED"


def _run_of(machines: Machines, key: str) -> str | None:
    """Return how the run ended that the upload of a recording started."""
    states = machines.stack.client("stepfunctions")
    machine = machines.stack.outputs["RecordingMachine"]
    for run in states.list_executions(stateMachineArn=machine, maxResults=200)["executions"]:
        if key in states.describe_execution(executionArn=run["executionArn"])["input"] and run["status"] != "RUNNING":
            return str(run["status"])
    return None


def test_what_an_aborted_run_worked_on_has_failed_and_is_told(machines: Machines, tenant: Tenant) -> None:
    machines.double.fail(Fault(kind=Kind.SLOW, key=FLASH_KEY, delay_seconds=5, times=1))
    with subscriber(machines.stack, tenant.name) as told:
        request = {"text": f"Mi poliza es la {uuid4().hex}.", "source_language": "es"}
        begun = tenant.api.post("/v1/inputs", json=request, headers={"Prefer": "respond-async"})
        location = str(begun.url.join(begun.headers["location"]))
        until(lambda: machines.calls(FLASH_KEY) or None, "the call that is to be cut off")

        _abort(machines, "InputStandardMachine", location)

        event = told.next()
    assert event["detail-type"] == "input.failed"
    assert tenant.api.get(location).json()["status"] == "failed"
    until(lambda: _has_translation(tenant, location) or None, "the end of the stage that nobody waits for")
    assert tenant.api.get(location).json()["status"] == "failed", "a late stage does not open it again"


def test_a_document_whose_run_was_aborted_has_failed_and_is_told(machines: Machines, tenant: Tenant) -> None:
    machines.double.fail(Fault(kind=Kind.SLOW, key=OPENAI_KEY, route="embeddings", delay_seconds=5, times=1))
    text = f"The deductible of plan {uuid4().hex} is 500 dollars a year.".encode()
    with subscriber(machines.stack, tenant.name) as told:
        tenant.drop("aborted.txt", text)
        until(lambda: machines.calls(OPENAI_KEY) or None, "the call that is to be cut off")

        _abort(machines, "DocumentMachine", f"uploads/{tenant.name}/aborted.txt")

        event = told.next()
    document = tenant.dropped("aborted.txt")
    assert event["detail-type"] == "document.failed"
    assert (document["status"], document["error"]["code"]) == ("failed_embed", "unexpected")


def _abort(machines: Machines, machine: str, started_with: str) -> None:
    """End the run that was started with an id or a key, as an operator would."""
    states = machines.stack.client("stepfunctions")
    running = states.list_executions(stateMachineArn=machines.stack.outputs[machine], statusFilter="RUNNING")
    wanted = started_with.rpartition("/v1/inputs/")[2]
    for run in running["executions"]:
        if wanted in states.describe_execution(executionArn=run["executionArn"])["input"]:
            states.stop_execution(executionArn=run["executionArn"])


def _has_translation(tenant: Tenant, location: str) -> bool:
    return tenant.api.get(location).json()["translation"] is not None


def test_a_complete_document_is_told(machines: Machines, tenant: Tenant) -> None:
    with subscriber(machines.stack, tenant.name) as told:
        document = tenant.write(f"The deductible of plan {uuid4().hex} is 500 dollars a year.")

        event = told.next()

    assert event["detail-type"] == "document.completed"
    assert event["detail"]["data"]["document_id"] == document["id"]
    assert event["detail"]["data"]["cost_microusd"] == document["cost_microusd"]
