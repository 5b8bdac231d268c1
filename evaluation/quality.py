"""Quality on damaged translations: what share is caught, and how often a good one is sent to a person for nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.cases import Damaged, Golden, cases
from evaluation.planting import planted
from evaluation.report import Figure, Table, share
from intake.inputs.quality import assess_translation

CAUGHT_TARGET = 95.0
FALSE_ALARM_TARGET = 5.0

COMPONENTS = {
    "negation": "negations",
    "number": "numbers",
    "date": "dates",
    "amount": "amounts",
    "name": "names",
    "language": "output_language",
    "untranslated": "untranslated_words",
}
"""The component that must see each kind of damage; an amount is also its number."""

Pair = tuple[str, str, str]
"""Language, source, English."""


@dataclass(frozen=True)
class Found:
    """What was found in one set. A damage is named when its own component fell, not another one."""

    total: Counter[str]
    caught: Counter[str]
    named: int
    missed: tuple[Damaged, ...]
    good: int
    false_alarms: tuple[tuple[Pair, tuple[str, ...]], ...]


def measure() -> list[Table]:
    """Measure the set that the rules were improved on, the held-out one, and the golden set's good translations."""
    translated = [case for case in cases("golden", Golden) if case.language != "en"]
    golden = [(case.language, case.text, case.english) for case in translated]
    alarms = false_alarms(golden)
    return [
        _table("quality, the set that was looked at", judged(cases("damaged_seen", Damaged))),
        _table("quality, the held-out set", judged(cases("damaged_held_out", Damaged))),
        _table("quality, faults planted by machine", judged([fault for case in translated for fault in planted(case)])),
        Table(
            "quality, reference translations of the golden set",
            (_alarm_figure(len(alarms), len(golden)),),
            tuple(_alarm_line(pair, reasons) for pair, reasons in alarms),
        ),
    ]


def judged(damaged: Sequence[Damaged]) -> Found:
    """Judge every damaged translation, and every good one once."""
    total, caught, named, missed = Counter[str](), Counter[str](), 0, []
    for case in damaged:
        quality = assess_translation(case.source, case.language, case.damaged)
        total[case.kind] += 1
        if not quality.requires_human_review:
            missed.append(case)
            continue
        caught[case.kind] += 1
        scores = [quality.components[COMPONENTS[case.kind]]]
        if case.kind == "amount":
            scores.append(quality.components["numbers"])
        named += any(score is not None and score < 1 for score in scores)
    pairs = list(dict.fromkeys((case.language, case.source, case.good) for case in damaged))
    return Found(total, caught, named, tuple(missed), len(pairs), tuple(false_alarms(pairs)))


def false_alarms(pairs: Sequence[Pair]) -> list[tuple[Pair, tuple[str, ...]]]:
    """Return the good translations that would be sent to a person, and why."""
    found = []
    for language, source, english in pairs:
        quality = assess_translation(source, language, english)
        if quality.requires_human_review:
            found.append(((language, source, english), quality.reasons))
    return found


def _table(title: str, found: Found) -> Table:
    count = found.total.total()
    return Table(
        title,
        (
            Figure("damage caught", share(found.caught.total(), count), size=count, target=CAUGHT_TARGET),
            Figure("and named by its own component", share(found.named, count), size=count),
            _alarm_figure(len(found.false_alarms), found.good),
            *(
                Figure(f"caught: {kind}", share(found.caught[kind], found.total[kind]), size=found.total[kind])
                for kind in COMPONENTS
                if found.total[kind]
            ),
        ),
        (
            *(f"missed {case.kind} ({case.language}): {case.damaged}" for case in found.missed),
            *(_alarm_line(pair, reasons) for pair, reasons in found.false_alarms),
        ),
    )


def _alarm_figure(alarms: int, good: int) -> Figure:
    return Figure("false alarms", share(alarms, good), size=good, target=FALSE_ALARM_TARGET, more_is_better=False)


def _alarm_line(pair: Pair, reasons: tuple[str, ...]) -> str:
    return f"false alarm ({pair[0]}): {pair[2]} {' '.join(reasons)}"
