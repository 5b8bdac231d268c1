"""What a benchmark found, held against its limit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measurement. ``limit`` is an upper bound, or a lower one where more is better; None where there is none."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.more_is_better else self.value <= self.limit

    def line(self) -> str:
        """Return the figure as one line of the report."""
        decimals = 3 if self.value < 1 else 2 if self.value < 100 else 0
        value = f"{self.value:,.{decimals}f}"
        held = ""
        if self.limit is not None:
            bound = "at least" if self.more_is_better else "at most"
            held = f"{bound} {self.limit:g} {self.unit}: {'yes' if self.holds else 'NO'}"
        return f"  {self.name:<58} {value:>9} {self.unit:<12} {held:<30} {self.note}".rstrip()


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
