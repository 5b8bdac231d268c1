from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from intake.documents.search import SearchAnswer, SearchQuery, search
from intake.errors import CircuitOpenError, ProviderError, UnsupportedInputError
from tests.unit.documents.bench import PDF_BYTES, TENANT, Bench, lexical, pages

DENTAL = "Braces for children are covered at half their price."
CLAIMS = "Send the form with the receipt within 180 days of the service."


@pytest.fixture
def searched(bench: Bench) -> Bench:
    bench.gateway.answers["pdfium"] = [
        pages("The plan at a glance.", DENTAL, CLAIMS),
        pages("Employees get 25 days of vacation.", "Complaints go to the office."),
    ]
    bench.completed(filename="benefits.pdf", body=PDF_BYTES + b"1")
    bench.completed(filename="handbook.pdf", body=PDF_BYTES + b"2")
    return bench


def ask(bench: Bench, query: str, tenant: str = TENANT, **options: Any) -> SearchAnswer:
    return search(
        SearchQuery.model_validate({"query": query} | options),
        tenant=tenant,
        vectors=bench.vectors,
        gateway=bench.gateway,
        clock=bench.clock,
    )


@pytest.mark.parametrize("mode", ["hybrid", "vector", "text"])
def test_the_page_that_answers_comes_first(searched: Bench, mode: str) -> None:
    answer = ask(searched, "Are braces covered for my child or children?", mode=mode)

    best = answer.results[0]
    assert (best.filename, best.page, best.text) == ("benefits.pdf", 2, DENTAL)
    assert DENTAL[best.start : best.end] == best.text
    assert "<mark>Braces</mark>" in best.snippet
    assert 0 < best.score <= 1
    assert (answer.mode, answer.notice) == (mode, None)


def test_passages_without_anything_of_the_query_are_not_results(searched: Bench) -> None:
    assert ask(searched, "zebra", mode="text").results == ()


@pytest.mark.parametrize("mode", ["hybrid", "vector", "text"])
def test_another_tenant_finds_nothing(searched: Bench, mode: str) -> None:
    assert ask(searched, "braces", tenant="other", mode=mode).results == ()


def test_filters_leave_the_documents_that_are_named(searched: Bench) -> None:
    ids = {result.filename: result.document_id for result in ask(searched, "office form plan vacation").results}

    one = ask(searched, "office form", filters={"document_id": ids["handbook.pdf"]})
    both = ask(searched, "office form", filters={"document_ids": list(ids.values())})
    none = ask(searched, "office form", filters={"document_id": ids["handbook.pdf"], "document_ids": []})

    assert {result.filename for result in one.results} == {"handbook.pdf"}
    assert {result.filename for result in both.results} == {"handbook.pdf", "benefits.pdf"}
    assert none.results == ()


def test_a_question_without_a_known_word_is_answered_with_a_warning(searched: Bench) -> None:
    assert "No word of the question" in (ask(searched, "xyzzy").notice or "")


def test_no_more_results_than_were_asked_for(searched: Bench) -> None:
    assert len(ask(searched, "plan braces form days office", top_k=2).results) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"top_k": 0},
        {"top_k": 51},
        {"mode": "magic"},
        {"filters": {"a": 1}},
        {"query": "x" * 1001},
        {"extra": 1},
    ],
)
def test_a_query_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SearchQuery.model_validate({"query": "braces"} | wrong)


@pytest.mark.parametrize("query", ["", "  \n"])
def test_an_empty_query_is_refused_by_its_field(bench: Bench, query: str) -> None:
    with pytest.raises(UnsupportedInputError) as caught:
        ask(bench, query)

    assert [error.field for error in caught.value.errors] == ["query"]


def test_words_alone_answer_when_the_query_cannot_be_embedded(searched: Bench) -> None:
    searched.gateway.answers["lexical"] = [CircuitOpenError("open")]

    answer = ask(searched, "braces for children")

    assert answer.results[0].page == 2
    assert answer.notice is not None
    assert "lexical" in answer.notice


def test_vectors_alone_are_an_error_when_the_query_cannot_be_embedded(searched: Bench) -> None:
    searched.gateway.answers["lexical"] = [CircuitOpenError("open")]

    with pytest.raises(CircuitOpenError):
        ask(searched, "braces", mode="vector")


def test_searching_by_words_asks_no_provider(searched: Bench) -> None:
    before = searched.gateway.count("lexical")

    ask(searched, "braces", mode="text")

    assert searched.gateway.count("lexical") == before


def test_documents_of_two_models_are_each_asked_in_their_own(searched: Bench) -> None:
    searched.gateway.answers |= {"other": [lexical], "pdfium": [pages("Braces are beautiful.")]}
    command, batches = searched.chunked(filename="third.pdf", body=PDF_BYTES + b"3")
    for batch in batches:
        searched.embed(command, batch, "other")
    searched.index(command)

    answer = ask(searched, "braces", mode="vector")

    assert {result.filename for result in answer.results} >= {"third.pdf", "benefits.pdf"}
    assert {name for name, _request in searched.gateway.calls[-2:]} == {"lexical", "other"}


def test_vectors_of_a_model_that_is_gone_are_not_compared(searched: Bench) -> None:
    searched.gateway.models["lexical"] = "lexical-2"

    assert "lexical" in (ask(searched, "braces").notice or "")
    with pytest.raises(ProviderError):
        ask(searched, "braces", mode="vector")


def test_a_tenant_without_documents_finds_nothing_and_pays_nothing(bench: Bench) -> None:
    answer = ask(bench, "braces")

    assert (answer.results, answer.cost_microusd) == ((), 0)
