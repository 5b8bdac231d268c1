"""How hard a text is to get right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from intake.inputs.complexity import complexity

HARD = "No pagaron los 1.250 euros del 3 de marzo ni los 300 de García. Nadie contesta, y no he recibido la carta. "


def test_a_greeting_is_easy_and_a_long_text_full_of_facts_is_hard() -> None:
    assert complexity("Hola, buenos días.", "es") < 0.02
    assert complexity(HARD * 12, "es") == 1.0


def test_facts_and_denials_count_beside_length() -> None:
    plain = "Quiero cambiar la dirección de mi casa porque mañana me voy a vivir a la playa con toda la familia."

    assert complexity(HARD, "es") > complexity(plain, "es") + 0.2


def test_what_cannot_be_counted_in_a_language_counts_nothing() -> None:
    assert complexity("Hapana, sitaki. Hakuna.", "sw") < 0.02


@given(st.text(max_size=500), st.sampled_from(["es", "en", "zh", "sw"]))
def test_it_is_a_share_whatever_the_text(text: str, language: str) -> None:
    assert 0 <= complexity(text, language) <= 1
