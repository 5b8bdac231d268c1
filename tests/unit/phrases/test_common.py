"""The list of common phrases: what it promises to those who warm their caches with it."""

from __future__ import annotations

from collections import Counter

import pytest

from intake.inputs.detection import judged
from intake.inputs.identification import identify
from intake.inputs.masking import mask
from intake.inputs.results import IntentLabel
from intake.phrases.common import common_phrases
from intake.phrases.model import Phrase

LANGUAGES = {"es", "fr", "de", "pt", "zh", "vi", "ar", "ko", "ru", "tl"}


def test_there_are_two_hundred_phrases_in_ten_languages_about_every_matter() -> None:
    phrases = common_phrases()
    per_language = Counter(phrase.language for phrase in phrases)

    assert len(phrases) == 200
    assert set(per_language) == LANGUAGES
    assert min(per_language.values()) >= 15
    assert {phrase.label for phrase in phrases} == set(IntentLabel)


def test_no_phrase_is_there_twice_and_ids_tell_the_language() -> None:
    phrases = common_phrases()

    assert len({phrase.id for phrase in phrases}) == len(phrases)
    assert len({phrase.text.casefold().strip("¿¡?!. ") for phrase in phrases}) == len(phrases)
    assert all(phrase.id.startswith(f"{phrase.language}-") for phrase in phrases)


@pytest.mark.parametrize("phrase", common_phrases(), ids=lambda phrase: phrase.id)
def test_a_phrase_is_in_its_language_and_about_nobody(phrase: Phrase) -> None:
    assert judged(phrase.text, "auto", identify).language == phrase.language
    assert mask([phrase.text]).secrets == {}
    assert phrase.text == phrase.text.strip()
    assert not any(character.isdigit() for character in phrase.text)
