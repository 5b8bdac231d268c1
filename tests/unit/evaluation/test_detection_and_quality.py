"""Floors of the figures that `make eval` prints: a change that loses one of them is noticed."""

from __future__ import annotations

from collections import Counter

import pytest

from evaluation.cases import Damaged, Golden, LanguageSample, cases
from evaluation.detection import beginnings, calibration_error, samples
from evaluation.planting import planted
from evaluation.quality import COMPONENTS, false_alarms, judged
from intake.inputs.detection import SURE_ENOUGH
from intake.inputs.identification import identify


def test_calibration_of_known_cases() -> None:
    assert calibration_error([(1.0, True), (1.0, True)]) == 0
    assert calibration_error([(0.9, True), (0.9, False)]) == pytest.approx(0.4)


def test_beginnings_are_of_two_and_three_words() -> None:
    sample = LanguageSample(split="other", language="en", text="My car was stolen")

    assert [cut.text for cut in beginnings([sample])] == ["My car", "My car was"]


def test_detection_holds() -> None:
    fitted = samples("fitted")
    wrong = [
        sample
        for sample in samples("other")
        if identify(sample.text)[0].language != sample.language and identify(sample.text)[0].probability >= SURE_ENOUGH
    ]

    assert len({sample.language for sample in fitted}) == 20
    assert min(Counter(sample.language for sample in fitted).values()) == 5
    assert wrong == []


@pytest.mark.parametrize(("name", "floor"), [("damaged_seen", 0.99), ("damaged_held_out", 0.97)])
def test_quality_holds(name: str, floor: float) -> None:
    found = judged(cases(name, Damaged))

    assert found.caught.total() >= floor * found.total.total()
    assert found.named >= floor * found.total.total()
    assert len(found.false_alarms) <= 0.02 * found.good


def test_good_translations_of_the_golden_set_raise_no_alarm() -> None:
    golden = [(case.language, case.text, case.english) for case in cases("golden", Golden) if case.language != "en"]

    assert len(false_alarms(golden)) <= 0.02 * len(golden)


def test_planted_faults_are_caught() -> None:
    found = judged([fault for case in cases("golden", Golden) if case.language != "en" for fault in planted(case)])

    assert found.total.total() >= 300
    assert found.caught.total() >= 0.95 * found.total.total()


def test_a_fault_is_planted_of_each_kind_that_can_be() -> None:
    (case,) = [case for case in cases("golden", Golden) if case.id == "es-30"]

    assert [(fault.kind, fault.damaged) for fault in planted(case)] == [
        ("negation", "I do recognize a charge of 89 dollars on my account."),
        ("number", "I do not recognize a charge of 92 dollars on my account."),
        ("untranslated", "I do not reconozco a charge of 89 dollars on my account."),
        ("language", "No reconozco un cargo de 89 dólares en mi cuenta."),
    ]


def test_every_damage_is_one() -> None:
    seen, held_out = cases("damaged_seen", Damaged), cases("damaged_held_out", Damaged)

    assert len(seen) >= 100
    assert len(held_out) >= 60
    assert {case.kind for case in seen} == {case.kind for case in held_out} == COMPONENTS.keys()
    assert all(case.damaged != case.good for case in (*seen, *held_out))
    assert not {case.source for case in seen} & {case.source for case in held_out}
    assert len({case.language for case in held_out} - {case.language for case in seen}) >= 6


def test_the_golden_set_is_whole() -> None:
    golden = cases("golden", Golden)
    languages = Counter(case.language for case in golden)

    assert len(golden) >= 150
    assert sum(1 for count in languages.values() if count >= 15) >= 6
    assert languages.most_common(1)[0][0] == "es"
    assert len({case.id for case in golden}) == len(golden)
    assert len({case.intent for case in golden}) == 8
