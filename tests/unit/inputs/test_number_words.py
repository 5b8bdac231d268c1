"""Numbers written in words."""

from __future__ import annotations

from collections import Counter

import pytest

from intake.inputs.number_words import read_numbers


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "thirty-five years and two children", ["35", "2"]),
        ("en", "two hundred and fifty", ["250"]),
        ("en", "five five five one two", ["5", "5", "5", "2"]),
        ("en", "three thousand dollars", ["3000"]),
        ("en", "one of them", []),
        ("es", "treinta y cinco o veintidós", ["35", "22"]),
        ("es", "dos mil quinientos", ["2500"]),
        ("es", "el cincuenta por ciento, mil gracias", ["50"]),
        ("es", "tres y cuatro", ["3", "4"]),
        ("fr", "quatre-vingt-dix-sept et soixante-douze", ["97", "72"]),
        ("fr", "une voiture neuf", []),
        ("de", "fünfundvierzig und zwanzig", ["45", "20"]),
        ("it", "ventotto anni, trentatré mesi", ["28", "33"]),
        ("pt", "vinte e cinco", ["25"]),
        ("nl", "vijfendertig", ["35"]),
    ],
)
def test_number_words_are_read(language: str, text: str, numbers: list[str]) -> None:
    read = read_numbers(text, language)

    assert read is not None
    assert read[0] == Counter(numbers)


def test_words_that_may_be_numbers_only_excuse() -> None:
    stated, possible = read_numbers("both cars, a couple of weeks", "en") or (Counter(), Counter())

    assert stated == Counter()
    assert possible == Counter(["2", "2"])


def test_an_unknown_language_is_not_guessed() -> None:
    assert read_numbers("wiki tatu", "sw") is None
