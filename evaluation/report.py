"""What an evaluation found, beside what is aimed at. A missed target is told; it is no failure of the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement over ``size`` cases. ``target`` is None where none is set."""

    name: str
    value: float
    unit: str = "%"
    size: int = 0
    target: float | None = None
    more_is_better: bool = True
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met, or None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.more_is_better else self.value <= self.target

    def cells(self) -> tuple[str, ...]:
        """Return the figure as a row of the report's table."""
        unit = "" if not self.unit else f" {self.unit}" if self.unit[0].isalpha() else self.unit
        bound = "≥" if self.more_is_better else "≤"
        target = "" if self.target is None else f"{bound} {self.target:g}{unit}"
        digits = 3 if not self.unit else 1
        size = str(self.size) if self.size else ""
        met = {None: "", True: "met", False: "MISSED"}[self.is_met]
        return self.name, f"{self.value:.{digits}f}{unit}", target, met, size, self.note


@dataclass(frozen=True)
class Table:
    """Figures of one thing measured, such as one provider; ``skipped`` says why there are none."""

    title: str
    figures: tuple[Figure, ...] = ()
    lines: tuple[str, ...] = ()
    """Cases worth reading: what was missed."""
    skipped: str | None = None

    def text(self) -> str:
        """Return the table as it is printed."""
        if self.skipped:
            return f"{self.title}\n  not measured: {self.skipped}"
        head = ("", "measured", "target", "", "cases", "")
        rows = [head, *(figure.cells() for figure in self.figures)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
        body = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
        return "\n".join([self.title, *(f"  {row}" for row in body), *(f"    {line}" for line in self.lines)])


def share(part: float, whole: float) -> float:
    """Return a share in percent; of nothing it is 0."""
    return 100 * part / whole if whole else 0.0


def summary(tables: Sequence[Table]) -> str:
    """Say how many targets were met."""
    judged = [figure.is_met for table in tables for figure in table.figures if figure.is_met is not None]
    skipped = sum(1 for table in tables if table.skipped)
    return f"{sum(judged)} of {len(judged)} targets met; {skipped} measurements skipped. Missed targets fail no run."
