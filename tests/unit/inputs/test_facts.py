"""Facts that compare across languages."""

from __future__ import annotations

from collections import Counter

import pytest

from intake.inputs import facts


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.250,50", ["1250.5"]),
        ("1,250.50", ["1250.5"]),
        ("1 250,50", ["1250.5"]),
        ("1'250.50", ["1250.5"]),
        ("3,5 and 3.5", ["3.5", "3.5"]),
        ("1.250", ["1250"]),
        ("007", ["7"]),
        ("٣ أيام", ["3"]),
        ("[EMAIL_1] and 2", ["2"]),
        ("9" * 5000, ["9" * 5000]),
        ("no digits", []),
    ],
)
def test_numbers_have_one_form(text: str, numbers: list[str]) -> None:
    assert facts.numbers(text) == Counter(numbers)


@pytest.mark.parametrize(
    "text",
    [
        "el 3 de marzo de 2024",
        "March 3, 2024",
        "3 March 2024",
        "le 3 mars 2024",
        "am 3. März 2024",
        "em 3 de março de 2024",
        "il 3 marzo 2024",
        "2024-03-03",
        "March 3rd, 2024",
    ],
)
def test_dates_have_one_form(text: str) -> None:
    assert facts.dates(text) == Counter([(3, 3, 2024)])


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$1,250.50", ("USD", "1250.5")),
        ("1.250,50 dólares", ("USD", "1250.5")),
        ("85,40 €", ("EUR", "85.4")),
        ("85.40 euros", ("EUR", "85.4")),
        ("USD 300", ("USD", "300")),
    ],
)
def test_amounts_have_one_form(text: str, amount: tuple[str, str]) -> None:
    assert facts.amounts(text) == Counter([amount])


def test_names_are_capitals_inside_sentences() -> None:
    text = "Hola. Mi nombre es Ana García y vivo en Sevilla. Llamé el lunes al Doctor Pérez."

    assert set(facts.names(text)) == {"ana", "garcia", "sevilla", "perez"}


def test_shouting_has_no_names() -> None:
    assert not facts.names("MY CAR WAS STOLEN BY JOHN")


def test_number_words_are_known_in_some_languages() -> None:
    assert facts.spoken_numbers("tres semanas y veinte días", "es") == Counter(["3", "20"])
    assert facts.spoken_numbers("三", "zh") is None
