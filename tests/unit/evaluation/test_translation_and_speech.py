"""What is measured of translators and transcribers is measured right."""

from __future__ import annotations

import pytest

from evaluation.__main__ import NAMES, main
from evaluation.cases import Entities, Golden, cases
from evaluation.speech import SENTENCES, sentences, word_error_rate
from evaluation.translation import chrf_and_bleu, kept
from intake.inputs.languages import LANGUAGES
from intake.inputs.results import IntentLabel


def test_a_perfect_translation_scores_a_hundred() -> None:
    reference = ["My claim was denied and nobody told me why."]

    assert min(chrf_and_bleu(reference, reference)) == pytest.approx(100)
    assert max(chrf_and_bleu(["Entirely different words here."], reference)) < 30


def test_word_errors_are_counted_without_case_and_punctuation() -> None:
    assert word_error_rate(["My roof leaks.", "Call me"], ["my roof leaks", "call me"]) == 0
    assert word_error_rate(["one two three four"], ["one two three"]) == 25
    assert word_error_rate(["My roof"], [""]) == 100


def test_entities_are_looked_for_in_the_english() -> None:
    case = Golden(
        id="x",
        language="es",
        text="…",
        english="…",
        intent=IntentLabel.OTHER,
        entities=Entities(numbers=("3",), dates=("--03-04",), amounts=("USD 1250.5",), names=("Luna",), negations=1),
    )

    whole = kept(case, "Luna did not pay $1,250.50 for three doors on March 4.")
    damaged = kept(case, "Moon paid $1,205.50 for four doors on May 4.")

    assert {kind: there for kind, (there, _wanted) in whole.items()} == dict.fromkeys(whole, 1)
    assert {kind: there for kind, (there, _wanted) in damaged.items()} == dict.fromkeys(damaged, 0)


def test_every_entity_of_the_golden_set_can_be_read_in_its_reference() -> None:
    unread = [
        (case.id, kind)
        for case in cases("golden", Golden)
        for kind, (there, wanted) in kept(case, case.english).items()
        if there < wanted
    ]

    assert unread == []


def test_the_golden_set_is_of_configured_languages() -> None:
    assert {case.language for case in cases("golden", Golden)} <= LANGUAGES.keys()


def test_sentences_to_be_spoken_have_one_way_to_be_written() -> None:
    assert len(sentences()) == SENTENCES
    assert not any(character.isdigit() for text in sentences() for character in text)


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["detections"]) == 2
    assert "There is no evaluation detections" in capsys.readouterr().err


def test_missed_targets_fail_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["intent"]) == 0
    assert "Missed targets fail no run." in capsys.readouterr().out
    assert set(NAMES) >= {"detection", "quality", "translation", "speech"}
