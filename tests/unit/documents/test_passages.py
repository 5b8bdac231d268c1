from __future__ import annotations

import pytest

from intake.documents.files import Chunk
from intake.documents.model import Status
from intake.documents.passages import BATCH_CHUNKS, BATCH_TOKENS, batches
from intake.errors import ConflictError
from tests.unit.documents.bench import Bench, pages


def passage(tokens: int) -> Chunk:
    return Chunk(id="chk", page=1, start=0, end=1, tokens=tokens, text="x")


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([], []),
        ([10], [(0, 1)]),
        ([10] * (BATCH_CHUNKS + 1), [(0, BATCH_CHUNKS), (BATCH_CHUNKS, BATCH_CHUNKS + 1)]),
        ([BATCH_TOKENS - 1, 1, 1], [(0, 2), (2, 3)]),
        ([BATCH_TOKENS + 1, 1], [(0, 1), (1, 2)]),
    ],
)
def test_batches_are_bounded_in_passages_and_tokens(tokens: list[int], expected: list[tuple[int, int]]) -> None:
    assert list(batches([passage(count) for count in tokens])) == expected


def test_chunking_says_who_embeds_what(bench: Bench) -> None:
    command = bench.validated()
    bench.parse(command)
    bench.judge(command)

    state = bench.chunk(command)

    assert state == {"chunks": 2, "providers": ["lexical"], "batches": [{"batch": 0, "start": 0, "end": 2}]}
    stored = bench.get(command)
    assert (stored.status, stored.chunks) == (Status.CHUNKED, 2)
    assert [chunk.page for chunk in bench.files.chunks(stored).chunks] == [1, 2]


def test_chunking_twice_gives_the_same_answer(bench: Bench) -> None:
    command = bench.validated()
    bench.parse(command)
    bench.judge(command)
    first = bench.chunk(command)
    version = bench.get(command).version

    assert bench.chunk(command) == first
    assert bench.get(command).version == version


def test_the_accepted_text_is_chunked_and_not_that_of_another_parser(bench: Bench) -> None:
    good = "Read by sight: the plan pays for it."
    bench.gateway.answers |= {"pdfium": [pages("1", "2")], "tesseract": [pages(good, good)]}
    command = bench.validated()
    for provider in ("pdfium", "tesseract"):
        bench.parse(command, provider)
        bench.judge(command, provider)

    bench.chunk(command)

    assert {chunk.text for chunk in bench.files.chunks(bench.get(command)).chunks} == {good}


def test_what_has_no_text_yet_cannot_be_chunked(bench: Bench) -> None:
    command = bench.validated()

    with pytest.raises(ConflictError):
        bench.chunk(command)
