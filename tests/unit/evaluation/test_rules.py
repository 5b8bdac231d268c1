"""Floors of what masking, cleaning and intent reach, and that their measures are right."""

from __future__ import annotations

import pytest

from evaluation import cleaning, intent, masking
from evaluation.cases import Golden, Personal, Rewording, Spoken, cases
from intake.inputs.masking import PersonalData
from intake.inputs.results import IntentLabel


def test_masking_of_a_known_case() -> None:
    found = masking.judged(
        [
            Personal(text="Mail a@b.example", personal=((PersonalData.EMAIL, "a@b.example"),)),
            Personal(text="my name is Ana", personal=((PersonalData.PHONE, "Ana"),)),
            Personal(text="Mail c@d.example"),
        ]
    )

    assert (found.there, found.masked, found.right, len(found.lines)) == (2, 2, 1, 2)


def test_cleaning_of_a_known_case() -> None:
    found = cleaning.judged([Spoken(said="Um, the the roof like leaks", clean="The roof leaks")])

    assert (found.wanted, found.taken, found.right) == (3, 2, 2)


def test_intent_of_a_known_case() -> None:
    table = intent.table("", [("My bill is wrong", IntentLabel.BILLING), ("Hello", IntentLabel.EMERGENCY)])

    assert [figure.value for figure in table.figures] == [50, 0, 0]


@pytest.mark.parametrize("name", ["personal", "personal_second"])
def test_masking_holds(name: str) -> None:
    found = masking.judged(cases(name, Personal))

    assert found.right >= 0.95 * found.there
    assert found.right >= 0.98 * found.masked


@pytest.mark.parametrize("name", ["spoken_seen", "spoken_held_out"])
def test_cleaning_holds(name: str) -> None:
    found = cleaning.judged(cases(name, Spoken))

    assert found.right >= 0.85 * found.wanted
    assert found.right == found.taken, found.lines


def test_faithful_rewordings_are_accepted() -> None:
    refused = [case for case in cases("rewordings", Rewording) if cleaning.refusal(case)]

    assert len(refused) <= 1


def test_intent_holds() -> None:
    golden = intent.table("", [(case.english, case.intent) for case in cases("golden", Golden)])
    second = intent.table("", intent.matters("matters_second"))

    assert golden.figures[0].value >= 95
    assert golden.figures[1].value == second.figures[1].value == 100
    assert second.figures[0].value >= 70


def test_the_sets_are_large_enough() -> None:
    assert len(cases("personal", Personal)) >= 60
    assert len(cases("personal_second", Personal)) >= 30
    assert len(cases("spoken_seen", Spoken)) >= 40
    assert len(cases("spoken_held_out", Spoken)) >= 20
    texts = [case.text for name in ("personal", "personal_second") for case in cases(name, Personal)]
    assert len(set(texts)) == len(texts)


def test_what_must_be_masked_is_in_its_text() -> None:
    for name in ("personal", "personal_second"):
        for case in cases(name, Personal):
            assert all(value in case.text for _kind, value in case.personal)
