"""What is accepted of a tenant about its phrases, and what is said about everything else."""

from __future__ import annotations

from typing import Any

import pytest

from intake.errors import UnsupportedInputError
from intake.phrases.acceptance import (
    PhrasesRequest,
    ScheduleRequest,
    WarmRequest,
    accept_languages,
    accept_phrases,
    accept_schedule,
)
from intake.phrases.common import common_phrases


def listed(*phrases: dict[str, Any]) -> PhrasesRequest:
    return PhrasesRequest.model_validate({"phrases": list(phrases)})


def test_phrases_are_accepted_and_keep_their_ids() -> None:
    first = accept_phrases(listed({"text": " ¿Cubre la ambulancia? ", "language": "es-MX", "label": "coverage"}))
    second = accept_phrases(listed({"text": "¿Cubre la ambulancia?", "language": "es"}))

    assert (first[0].text, first[0].language, first[0].label.value) == ("¿Cubre la ambulancia?", "es", "coverage")
    assert first[0].id == second[0].id


@pytest.mark.parametrize(
    ("phrase", "field", "words"),
    [
        ({"text": "Mi correo es ana@example.com", "language": "es"}, "text", "personal data (email)"),
        ({"text": "Llámeme al 612 345 678", "language": "es"}, "text", "personal data (phone)"),
        ({"text": "Mi póliza es AB-12345678", "language": "es"}, "text", "personal data (policy)"),
        ({"text": "?!", "language": "es"}, "text", "no letter"),
        ({"text": "a" * 301, "language": "es"}, "text", "300 are allowed"),
        ({"text": "hola\x00", "language": "es"}, "text", "control characters"),
        ({"text": "saluton", "language": "eo"}, "language", "Unknown language"),
        ({"text": "hola", "language": "auto"}, "language", "Unknown language"),
    ],
)
def test_a_phrase_that_is_refused_says_which_field_and_why(phrase: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        accept_phrases(listed({"text": "Buenos días", "language": "es"}, phrase))

    [problem] = refused.value.errors
    assert problem.field == f"phrases.1.{field}"
    assert words in problem.message
    assert "ana@" not in refused.value.detail


def test_a_phrase_that_is_listed_twice_is_refused() -> None:
    with pytest.raises(UnsupportedInputError, match="listed twice"):
        accept_phrases(listed({"text": "Hola", "language": "es"}, {"text": "Hola", "language": "es-MX"}))


def test_no_language_is_every_language() -> None:
    assert accept_languages(WarmRequest(), common_phrases()) == ((), "en")
    assert accept_languages(WarmRequest(languages=["es-MX", "es", "VI"]), common_phrases()) == (("es", "vi"), "en")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"languages": ["es", "sw"]}, "languages.1"),
        ({"languages": ["klingon"]}, "languages.0"),
        ({"languages": []}, "languages"),
        ({"target_language": "fr"}, "target_language"),
    ],
)
def test_languages_without_phrases_and_other_targets_are_refused(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        accept_languages(WarmRequest.model_validate(fields), common_phrases())

    assert [problem.field for problem in refused.value.errors] == [field]


def test_a_wish_belongs_to_the_tenant_that_asks() -> None:
    wish = accept_schedule(ScheduleRequest(enabled=True, languages=["es"]), common_phrases(), tenant="acme")

    assert (wish.tenant, wish.enabled, wish.languages) == ("acme", True, ("es",))
