"""What is told of a document's end: once each by its id, by whichever stage comes to it."""

from __future__ import annotations

import pytest

from intake.documents.finish import RecordFailureCommand, record_failure
from intake.documents.model import Status
from intake.errors import DocumentRejectedError, TransientError
from tests.unit.documents.bench import COST_OF_A_CALL, PDF_BYTES, TENANT, Bench, pages


def fail(bench: Bench, document_id: str, error: str) -> None:
    command = RecordFailureCommand(tenant=TENANT, document_id=document_id, error=error)
    record_failure(command, documents=bench.documents, events=bench.events, clock=bench.clock)


def test_a_complete_document_is_told_with_its_figures(bench: Bench) -> None:
    command = bench.completed()

    (event,) = bench.events.published
    stored = bench.get(command)
    assert (event.type, event.tenant, event.occurred_at) == ("document.completed", TENANT, stored.stages[-1].at)
    assert event.data.model_dump() == {
        "document_id": stored.id,
        "status": "complete",
        "size": stored.size,
        "pages": 2,
        "cost_microusd": 2 * COST_OF_A_CALL,
        "chunks": stored.chunks,
    }


def test_nothing_is_told_of_a_document_on_its_way(bench: Bench) -> None:
    bench.chunked()

    assert bench.events.published == []


def test_a_stage_run_again_tells_the_same_thing(bench: Bench) -> None:
    command = bench.completed()
    bench.clock.advance(seconds=60)

    bench.finish(command)

    first, second = bench.events.published
    assert first == second


def test_a_document_whose_announcement_failed_is_told_as_what_it_is(bench: Bench) -> None:
    bench.events.is_down = True
    with pytest.raises(TransientError):
        bench.completed()
    bench.events.is_down = False
    ((_tenant, document_id),) = bench.documents.records

    fail(bench, document_id, "TransientError")

    assert bench.events.types == ["document.completed"]


def test_a_file_that_is_rejected_at_once_is_told_also_when_the_first_telling_failed(bench: Bench) -> None:
    event = bench.drop("empty.pdf", b"")
    bench.events.is_down = True
    with pytest.raises(TransientError):
        bench.validate(event)
    bench.events.is_down = False

    bench.validate(event)

    (told,) = bench.events.published
    assert (told.type, told.data.model_dump()["code"]) == ("document.rejected", "empty")


def test_a_file_that_its_parser_rejects_is_told(bench: Bench) -> None:
    bench.gateway.answers["pdfium"] = [DocumentRejectedError("The file is damaged.", code="damaged")]
    command = bench.validated()

    for _ in range(2):
        assert bench.parse(command)["outcome"] == "rejected"

    first, second = bench.events.published
    assert (first.type, first.data.model_dump()["stage"]) == ("document.rejected", "parse")
    assert first.id == second.id


def test_a_file_without_any_text_is_told(bench: Bench) -> None:
    bench.gateway.answers["pdfium"] = [pages("", "")]
    command = bench.validated()
    bench.parse(command)

    bench.judge(command, is_last=True)

    (event,) = bench.events.published
    assert (event.type, event.data.model_dump()["code"]) == ("document.rejected", "no_text")


@pytest.mark.parametrize(
    ("error", "kind"),
    [("ProvidersUnavailableError", "document.failed"), ("UnsupportedInputError", "document.rejected")],
)
def test_a_failure_is_told_as_what_was_recorded(bench: Bench, error: str, kind: str) -> None:
    command = bench.validated()

    fail(bench, command.document_id, error)

    (event,) = bench.events.published
    assert (event.type, event.data.model_dump()["stage"]) == (kind, "parse")


def test_nothing_is_told_of_a_duplicate(bench: Bench) -> None:
    bench.validated()

    outcome, _document = bench.validate(bench.drop("again.pdf", PDF_BYTES))

    assert outcome == Status.DUPLICATE
    assert bench.events.published == []


def test_no_event_holds_a_name_or_a_message(bench: Bench) -> None:
    command = bench.validated(filename="Maria Lopez.pdf")

    fail(bench, command.document_id, "UnsupportedInputError")

    (event,) = bench.events.published
    stored = bench.get(command)
    assert stored.error is not None
    assert "Maria" not in event.model_dump_json()
    assert stored.error.message not in event.model_dump_json()
