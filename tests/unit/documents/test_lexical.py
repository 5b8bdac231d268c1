from __future__ import annotations

import pytest

from intake.documents.lexical import Postings, bm25
from intake.words import terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("deductible", "deductibles"),
        ("covered", "covers"),
        ("policy", "policies"),
        ("ambulance", "ambulances"),
        ("cancelled", "cancel"),
        ("enrollment", "enroll"),
        ("reclamación", "reclamaciones"),
        ("póliza", "POLIZAS"),
        ("cubierta", "cubiertas"),
        ("pregnancy's", "pregnancy"),
    ],
)
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(("one", "other"), [("policy", "police"), ("car", "care"), ("2026", "2025")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_words_that_say_nothing_are_left_out() -> None:
    assert terms("What is the deductible of my plan?") == [*terms("deductible"), "plan"]
    assert terms("¿Cuál es la franquicia de mi póliza?") == terms("cuál franquicia póliza")[-2:]


def test_the_rarer_word_weighs_more() -> None:
    collection = [Postings.of(["plan plan copay", "plan premium", "plan acupuncture"])]

    scores = bm25(collection, terms("plan acupuncture"))

    assert scores.argmax() == 2
    assert (scores > 0).all()


def test_scores_compare_across_documents() -> None:
    texts = ["dental care", "vision care", "hearing care", "dental implants and dental crowns"]
    together = bm25([Postings.of(texts)], ["dental"])
    apart = bm25([Postings.of(texts[:1]), Postings.of(texts[1:])], ["dental"])

    assert together.tolist() == apart.tolist()


@pytest.mark.parametrize("texts", [[], [""], ["the of and"]])
def test_nothing_scores_nothing(texts: list[str]) -> None:
    assert bm25([Postings.of(texts)], ["dental"]).tolist() == [0.0] * len(texts)
