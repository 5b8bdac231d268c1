"""Counting negated clauses."""

from __future__ import annotations

import pytest

from intake.inputs.negation import negated_clauses


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("es", "Nadie contesta mis llamadas.", 1),
        ("es", "No vino nadie.", 1),
        ("es", "No tengo seguro y nadie contesta.", 2),
        ("es", "Vino ayer, ¿no?", 0),
        ("es", "Mi casa está sin agua ni luz.", 1),
        ("en", "Nobody answers my calls.", 1),
        ("en", "Anybody answers my calls.", 0),
        ("en", "I don't have insurance and no one answers.", 2),
        ("en", "I don’t know.", 1),
        ("en", "The payment failed to arrive.", 1),
        ("en", "My policy is No. 12.", 0),
        ("fr", "Je n'ai pas de voiture.", 1),
        ("de", "Ich habe keine Rechnung bekommen.", 1),
        ("pt", "Ninguém respondeu.", 1),
        ("it", "Non ho ricevuto niente.", 1),
    ],
)
def test_a_clause_denies_once(language: str, text: str, count: int) -> None:
    assert negated_clauses(text, language) == count


def test_a_language_without_a_list_is_not_guessed() -> None:
    assert negated_clauses("Hakuna mtu anayejibu.", "sw") is None


@pytest.mark.parametrize(
    ("text", "count"),
    [("No, no, I don't want it.", 1), ("No.", 1), ("No, no.", 1), ("I can't pay. I won't.", 2)],
)
def test_answers_before_a_denial_may_be_left_out(text: str, count: int) -> None:
    assert negated_clauses(text, "en", ignoring_answers=True) == count
