"""Masking of personal data: how much of it is found, and how much else is taken for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.cases import Personal, cases
from evaluation.report import Figure, Table, share
from intake.inputs.masking import mask

RECALL_TARGET = 95.0
PRECISION_TARGET = 95.0


@dataclass(frozen=True)
class Found:
    """Counts over a set: data that is there, data that was masked, and what was masked whole and as its kind."""

    there: int
    masked: int
    right: int
    lines: tuple[str, ...]


def measure() -> list[Table]:
    """Measure precision and recall of masking, on two sets; what either missed at first was mended."""
    return [
        _table("masking, the first set", cases("personal", Personal)),
        _table("masking, the second set", cases("personal_second", Personal)),
    ]


def _table(title: str, texts: Sequence[Personal]) -> Table:
    found = judged(texts)
    harmless = sum(1 for case in texts if not case.personal)
    return Table(
        f"{title} ({harmless} of {len(texts)} texts without personal data)",
        (
            Figure("recall", share(found.right, found.there), size=found.there, target=RECALL_TARGET),
            Figure("precision", share(found.right, found.masked), size=found.masked, target=PRECISION_TARGET),
        ),
        found.lines,
    )


def judged(texts: Sequence[Personal]) -> Found:
    """Mask every text, and compare what was taken with what should be."""
    there = masked = right = 0
    lines: list[str] = []
    for case in texts:
        wanted = {(str(kind), value) for kind, value in case.personal}
        secrets = mask([case.text]).secrets
        taken = {(placeholder.strip("[]").rpartition("_")[0], value) for placeholder, value in secrets.items()}
        there, masked, right = there + len(wanted), masked + len(taken), right + len(wanted & taken)
        lines += [f"not masked as {kind}: {case.text}" for kind, _value in sorted(wanted - taken)]
        lines += [f"wrongly masked as {kind} ({value}): {case.text}" for kind, value in sorted(taken - wanted)]
    return Found(there, masked, right, tuple(lines))
