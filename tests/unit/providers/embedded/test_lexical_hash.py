"""Vectors by shared words: always unit length, the same in every process, and good enough to find a passage."""

import math
import subprocess
import sys
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.providers.embedded.lexical_hash import DIMENSION, LexicalHash, vector
from intake.providers.ports import EmbeddingRequest
from tests.unit.providers.embedded.retrieval_set import PASSAGES, QUESTIONS


def likeness(first: str, second: str) -> float:
    return sum(a * b for a, b in zip(vector(first), vector(second), strict=True))


@given(st.text())
def test_every_text_has_a_unit_vector(text: str) -> None:
    assert math.isclose(math.hypot(*vector(text)), 1, rel_tol=1e-9)


@pytest.mark.parametrize(
    ("first", "second"),
    [("repair", "REPAIRED"), ("The policies", "policy"), ("póliza", "polizas"), ("ﬁre", "fire"), ("daño", "daños")],
)
def test_forms_of_a_word_meet(first: str, second: str) -> None:
    assert likeness(first, second) == pytest.approx(1)


def test_it_knows_words_and_no_meaning() -> None:
    assert abs(likeness("car", "vehicle")) < 0.1


def test_stop_words_do_not_make_texts_alike() -> None:
    assert abs(likeness("what is the deductible", "what is the weather")) < 0.1


def test_texts_of_stop_words_alone_are_made_of_them() -> None:
    assert likeness("what is it", "is it what") == pytest.approx(1)
    assert abs(likeness("what is it", "about them")) < 0.1


def test_texts_without_words_are_like_each_other_and_like_nothing_else() -> None:
    assert likeness("?!", "…") == pytest.approx(1)
    assert all(likeness("?!", passage) == 0 for passage in PASSAGES)


def test_vectors_are_packed_row_after_row() -> None:
    answer = LexicalHash().call(EmbeddingRequest(texts=("collision", "dental cleaning"))).value

    numbers = array("f")
    numbers.frombytes(answer.packed)
    assert answer.dimension == DIMENSION
    assert len(numbers) == 2 * DIMENSION
    assert list(numbers[DIMENSION:]) == pytest.approx(vector("dental cleaning"), abs=1e-6)


def test_another_process_gives_the_same_vector() -> None:
    code = (
        "import sys; sys.path[:] = eval(sys.argv[1])\n"
        "from intake.providers.embedded.lexical_hash import vector\n"
        "print(vector('Collision coverage, póliza'))"
    )
    other = subprocess.run([sys.executable, "-c", code, repr(sys.path)], capture_output=True, text=True, check=True)

    assert other.stdout.strip() == str(vector("Collision coverage, póliza"))


def test_it_finds_the_passage_that_answers_a_question() -> None:
    ranks = []
    for number, question in enumerate(QUESTIONS):
        scores = [likeness(question, passage) for passage in PASSAGES]
        ranks.append(1 + sum(score > scores[number] for score in scores))

    assert sum(rank == 1 for rank in ranks) >= 17  # R@1 0.85
    assert sum(rank <= 3 for rank in ranks) >= 19  # R@3 0.95
    assert sum(1 / rank for rank in ranks) / len(ranks) > 0.9
