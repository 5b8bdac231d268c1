from __future__ import annotations

import pytest

from intake.documents.model import Status
from intake.errors import ConflictError, DocumentRejectedError, ProviderTimeoutError
from intake.providers.ports import ParsedDocument, ParsedPage
from tests.unit.documents.bench import BUCKET, COST_OF_A_CALL, Bench, pages


def test_the_plan_is_made_once_and_recorded_with_its_reasons(bench: Bench) -> None:
    command = bench.validated()

    assert bench.plan(command) == {"providers": ["pdfium", "tesseract"]}
    bench.gateway.routes.clear()

    assert bench.plan(command) == {"providers": ["pdfium", "tesseract"]}
    recorded = bench.get(command).parsers
    assert recorded is not None
    assert [(choice.provider, choice.reason) for choice in recorded.providers] == [
        ("pdfium", "told so"),
        ("tesseract", "told so"),
    ]


def test_parsed_text_is_kept_clean_beside_the_document(bench: Bench) -> None:
    bench.gateway.answers["pdfium"] = [pages("Line one\r\nbene\x02\r\nfits ", "two")]
    command = bench.validated()

    state = bench.parse(command)

    assert state == {"outcome": "parsed", "provider": "pdfium", "pages": 2, "page_failures": 0}
    stored = bench.get(command)
    parsed = bench.files.parsed(stored, "pdfium")
    assert parsed is not None
    assert [page.text for page in parsed.pages] == ["Line one\nbenefits", "two"]
    assert (stored.status, stored.parser, stored.cost_microusd) == (Status.PARSED, "pdfium", COST_OF_A_CALL)


def test_a_page_that_failed_is_reported_and_the_others_are_kept(bench: Bench) -> None:
    answer = ParsedDocument(pages=(ParsedPage(number=1, text="fine"), ParsedPage(number=2, error="page is damaged")))
    bench.gateway.answers["pdfium"] = [answer]
    command = bench.validated()

    assert bench.parse(command)["page_failures"] == 1
    assert bench.get(command).public()["page_failures"] == [{"page": 2, "error": "page is damaged"}]


def test_parsing_twice_costs_once(bench: Bench) -> None:
    command = bench.validated()
    first = bench.parse(command)

    assert bench.parse(command) == first
    assert bench.gateway.count("pdfium") == 1
    assert bench.get(command).cost_microusd == COST_OF_A_CALL


def test_a_run_that_died_before_recording_is_not_paid_again(bench: Bench) -> None:
    command = bench.validated()
    bench.parse(command)
    # What is left when a function dies between keeping the text and recording it:
    parsing = next(entry for entry in bench.get(command).stages if entry.stage is Status.PARSING)
    bench.documents.records["acme", command.document_id] = bench.get(command).model_copy(
        update={"status": Status.PARSING, "parser": None, "stages": (parsing,)}
    )

    bench.parse(command)

    assert bench.gateway.count("pdfium") == 1
    assert bench.get(command).cost_microusd == COST_OF_A_CALL
    assert bench.get(command).status is Status.PARSED


def test_a_failed_parser_leaves_the_way_to_the_next(bench: Bench) -> None:
    bench.gateway.answers |= {"pdfium": [ProviderTimeoutError("slow")], "tesseract": [pages("read by sight")]}
    command = bench.validated()

    with pytest.raises(ProviderTimeoutError):
        bench.parse(command)
    bench.parse(command, "tesseract")

    stored = bench.get(command)
    assert (stored.status, stored.parser) == (Status.PARSED, "tesseract")
    assert stored.stages[-1].attempts == 2


def test_a_document_at_fault_is_rejected_and_no_other_parser_is_asked(bench: Bench) -> None:
    bench.gateway.answers["pdfium"] = [DocumentRejectedError("It exhausts its reader.", code="bomb")]
    command = bench.validated()

    assert bench.parse(command)["outcome"] == "rejected"
    assert bench.parse(command)["outcome"] == "rejected", "a run that comes twice"

    stored = bench.get(command)
    assert stored.status is Status.REJECTED
    assert stored.error is not None
    assert (stored.error.stage, stored.error.code) == ("parse", "bomb")


def test_a_file_changed_after_its_validation_is_not_read(bench: Bench) -> None:
    command = bench.validated()
    bench.objects.put(BUCKET, bench.get(command).key, b"%PDF- something else")

    with pytest.raises(ConflictError):
        bench.parse(command)

    assert bench.gateway.calls == []


def test_parsing_after_the_text_was_accepted_changes_nothing(bench: Bench) -> None:
    command, _batches = bench.chunked()

    assert bench.parse(command, "tesseract")["provider"] == "pdfium"
    assert bench.get(command).status is Status.CHUNKED


@pytest.mark.parametrize("stage", ["plan", "parse"])
def test_an_event_delivered_twice_at_once_does_no_harm(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    command = bench.validated()
    seen_by_both = bench.get(command)
    run = {"plan": bench.plan, "parse": bench.parse}[stage]
    first = run(command)
    fresh_get = bench.documents.get
    stale = [seen_by_both]
    monkeypatch.setattr(bench.documents, "get", lambda *names: stale.pop() if stale else fresh_get(*names))

    assert run(command) == first
    assert bench.gateway.count("pdfium") <= 1
