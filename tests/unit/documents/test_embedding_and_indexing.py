from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from intake.documents.model import Status
from intake.errors import ConflictError, RateLimitedError, TransientError
from intake.providers.ports import Embeddings, ParsedDocument
from tests.unit.documents.bench import COST_OF_A_CALL, DIMENSION, Bench, lexical, pages

MANY = 70


def many_pages() -> ParsedDocument:
    return pages(*(f"Page {number} tells of benefit number {number} of the plan." for number in range(MANY)))


@pytest.fixture
def two_batches(bench: Bench) -> Bench:
    bench.gateway.answers["pdfium"] = [many_pages()]
    return bench


def test_all_batches_become_one_segment_in_the_order_of_the_text(two_batches: Bench) -> None:
    bench = two_batches
    command, batches = bench.chunked()
    for batch in reversed(batches):
        bench.embed(command, batch)

    state = bench.index(command)

    [segment] = bench.vectors.segments("acme")
    assert len(batches) == 2
    assert state == {"vectors": MANY, "model": "lexical.lexical-model.512"}
    assert [passage.page for passage in segment.passages] == list(range(1, MANY + 1))
    expected = np.frombuffer(lexical_rows([passage.text for passage in segment.passages]), "<f4").reshape(
        MANY, DIMENSION
    )
    assert np.array_equal(segment.vectors, expected)


def lexical_rows(texts: list[str]) -> bytes:
    from intake.providers.ports import EmbeddingRequest

    return lexical(EmbeddingRequest(texts=tuple(texts))).packed


def test_costs_of_all_batches_are_recorded_once(two_batches: Bench) -> None:
    bench = two_batches
    command, batches = bench.chunked()
    for batch in [*batches, *batches]:
        bench.embed(command, batch)
    bench.index(command)
    bench.index(command)

    embedded = [entry for entry in bench.get(command).stages if entry.stage is Status.EMBEDDED]
    assert [entry.cost_microusd for entry in embedded] == [2 * COST_OF_A_CALL]
    assert bench.gateway.count("lexical") == 2


def test_a_batch_that_fails_fails_alone(two_batches: Bench) -> None:
    bench = two_batches
    bench.gateway.answers["lexical"] = [RateLimitedError("slow down"), lexical]
    command, batches = bench.chunked()

    with pytest.raises(RateLimitedError):
        bench.embed(command, batches[0])
    bench.embed(command, batches[1])
    with pytest.raises(ConflictError, match="Batch 0"):
        bench.index(command)
    bench.embed(command, batches[0])
    bench.index(command)

    assert bench.get(command).status is Status.EMBEDDED
    assert len(bench.vectors.segments("acme")) == 1


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_an_answer_with_too_few_or_too_many_vectors_is_not_kept(bench: Bench, rows: int) -> None:
    bench.gateway.answers["lexical"] = [Embeddings(dimension=4, packed=bytes(16 * rows))]
    command, [batch] = bench.chunked()

    with pytest.raises(TransientError):
        bench.embed(command, batch)

    assert bench.files.vectors(bench.get(command), 0) is None


def test_vectors_of_two_models_are_never_mixed(two_batches: Bench) -> None:
    bench = two_batches
    bench.gateway.answers["other"] = [lexical]
    command, batches = bench.chunked()
    bench.embed(command, batches[0])
    bench.embed(command, batches[1], "other")

    with pytest.raises(ConflictError, match="more than one model"):
        bench.index(command)

    assert bench.vectors.segments("acme") == []


def test_another_provider_embeds_a_batch_anew(bench: Bench) -> None:
    bench.gateway.answers["other"] = [lexical]
    command, [batch] = bench.chunked()
    bench.embed(command, batch)
    bench.embed(command, batch, "other")
    bench.index(command)

    assert [segment.model.provider for segment in bench.vectors.segments("acme")] == ["other"]


def test_two_runs_at_once_of_the_first_batch_leave_one_status(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    command, [batch] = bench.chunked()
    stale = bench.get(command)
    bench.embed(command, batch)
    fresh_get = bench.documents.get
    answers: list[Any] = [stale]

    def get_stale_first(tenant: str, document_id: str) -> Any:
        return answers.pop() if answers else fresh_get(tenant, document_id)

    monkeypatch.setattr(bench.documents, "get", get_stale_first)
    bench.embed(command, batch)

    assert bench.get(command).times(Status.EMBEDDING) == 1
    assert bench.gateway.count("lexical") == 1


def test_a_cancelled_document_is_not_indexed(bench: Bench) -> None:
    command, [batch] = bench.chunked()
    bench.embed(command, batch)
    cancelled = bench.get(command).model_copy(update={"status": Status.CANCELLED})
    bench.documents.records["acme", command.document_id] = cancelled

    with pytest.raises(ConflictError):
        bench.index(command)

    assert bench.vectors.segments("acme") == []
