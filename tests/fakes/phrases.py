"""Phrases and warm-ups in memory, under the same contract test as the gateway's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intake.clock import Clock
from intake.errors import ConflictError, NotFoundError
from intake.phrases.model import LONGEST_RUN, Phrase, PhraseResult, Schedule, WarmUp
from tests.fakes.clock import FakeClock


@dataclass
class MemoryPhrases:
    """`PhraseRepository` in dictionaries."""

    lists: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)

    def own(self, tenant: str) -> tuple[Phrase, ...]:
        return self.lists.get(tenant, ())

    def put_own(self, tenant: str, phrases: Sequence[Phrase]) -> None:
        self.lists[tenant] = tuple(phrases)

    def schedule(self, tenant: str) -> Schedule:
        return self.schedules.get(tenant, Schedule(tenant=tenant))

    def put_schedule(self, schedule: Schedule) -> None:
        self.schedules[schedule.tenant] = schedule

    def enabled_schedules(self) -> list[Schedule]:
        return [schedule for schedule in self.schedules.values() if schedule.enabled]


@dataclass
class MemoryWarmUps:
    """`WarmUpRepository` in dictionaries."""

    clock: Clock = field(default_factory=FakeClock)
    records: dict[tuple[str, str], WarmUp] = field(default_factory=dict)
    kept: dict[tuple[str, str], dict[str, PhraseResult]] = field(default_factory=dict)
    running: dict[str, str] = field(default_factory=dict)

    def begin(self, warm_up: WarmUp) -> None:
        key = (warm_up.tenant, warm_up.id)
        running = self.records.get((warm_up.tenant, self.running.get(warm_up.tenant, "")))
        blocked = running is not None and warm_up.created_at < running.created_at + LONGEST_RUN
        if key in self.records or blocked:
            raise ConflictError(f"The warm-up {self.running.get(warm_up.tenant, warm_up.id)} is running.")
        self.records[key] = warm_up
        self.running[warm_up.tenant] = warm_up.id

    def get(self, tenant: str, warm_up_id: str) -> WarmUp:
        found = self.records.get((tenant, warm_up_id))
        if found is None or found.expires_at <= self.clock.now():
            raise NotFoundError(f"There is no warm-up {warm_up_id}.")
        return found

    def plan(self, tenant: str, warm_up_id: str, phrase_ids: Sequence[str]) -> tuple[str, ...]:
        found = self.get(tenant, warm_up_id)
        if found.planned is None:
            found = self.records[tenant, warm_up_id] = found.model_copy(update={"planned": tuple(phrase_ids)})
        return found.planned or ()

    def keep(self, tenant: str, warm_up_id: str, result: PhraseResult, expires_at: datetime) -> PhraseResult:
        return self.kept.setdefault((tenant, warm_up_id), {}).setdefault(result.phrase_id, result)

    def result(self, tenant: str, warm_up_id: str, phrase_id: str) -> PhraseResult | None:
        return self.kept.get((tenant, warm_up_id), {}).get(phrase_id)

    def results(self, tenant: str, warm_up_id: str) -> list[PhraseResult]:
        return list(self.kept.get((tenant, warm_up_id), {}).values())

    def end(self, tenant: str, warm_up_id: str, at: datetime, failure: str | None = None) -> None:
        found = self.records.get((tenant, warm_up_id))
        if found is not None and found.ended_at is None:
            changes = {"ended_at": at, "failure": failure}
            self.records[tenant, warm_up_id] = found.model_copy(update=changes)
        if self.running.get(tenant) == warm_up_id:
            del self.running[tenant]
