"""Feedback and translation memory in memory, under the same contract tests as the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intake.errors import ConflictError, NotFoundError
from intake.gateway.statistics import Row, Tally
from intake.inputs.feedback import Feedback
from intake.inputs.memory import Remembered
from intake.inputs.repository import InputRepository
from tests.fakes.clock import FakeClock
from tests.fakes.statistics import MemoryStatistics


@dataclass
class MemoryFeedback:
    """`FeedbackRepository` in a dictionary, beside the inputs and the counters that it moves."""

    inputs: InputRepository
    statistics: MemoryStatistics = field(default_factory=MemoryStatistics)
    items: dict[tuple[str, str], dict[str, Feedback]] = field(default_factory=dict)

    def list(self, tenant: str, input_id: str) -> Sequence[Feedback]:
        return [one for _id, one in sorted(self.items.get((tenant, input_id), {}).items())]

    def save(self, feedback: Feedback, counts: Mapping[Row, Mapping[str, Tally]], now: datetime) -> None:
        known = self.items.setdefault((feedback.tenant, feedback.input_id), {})
        before = known.get(feedback.id)
        try:
            self.inputs.get(feedback.tenant, feedback.input_id)
        except NotFoundError as error:
            raise ConflictError("The input was erased.") from error
        if (before.version if before else 0) != feedback.version - 1:
            raise ConflictError("The feedback was changed meanwhile.")
        known[feedback.id] = feedback
        for row, tallies in counts.items():
            self.statistics.add(row, tallies)


@dataclass
class MemoryOfTranslations:
    """`TranslationMemory` in a dictionary."""

    clock: FakeClock
    lines: dict[tuple[str, str], tuple[Remembered, datetime]] = field(default_factory=dict)
    editions: dict[str, int] = field(default_factory=dict)

    def recall(self, tenant: str, line: str) -> Remembered | None:
        found = self.lines.get((tenant, line))
        return found[0] if found and found[1] > self.clock.now() else None

    def keep(self, tenant: str, line: str, remembered: Remembered, expires_at: datetime) -> None:
        self.lines[tenant, line] = (remembered, expires_at)
        self.editions[tenant] = self.editions.get(tenant, 0) + 1

    def edition(self, tenant: str) -> int | None:
        return self.editions.get(tenant, 0)
