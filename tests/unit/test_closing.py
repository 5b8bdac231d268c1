"""Runs that were cut off, as Step Functions tells of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from intake.batches.ending import Closing
from intake.batches.model import Status as BatchStatus
from intake.closing import CloseRunCommand, close_run
from intake.documents.model import Status as DocumentStatus
from intake.inputs.model import Status
from intake.inputs.presentation import as_public
from intake.inputs.registration import RegisterUploadCommand, register_upload
from tests.unit.batches.conftest import Counter
from tests.unit.documents.bench import TENANT, Bench
from tests.unit.inputs.conftest import INPUT_ID, Desk

SAMPLE = json.loads((Path(__file__).parents[2] / "events" / "CloseRunFunction.json").read_text(encoding="utf-8"))
INPUT_MACHINE = SAMPLE["detail"]["stateMachineArn"]
RECORDING_MACHINE = INPUT_MACHINE.replace("InputStandardMachine", "RecordingMachine")
BATCH_MACHINE = INPUT_MACHINE.replace("InputStandardMachine", "intake-batch")
DOCUMENT_MACHINE = INPUT_MACHINE.replace("InputStandardMachine", "DocumentMachine")
CLOSED = {"outcome": "closed"}
NOTHING = {"outcome": "nothing_to_do"}


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def close(
    desk: Desk,
    bench: Bench,
    target: dict[str, Any],
    *,
    machine: str = INPUT_MACHINE,
    closing: Closing | None = None,
    **detail: Any,
) -> dict[str, Any]:
    told = SAMPLE["detail"] | {"stateMachineArn": machine, "input": json.dumps(target)} | detail
    return close_run(
        CloseRunCommand.model_validate(SAMPLE | {"detail": told}),
        input_machines=(INPUT_MACHINE, RECORDING_MACHINE),
        batch_machine=BATCH_MACHINE,
        batches=closing or Counter().closing,
        inputs=desk.inputs,
        documents=bench.documents,
        events=desk.events,
        clock=desk.clock,
    )


@pytest.mark.parametrize("status", ["TIMED_OUT", "ABORTED", "FAILED"])
def test_an_input_that_was_worked_on_is_failed(desk: Desk, bench: Bench, status: str) -> None:
    desk.add()

    assert close(desk, bench, {"tenant": TENANT, "input_id": INPUT_ID}, status=status) == CLOSED

    public = as_public(desk.record)
    assert (public["status"], public["error"]["type"]) == ("failed", "intake")
    assert desk.events.types == ["input.failed"]


def test_an_end_that_was_recorded_stands(desk: Desk, bench: Bench) -> None:
    desk.add()
    close(desk, bench, {"tenant": TENANT, "input_id": INPUT_ID})
    before = desk.record

    assert close(desk, bench, {"tenant": TENANT, "input_id": INPUT_ID}, status="ABORTED") == NOTHING

    assert desk.record == before
    assert len(desk.events.published) == 1


def test_an_uploaded_recording_is_known_by_its_event(desk: Desk, bench: Bench) -> None:
    key = f"uploads/{TENANT}/call.wav"
    uploaded = {"bucket": {"name": "audio"}, "object": {"key": key, "etag": "abc", "size": 4_000}}
    state = register_upload(
        RegisterUploadCommand.model_validate(uploaded),
        inputs=desk.inputs,
        objects=bench.objects,
        events=desk.events,
        memory=desk.memory,
        clock=desk.clock,
    )

    assert close(desk, bench, {"detail": uploaded}, machine=RECORDING_MACHINE) == CLOSED

    assert desk.inputs.get(TENANT, state["input_id"]).status is Status.FAILED


def test_an_upload_that_never_became_an_input_is_left(desk: Desk, bench: Bench) -> None:
    uploaded = {"bucket": {"name": "audio"}, "object": {"key": f"uploads/{TENANT}/x.wav", "etag": "abc", "size": 4_000}}

    assert close(desk, bench, {"detail": uploaded}, machine=RECORDING_MACHINE) == NOTHING


@pytest.mark.parametrize(("status", "code"), [("TIMED_OUT", "timeout"), ("ABORTED", "unexpected")])
def test_a_document_that_was_worked_on_has_failed_where_it_was(
    desk: Desk, bench: Bench, status: str, code: str
) -> None:
    event = bench.drop("plan.pdf", b"%PDF-1.7")
    _outcome, document = bench.validate(event)
    target = {"detail": event.model_dump(mode="json", include={"bucket", "object"})}

    assert close(desk, bench, target, machine=DOCUMENT_MACHINE, status=status) == CLOSED

    stored = bench.documents.get(TENANT, document.id)
    assert stored.error is not None
    assert (stored.status, stored.error.code) == (DocumentStatus.FAILED_PARSE, code)
    assert desk.events.types == ["document.failed"]
    assert close(desk, bench, target, machine=DOCUMENT_MACHINE, status="FAILED") == NOTHING
    assert len(desk.events.published) == 1


@pytest.mark.parametrize("machine", [INPUT_MACHINE, DOCUMENT_MACHINE])
def test_an_upload_of_no_tenant_is_left(desk: Desk, bench: Bench, machine: str) -> None:
    uploaded = {"bucket": {"name": "any"}, "object": {"key": "uploads/x.pdf", "etag": "abc", "size": 4_000}}

    assert close(desk, bench, {"detail": uploaded}, machine=machine) == NOTHING


def test_a_document_that_is_no_longer_there_is_left(desk: Desk, bench: Bench) -> None:
    target = {"tenant": TENANT, "document_id": "doc_gone"}

    assert close(desk, bench, target, machine=DOCUMENT_MACHINE) == NOTHING


@pytest.mark.parametrize("status", ["TIMED_OUT", "ABORTED", "FAILED"])
def test_a_batch_that_was_worked_on_has_failed_and_names_its_lines(desk: Desk, bench: Bench, status: str) -> None:
    counter = Counter()
    batch = counter.prepared({"text": "Hola, tengo un reclamo."}, {"text": "Nadie contesta."})
    target = {"detail": {"bucket": {"name": "audio"}, "object": {"key": counter.key(batch)}}}

    closed = close(desk, bench, target, machine=BATCH_MACHINE, closing=counter.closing, status=status)

    assert closed == CLOSED
    assert counter.batches.get(TENANT, batch.id).status is BatchStatus.FAILED
    assert [end.line for end in counter.ends(batch)] == [1, 2]
    again = close(desk, bench, target, machine=BATCH_MACHINE, closing=counter.closing, status=status)
    assert again == NOTHING
    assert counter.events.types == ["batch.completed"]
