from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from intake.documents.snippets import LENGTH, snippet
from intake.words import terms


def test_the_words_of_the_query_are_marked_in_all_their_forms() -> None:
    made = snippet("Ambulances are covered at 80%.", terms("Is an ambulance covered?"))

    assert made == "<mark>Ambulances</mark> are <mark>covered</mark> at 80%."


def test_the_text_of_a_document_is_never_markup() -> None:
    made = snippet("<script>alert('dental')</script> & dental", terms("dental"))

    assert "<script>" not in made
    assert made.count("<mark>dental</mark>") == 2
    assert "&amp;" in made


def test_the_best_part_of_a_long_passage_is_shown() -> None:
    text = "Nothing to see here. " * 40 + "Hearing aids are covered every 36 months. " + "More of nothing. " * 40

    made = snippet(text, terms("How often are hearing aids covered?"))

    assert "<mark>Hearing</mark> <mark>aids</mark>" in made
    assert made.startswith("…")
    assert made.endswith("…")


@given(st.text(max_size=600), st.text(max_size=30))
def test_a_snippet_is_a_part_of_its_passage(text: str, query: str) -> None:
    made = snippet(text, terms(query))
    plain = unescape(re.sub("</?mark>", "", made))

    assert plain.strip("…") in text.replace("\n", " ")
    assert len(plain) <= LENGTH + 2
