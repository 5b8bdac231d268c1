from __future__ import annotations

import json
from typing import Any

import pytest

from intake.documents.finish import RecordFailureCommand, record_failure
from intake.documents.model import Document, Status
from tests.unit.documents.bench import COST_OF_A_CALL, PDF_BYTES, Bench

SECRET = "member 4711 has diabetes"


def fail(bench: Bench, error: str, message: str = "A sentence for people.", **more: Any) -> Document:
    cause = json.dumps({"errorType": error, "errorMessage": message})
    command = RecordFailureCommand.model_validate({"error": error, "cause": cause} | more)
    state = record_failure(command, documents=bench.documents, events=bench.events, clock=bench.clock)
    return bench.documents.get(state["tenant"], state["document_id"])


def test_a_document_that_went_all_the_way_is_complete(bench: Bench) -> None:
    command = bench.completed()

    stored = bench.get(command)
    assert (stored.status, stored.cost_microusd) == (Status.COMPLETE, 2 * COST_OF_A_CALL)


def test_finishing_twice_changes_nothing(bench: Bench) -> None:
    command = bench.completed()
    before = bench.get(command)

    assert bench.finish(command)["status"] == "complete"
    assert bench.get(command) == before


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        ("ProvidersUnavailableError", "failed_parse", "providers_unavailable"),
        ("ProviderTimeoutError", "failed_parse", "provider_timeout"),
        ("UnsupportedInputError", "rejected", "unsupported_input"),
        ("States.Timeout", "failed_parse", "timeout"),
        ("KeyError", "failed_parse", "unexpected"),
        ("Sandbox.Timedout", "failed_parse", "unexpected"),
    ],
)
def test_a_failure_is_recorded_by_its_stage_and_code(bench: Bench, error: str, status: str, code: str) -> None:
    command = bench.validated()

    stored = fail(bench, error, tenant=command.tenant, document_id=command.document_id)

    assert stored.error is not None
    assert (stored.status, stored.error.stage, stored.error.code) == (status, "parse", code)


def test_only_our_own_words_are_recorded(bench: Bench) -> None:
    command = bench.validated()

    stored = fail(bench, "ValueError", SECRET, tenant=command.tenant, document_id=command.document_id)

    assert SECRET not in stored.model_dump_json()


def test_every_provider_that_was_tried_is_named(bench: Bench) -> None:
    command = bench.validated()
    busy = '{"errorMessage": "It is busy.", "errorType": "TransientError", "stackTrace": []}'
    leaking = '{"errorMessage": "what somebody wrote", "errorType": "KeyError", "stackTrace": []}'
    failures = [
        {"provider": "pdfium", "error": "TransientError", "cause": busy},
        {"provider": "tesseract", "error": "KeyError", "cause": leaking},
    ]

    stored = fail(bench, "TransientError", tenant=command.tenant, document_id=command.document_id, failures=failures)

    assert stored.error is not None
    assert stored.error.message == "A sentence for people. Tried: pdfium: It is busy; tesseract: KeyError."


def test_a_document_whose_first_stage_failed_is_recorded_too(bench: Bench) -> None:
    event = bench.drop("plan.pdf", PDF_BYTES)

    stored = fail(bench, "TransientError", bucket=event.bucket, object=event.object)

    assert (stored.status, stored.filename) == (Status.FAILED_VALIDATE, "plan.pdf")


@pytest.mark.parametrize("stage", ["index", "finish"])
def test_the_machine_tells_the_two_last_stages_apart(bench: Bench, stage: str) -> None:
    command, batches = bench.chunked()
    bench.embed(command, batches[0])
    bench.index(command)

    stored = fail(bench, "TransientError", tenant=command.tenant, document_id=command.document_id, stage=stage)

    assert stored.status == f"failed_{stage}"


def test_an_end_is_not_overwritten(bench: Bench) -> None:
    command = bench.completed()
    before = bench.get(command)

    assert fail(bench, "TransientError", tenant=command.tenant, document_id=command.document_id) == before
