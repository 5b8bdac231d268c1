from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.documents.chunking import Budget, chunk_pages
from intake.documents.files import Chunk, PageText
from intake.documents.page_text import clean
from intake.documents.tokens import tokenizer

SHA = "ab" * 32
SMALL = Budget(tokens=32, overlap=8)

VOCABULARY = """
plan pays deductible $1,500 copay, (see page 12) don't 20% señor póliza naïve 保険 契約者は、 2.1 A-17/b Ω≈ 👩‍⚕️ … ½ --
supercalifragilistic https://example.org/a?b=c EXCLUSIONS
"""
WORDS = st.sampled_from(VOCABULARY.split())
JOINTS = st.sampled_from([" ", " ", " ", " ", ". ", ".\n", "\n", "\n\n", "  ", "! ", "; "])
TEXTS = st.lists(st.tuples(WORDS, JOINTS), max_size=150).map(
    lambda pairs: "".join(word + joint for word, joint in pairs)
)


def chunks(*texts: str, budget: Budget = SMALL, sha256: str = SHA) -> list[Chunk]:
    pages = tuple(PageText(number=number, text=text) for number, text in enumerate(texts, start=1))
    return list(chunk_pages(pages, sha256=sha256, tokenizer=tokenizer(), budget=budget))


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_no_chunk_is_over_its_budget_and_its_count_is_exact(text: str) -> None:
    for chunk in chunks(text):
        assert chunk.tokens == tokenizer().count(chunk.text) <= SMALL.tokens


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_offsets_are_those_of_the_page_and_nothing_is_lost(text: str) -> None:
    covered = [False] * len(text)
    for chunk in chunks(text):
        assert text[chunk.start : chunk.end] == chunk.text
        covered[chunk.start : chunk.end] = [True] * (chunk.end - chunk.start)

    assert all(is_covered or character.isspace() for character, is_covered in zip(text, covered, strict=True))


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_words_are_not_cut(text: str) -> None:
    for chunk in chunks(text):
        assert not chunk.text[0].isspace()
        assert not chunk.text[-1].isspace()
        for edge in (chunk.start, chunk.end):
            assert edge in (0, len(text)) or text[edge - 1].isspace() or text[edge].isspace() or text[edge - 1] == "。"


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_at_all_is_chunked_within_the_budget_and_in_order(text: str) -> None:
    made = chunks(text)

    assert all(tokenizer().count(chunk.text) == chunk.tokens <= SMALL.tokens for chunk in made)
    assert all(earlier.end < later.end for earlier, later in pairwise(made))
    assert all(
        later.start < earlier.end or not text[earlier.end : later.start].strip() for earlier, later in pairwise(made)
    )


def test_the_same_document_has_the_same_ids_and_another_has_others() -> None:
    text = "The plan pays. " * 40

    assert chunks(text) == chunks(text)
    assert {chunk.id for chunk in chunks(text)}.isdisjoint(chunk.id for chunk in chunks(text, sha256="cd" * 32))
    assert len({chunk.id for chunk in chunks(text, text)}) == 2 * len(chunks(text))


def test_a_word_over_the_budget_is_cut_and_nothing_else() -> None:
    made = chunks("before " + "x1y2" * 200 + " after")

    assert "".join(chunk.text for chunk in made if "x" in chunk.text).count("x1y2") >= 190
    assert made[-1].text.endswith("after")
    assert all(chunk.tokens <= SMALL.tokens for chunk in made)


def test_a_chunk_ends_before_a_heading_and_repeats_nothing_across_it() -> None:
    body = "The plan pays for this service after the deductible is met by you. "
    made = chunks(body * 2 + "\n\n## Dental care\n\n" + body * 2)

    assert any(chunk.text.startswith("## Dental care") for chunk in made)


@pytest.mark.parametrize("gap", ["\n\n", ". ", "\n"])
def test_a_chunk_ends_where_a_reader_would_pause(gap: str) -> None:
    text = gap.join(f"the member number {number} pays a copay for each visit" for number in range(30))

    for chunk in chunks(text)[:-1]:
        assert text[chunk.end - 1 : chunk.end + 2].startswith((".", "t\n"))


def test_a_chunk_repeats_the_end_of_the_one_before() -> None:
    text = " ".join(f"Sentence {number} is here." for number in range(40))
    made = chunks(text)

    for earlier, later in pairwise(made):
        shared = text[later.start : earlier.end]
        assert later.start < earlier.end
        assert tokenizer().count(shared) <= SMALL.overlap + 1


def test_pages_are_not_mixed() -> None:
    made = chunks("First page.", "", "Third page.")

    assert [(chunk.page, chunk.text) for chunk in made] == [(1, "First page."), (3, "Third page.")]


def test_a_page_without_end_is_chunked_in_blocks() -> None:
    text = clean("A line that says something of the plan.\n" * 12_000)
    made = chunks(text, budget=Budget())

    assert made[-1].end == len(text)
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in made[::50])
    assert not any(re.match(r"\s", chunk.text) for chunk in made)


@pytest.mark.parametrize(("tokens", "overlap"), [(8, 0), (512, 257), (512, -1)])
def test_a_budget_that_makes_no_sense_is_refused(tokens: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="at least 16"):
        Budget(tokens, overlap)
