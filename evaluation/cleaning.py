"""Cleaning by rules: which words are taken out, and what the check on a model's cleaning refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.cases import Rewording, Spoken, cases
from evaluation.report import Figure, Table, share
from intake.inputs.preservation import what_changed
from intake.inputs.sanitization_rules import sanitize_by_rules

RECALL_TARGET = 80.0
PRECISION_TARGET = 98.0
REFUSAL_TARGET = 10.0


@dataclass(frozen=True)
class Found:
    """Words that should go, words that went, and those of them that should."""

    wanted: int
    taken: int
    right: int
    lines: tuple[str, ...]


def measure() -> list[Table]:
    """Measure precision and recall of the rules, and how many faithful rewordings are refused."""
    rewordings = cases("rewordings", Rewording)
    refused = [(case, changed) for case in rewordings if (changed := refusal(case))]
    return [
        _table("cleaning by rules, the set that was looked at", cases("spoken_seen", Spoken)),
        _table("cleaning by rules, the held-out set", cases("spoken_held_out", Spoken)),
        Table(
            "check on a model's cleaning: faithful rewordings",
            (
                Figure(
                    "wrongly refused",
                    share(len(refused), len(rewordings)),
                    size=len(rewordings),
                    target=REFUSAL_TARGET,
                    more_is_better=False,
                ),
            ),
            tuple(f"refused for its {', '.join(changed)}: {case.clean}" for case, changed in refused),
        ),
    ]


def _table(title: str, spoken: Sequence[Spoken]) -> Table:
    found = judged(spoken)
    return Table(
        f"{title}: words of fillers and repetitions",
        (
            Figure("recall", share(found.right, found.wanted), size=found.wanted, target=RECALL_TARGET),
            Figure("precision", share(found.right, found.taken), size=found.taken, target=PRECISION_TARGET),
        ),
        found.lines,
    )


def judged(spoken: Sequence[Spoken]) -> Found:
    """Clean every text by the rules, and compare the words that went with those that should."""
    wanted_count = taken_count = right = 0
    lines: list[str] = []
    for case in spoken:
        clean = str(sanitize_by_rules({"text": case.said})["text"])
        wanted, taken = _words(case.said) - _words(case.clean), _words(case.said) - _words(clean)
        wanted_count, taken_count = wanted_count + wanted.total(), taken_count + taken.total()
        right += (wanted & taken).total()
        if left := wanted - taken:
            lines.append(f"left {' '.join(left.elements())}: {clean}")
        if lost := taken - wanted:
            lines.append(f"lost {' '.join(lost.elements())}: {clean}")
    return Found(wanted_count, taken_count, right, tuple(lines))


def refusal(case: Rewording) -> list[str]:
    """Return what the check says was changed by a rewording that changes nothing."""
    return what_changed(case.said, case.clean, history=case.history)


def _words(text: str) -> Counter[str]:
    return Counter(word.strip(".,!?;:").casefold() for word in text.split())
