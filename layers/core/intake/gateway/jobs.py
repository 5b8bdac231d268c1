"""Jobs of providers: calls whose answer comes later. Money is reserved when one starts, and settled once, at its end.

The row of a job lives from its start until some days after its end, so that an answer that comes twice, or late, finds
that it has come before. A job that never answers is charged nothing: its reservation ends with its lease.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.errors import (
    ConfigurationError,
    IntakeError,
    ProviderError,
    ProviderTimeoutError,
    TransientError,
    own_error,
)
from intake.gateway.breaker import CircuitBreaker, NotSentError
from intake.gateway.budget import Budget, Reservation
from intake.gateway.outcome import Outcome
from intake.gateway.prices import PriceList
from intake.ids import new_reference
from intake.money import Usage
from intake.observability import logger
from intake.providers.jobs import JobTicket, Recording, TranscriptionService
from intake.providers.ports import Capability, Reply, Transcript

MEASURE_SECONDS = 600.0
"""A recording up to this long gets the patience of the settings once, a longer one so many times as it is longer."""
LONGEST_SECONDS = 3600.0
"""What is longer than this gets no more time: two providers in turn must fit into a run."""
LEASE_BEYOND_PATIENCE = timedelta(minutes=10)
KEPT = timedelta(days=7)
"""How long a row outlives its job's start: longer than any service goes on calling back."""


class Job(BaseModel):
    """One job of one provider for one input.

    ``note`` is the owner's: what it needs to go on when the answer comes. It never leaves our side.
    """

    model_config = ConfigDict(frozen=True)

    reference: str
    tenant: str
    subject: str
    provider: str
    model: str
    reservation: Reservation | None = None
    """Money set aside; None before there is any."""
    started_at: datetime
    give_up_at: datetime
    expires_at: datetime
    bucket: str
    output_key: str
    language: str | None = None
    note: str = Field(repr=False)
    service_id: str | None = None
    ended: bool = False
    error: str | None = None
    """Class name of what the job failed with."""

    @property
    def ticket(self) -> JobTicket:
        return JobTicket(self.reference, self.service_id, self.bucket, self.output_key, self.language)


class JobStore(Protocol):
    """Rows of jobs, one for a tenant, subject and provider; a reference finds its row."""

    def open(self, job: Job) -> bool:
        """Keep a new row, and say whether there was none before."""
        ...

    def get(self, tenant: str, subject: str, provider: str) -> Job | None:
        """Return the row as last written, or None."""
        ...

    def find(self, reference: str) -> Job | None:
        """Return the row of a reference, or None."""
        ...

    def note(self, job: Job, note: str) -> None:
        """Replace the owner's note."""
        ...

    def name(self, job: Job, service_id: str) -> None:
        """Keep the service's own name of the job."""
        ...

    def end(self, job: Job, error: str | None) -> bool:
        """Mark the job as ended, and say whether this was the first time."""
        ...

    def drop(self, job: Job) -> None:
        """Forget a job that was never started."""
        ...


class Jobs:
    """Starts jobs, and ends each once: the gateway's order of things for what cannot be waited for.

    Parameters
    ----------
    patience_seconds
        How long a job for a short recording may take in all.
    """

    def __init__(
        self,
        services: Iterable[TranscriptionService],
        *,
        store: JobStore,
        breaker: CircuitBreaker,
        budget: Budget,
        prices: PriceList,
        clock: Clock,
        patience_seconds: float,
    ) -> None:
        self._services = {service.name: service for service in services}
        self._store = store
        self._breaker = breaker
        self._budget = budget
        self._prices = prices
        self._clock = clock
        self._patience_seconds = patience_seconds

    def takes(self, provider: str, *, is_long: bool) -> bool:
        """Say whether a recording goes to a provider as a job: because it is long, or because there is no other way."""
        service = self._services.get(provider)
        if service is None or service.lacks_for_jobs() is not None:
            return False
        return is_long or service.takes_jobs_only

    def start(self, provider: str, recording: Recording, *, tenant: str, subject: str, note: str) -> None:
        """Start a job, or take over the one that runs already for this subject: ``note`` is then its new note.

        Raises
        ------
        ProviderError
            By its subclass; nothing was started, or the job that was has failed with it.
        """
        known = self._store.get(tenant, subject, provider)
        if known is None:
            known = self._started(provider, recording, tenant, subject, note)
        if known is None:
            return
        if known.error is not None:
            raise _failure(known.error, provider)
        self._store.note(known, note)

    def get(self, tenant: str, subject: str, provider: str) -> Job | None:
        """Return the job of a provider for a subject, or None."""
        return self._store.get(tenant, subject, provider)

    def find(self, reference: str) -> Job | None:
        """Return the job of a reference, or None where there is none, or none any more."""
        return self._store.find(reference)

    def collect(self, job: Job) -> Reply[Transcript] | ProviderError | None:
        """Ask the provider for the result of a job: an answer, what it failed with, or None while there is neither.

        Raises
        ------
        ProviderError
            The provider will not say.
        """
        try:
            result = self._service(job.provider).collect(job.ticket)
        except TransientError:
            result = None  # It says nothing of the job, and it is asked again.
        if result is None and self._clock.now() >= job.give_up_at:
            return ProviderTimeoutError(f"{job.provider} has not written the recording down in the time it has.")
        return result

    def outcome(self, job: Job, reply: Reply[Transcript]) -> Outcome[Transcript]:
        """Return the answer of a job with what it cost and how long it took."""
        return Outcome(
            value=reply.value,
            provider=job.provider,
            model=job.model,
            cost_microusd=self._cost(job, reply.usage),
            duration_ms=(self._clock.now() - job.started_at).total_seconds() * 1000,
        )

    def succeed(self, job: Job, reply: Reply[Transcript]) -> None:
        """End a job that was answered: charge it and learn from it, the first time; clean up behind it."""
        if self._store.end(job, None):
            self._settle(job, self._cost(job, reply.usage))
            self._breaker.record_success(Capability.TRANSCRIBE, job.provider)
        self._service(job.provider).discard(job.ticket)

    def fail(self, job: Job, error: IntakeError) -> None:
        """End a job that failed, the first time; what was given up on may still be charged when its answer comes."""
        if isinstance(error, ProviderTimeoutError):
            self._breaker.record_failure(Capability.TRANSCRIBE, job.provider, error)
            return
        if self._store.end(job, type(error).__name__):
            billed = error.billed if isinstance(error, ProviderError) else None
            self._settle(job, self._cost(job, billed) if billed else 0)
            self._breaker.record_failure(Capability.TRANSCRIBE, job.provider, error)
        self._service(job.provider).discard(job.ticket)

    def _started(self, provider: str, recording: Recording, tenant: str, subject: str, note: str) -> Job | None:
        """Start a job and return None, or return the one that another run has started at this very moment."""
        service = self._service(provider)
        job = self._prepared(service, recording, tenant, subject, note)
        try:
            return self._sent(service, recording, job)
        except NotSentError as unsent:
            raise unsent.reason from unsent

    def _sent(self, service: TranscriptionService, recording: Recording, job: Job) -> Job | None:
        with self._breaker.guard(Capability.TRANSCRIBE, job.provider, rests_on_success=True):
            amount = self._cost(job, service.largest_job_usage(recording))
            lease = job.give_up_at - job.started_at + LEASE_BEYOND_PATIENCE
            try:
                reservation = self._budget.reserve(job.tenant, job.provider, amount, lease=lease)
                job = job.model_copy(update={"reservation": reservation})
                if not self._store.open(job):
                    self._budget.settle(reservation, 0)
                    return self._store.get(job.tenant, job.subject, job.provider)
            except TransientError as error:
                raise NotSentError(error) from error
            try:
                service_id = service.start(recording, job.reference)
            except ProviderTimeoutError:
                # It may have been started all the same: asking again would pay for it twice, so it is waited for.
                self._breaker.record_failure(Capability.TRANSCRIBE, job.provider, ProviderTimeoutError(""))
                return None
            except IntakeError:
                # The next attempt is to find nothing, and this one to cost nothing.
                self._store.drop(job)
                self._budget.settle(reservation, 0)
                raise
        if service_id is not None:
            self._store.name(job, service_id)
        return None

    def _prepared(
        self, service: TranscriptionService, recording: Recording, tenant: str, subject: str, note: str
    ) -> Job:
        now = self._clock.now()
        return Job(
            reference=new_reference("job"),
            tenant=tenant,
            subject=subject,
            provider=service.name,
            model=service.model,
            started_at=now,
            give_up_at=now + self._patience(recording),
            expires_at=now + KEPT,
            bucket=recording.bucket,
            output_key=recording.output_key,
            language=recording.language,
            note=note,
        )

    def _patience(self, recording: Recording) -> timedelta:
        length = min(recording.duration_seconds, LONGEST_SECONDS)
        return timedelta(seconds=self._patience_seconds * max(1.0, length / MEASURE_SECONDS))

    def _cost(self, job: Job, usage: Usage) -> int:
        """Return the cost of a job; all that was reserved, where the service did not tell what it bills."""
        if usage == Usage() and job.reservation is not None:
            return job.reservation.amount_microusd
        return self._prices.find(job.provider, job.model, job.started_at.date()).cost_microusd(usage)

    def _settle(self, job: Job, cost_microusd: int) -> None:
        if job.reservation is None:
            return
        try:
            self._budget.settle(job.reservation, cost_microusd)
        except Exception as error:  # noqa: BLE001 - the answer is there: it must not be lost for its bookkeeping
            logger.error("budget not settled; its reservation stands until its lease ends", error=type(error).__name__)

    def _service(self, provider: str) -> TranscriptionService:
        service = self._services.get(provider)
        if service is None:
            raise ConfigurationError(f"{provider} takes no jobs here.")
        return service


def _failure(error: str, provider: str) -> IntakeError:
    kind = own_error(error)
    words = f"{provider} has failed to write this recording down."
    return kind(words) if kind is not None and issubclass(kind, ProviderError) else ProviderError(words)
