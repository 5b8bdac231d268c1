"""What a text and its English both state."""

from __future__ import annotations

import pytest

from intake.inputs import comparison


@pytest.mark.parametrize(
    ("language", "source", "target"),
    [
        ("es", "la cita de las 15:45", "the 3:45 pm appointment"),
        ("de", "um 15 Uhr", "at 3 pm"),
        ("fr", "à 14h30", "at 2:30 p.m."),
        ("zh", "9月18日的账单", "the bill of September 18"),
        ("es", "tres semanas", "3 weeks"),
        ("es", "las dos puertas", "both doors"),
        ("es", "desde el primero de mayo", "since May 1"),
        ("es", "el 03/04/2024", "on April 3, 2024"),
    ],
)
def test_one_number_may_be_written_in_two_ways(language: str, source: str, target: str) -> None:
    assert comparison.numbers(source, language, target) in {None, 1.0}
    assert comparison.dates(source, language, target) in {None, 1.0}


@pytest.mark.parametrize(
    ("language", "source", "target"),
    [
        ("es", "tres semanas", "six weeks"),
        ("es", "treinta y cinco años", "fifty-three years"),
        ("de", "fünf Tage", "fifteen days"),
        ("it", "alle 11:15", "at 11:50"),
    ],
)
def test_another_number_is_seen_in_words_too(language: str, source: str, target: str) -> None:
    assert (comparison.numbers(source, language, target) or 0) < 1


@pytest.mark.parametrize(
    ("language", "source", "target", "score"),
    [
        ("es", "el 3 de marzo", "on March 3", 1.0),
        ("es", "el 3 de marzo", "on May 3", 0.0),
        ("es", "el 3 de marzo de 2024", "on March 3", 1.0),
        ("es", "el 03/04/2024", "on March 4, 2024", 1.0),
        ("vi", "ngày 7 tháng 10", "October 7", 1.0),
        ("ru", "10 августа", "April 10", 0.0),
        ("es", "ayer", "on March 3", 0.0),
        ("sw", "jana", "on March 3", None),
    ],
)
def test_dates(language: str, source: str, target: str, score: float | None) -> None:
    assert comparison.dates(source, language, target) == score


@pytest.mark.parametrize(
    ("language", "source", "target", "is_kept"),
    [
        ("es", "Vivo en Sevilla", "I live in Seville", True),
        ("es", "con Roberto Méndez", "with Robert Martin", False),
        ("de", "Die Werkstatt von Herrn Brandt", "the workshop of Mr. Brandt", True),
        ("de", "Die Werkstatt von Herrn Brandt", "the workshop of Mr. Bauer", False),
        ("pl", "od pana Kowalskiego", "from Mr. Kowalski", True),
        ("es", "una resonancia", "an MRI scan", True),
        ("es", "los sábados", "on Saturdays", True),
        ("zh", "王先生", "Mr. Wang", True),
    ],
)
def test_names(language: str, source: str, target: str, is_kept: bool) -> None:
    assert (comparison.names(source, language, target) in {None, 1.0}) is is_kept


@pytest.mark.parametrize(
    ("language", "source", "target", "is_kept"),
    [
        ("fr", "Il n'est pas venu, n'est-ce pas ?", "He did not come, did he?", True),
        ("es", "Sin embargo, llegó.", "However, it arrived.", True),
        ("es", "No tiene seguro.", "He is uninsured.", True),
        ("es", "No tiene seguro.", "He is insured.", False),
        ("zh", "我没有收到", "I received it", False),
        ("zh", "有没有保险?", "Is there insurance?", True),
        ("vi", "Tôi có được trả tiền không?", "Do I get paid?", True),
        ("ko", "전화를 안 받아요", "They answer the phone", False),
        ("sw", "hajibu", "she answers", True),
    ],
)
def test_negations(language: str, source: str, target: str, is_kept: bool) -> None:
    assert (comparison.negations(source, language, target) in {None, 1.0}) is is_kept


@pytest.mark.parametrize(
    ("language", "source", "target", "is_whole"),
    [
        ("es", "El plomero vino al hospital.", "The plomero came to the hospital.", False),
        ("es", "El fontanero vino al hospital.", "The plumber came to the hospital.", True),
        ("de", "Der Schaden in Hamburg", "The Schaden in Hamburg", False),
        ("de", "Ein Unfall in Hamburg", "An accident in Hamburg", True),
        ("fr", "Le remboursement est urgent", "The refund is urgent", True),
    ],
)
def test_words_left_untranslated(language: str, source: str, target: str, is_whole: bool) -> None:
    assert (comparison.untranslated(source, language, target, ()) == 1.0) is is_whole


def test_letters_of_another_script_are_left_untranslated() -> None:
    assert comparison.foreign_script("我没有收到账单", "I did not get the 账单")
    assert not comparison.foreign_script("Señora Nuñez", "Mrs. Nuñez")


@pytest.mark.parametrize(
    "text", ["Mi seguro no cubre el daño de la casa.", "Il conto è già stato pagato da mia madre.", "Я не могу платить"]
)
def test_other_languages_are_not_english(text: str) -> None:
    assert (comparison.english(text) or 0) < 0.5


def test_plain_english_is_english() -> None:
    assert comparison.english("My insurance does not cover the damage to the house.") == 1.0
    assert comparison.english("Thanks, madam.") is None
