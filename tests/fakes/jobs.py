"""Jobs, services that take them, and tasks that wait for them, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from intake.errors import IntakeError, ProviderError
from intake.gateway.jobs import Job
from intake.money import Usage
from intake.providers.jobs import JobTicket, Recording
from intake.providers.ports import ProviderKind, Reply, Transcript


@dataclass
class MemoryJobs:
    """`JobStore` in a dictionary."""

    rows: dict[tuple[str, str, str], Job] = field(default_factory=dict)

    def open(self, job: Job) -> bool:
        key = (job.tenant, job.subject, job.provider)
        if key in self.rows:
            return False
        self.rows[key] = job
        return True

    def get(self, tenant: str, subject: str, provider: str) -> Job | None:
        return self.rows.get((tenant, subject, provider))

    def find(self, reference: str) -> Job | None:
        return next((job for job in self.rows.values() if job.reference == reference), None)

    def note(self, job: Job, note: str) -> None:
        self._change(job, note=note)

    def name(self, job: Job, service_id: str) -> None:
        self._change(job, service_id=service_id)

    def end(self, job: Job, error: str | None) -> bool:
        kept = self.get(job.tenant, job.subject, job.provider)
        if kept is None or kept.ended:
            return False
        self._change(job, ended=True, error=error)
        return True

    def drop(self, job: Job) -> None:
        self.rows.pop((job.tenant, job.subject, job.provider), None)

    def _change(self, job: Job, **changes: object) -> None:
        key = (job.tenant, job.subject, job.provider)
        if key in self.rows:
            self.rows[key] = self.rows[key].model_copy(update=changes)


@dataclass
class ScriptedService:
    """`TranscriptionService` that starts what it is given, and comes to what a test says."""

    name: str = "elevenlabs"
    model: str = "scribe_v2"
    kind: ProviderKind = ProviderKind.REMOTE
    takes_jobs_only: bool = False
    lacks: str | None = None
    refuses: IntakeError | None = None
    result: Reply[Transcript] | ProviderError | None = None
    started: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)

    def lacks_for_jobs(self) -> str | None:
        return self.lacks

    def largest_job_usage(self, recording: Recording) -> Usage:
        return Usage(audio_milliseconds=round(recording.duration_seconds * 1000))

    def start(self, recording: Recording, reference: str) -> str | None:
        if self.refuses is not None:
            raise self.refuses
        assert recording.read()
        self.started.append(reference)
        return f"id-{len(self.started)}"

    def collect(self, ticket: JobTicket) -> Reply[Transcript] | ProviderError | None:
        if self.refuses is not None:
            raise self.refuses
        return self.result

    def discard(self, ticket: JobTicket) -> None:
        self.discarded.append(ticket.reference)


@dataclass
class MemoryTasks:
    """`WaitingTasks` that keeps what tasks were told, in order."""

    told: list[tuple[str, object]] = field(default_factory=list)

    def succeed(self, token: str, result: Mapping[str, JsonValue]) -> None:
        self.told.append((token, dict(result)))

    def fail(self, token: str, error: IntakeError) -> None:
        self.told.append((token, type(error).__name__))
