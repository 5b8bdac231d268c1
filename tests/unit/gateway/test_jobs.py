"""Jobs through the gateway: reserved when they start, settled once when they end, and learned from."""

from __future__ import annotations

import pytest

from intake.errors import (
    BudgetExceededError,
    CircuitOpenError,
    ProviderRefusedError,
    ProviderTimeoutError,
    QuotaExhaustedError,
    TransientError,
)
from intake.gateway.announcement import Announcer
from intake.gateway.breaker import CircuitBreaker
from intake.gateway.budget import Budget, Limits
from intake.gateway.circuit import BreakerPolicy, CircuitState
from intake.gateway.jobs import Job, Jobs
from intake.gateway.prices import PriceList
from intake.money import Usage
from intake.providers.jobs import Recording
from intake.providers.ports import Capability, Reply, Transcript
from tests.fakes.clock import FakeClock
from tests.fakes.events import MemoryEvents
from tests.fakes.gateway_stores import InMemoryCircuitStore, InMemoryLedger
from tests.fakes.jobs import MemoryJobs, ScriptedService

HOUR = 220_000
"""Micro-dollars for an hour of Scribe."""


def heard(seconds: float | None = 3_000.0) -> Reply[Transcript]:
    transcript = Transcript(text="Mi coche no arranca.", language="es", confidence=0.9, duration_seconds=seconds or 0)
    return Reply(value=transcript, usage=Usage(audio_milliseconds=round((seconds or 0) * 1000)))


class Desk:
    """Jobs over stores that a test can look into."""

    def __init__(self, dollars: int = 5) -> None:
        self.clock = FakeClock()
        self.service = ScriptedService()
        self.breaker = CircuitBreaker(InMemoryCircuitStore(), self.clock, Announcer(MemoryEvents))
        limits = Limits(microusd_per_day=dollars * 1_000_000, requests_per_hour=100)
        self.budget = Budget(InMemoryLedger(), self.clock, limits)
        self.store = MemoryJobs()
        self.jobs = Jobs(
            [self.service],
            store=self.store,
            breaker=self.breaker,
            budget=self.budget,
            prices=PriceList(),
            clock=self.clock,
            patience_seconds=600,
        )

    def start(self, *, seconds: float = 3_600.0, note: str = "token", subject: str = "inp_1") -> None:
        recording = Recording(
            bucket="audio",
            key="a.wav",
            media_type="audio/wav",
            size=4,
            output_key="transcripts/acme/inp_1/elevenlabs.json",
            duration_seconds=seconds,
            read=lambda: b"RIFF",
        )
        self.jobs.start("elevenlabs", recording, tenant="acme", subject=subject, note=note)

    @property
    def job(self) -> Job:
        job = self.jobs.get("acme", "inp_1", "elevenlabs")
        assert job is not None
        return job

    @property
    def balance(self) -> tuple[int, int]:
        """What is spent, and what is reserved."""
        balance = self.budget.balance("acme", "elevenlabs")
        return balance.spent_microusd, balance.reserved_microusd

    @property
    def state(self) -> CircuitState:
        return self.breaker.state(Capability.TRANSCRIBE, "elevenlabs")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_money_is_reserved_from_the_start_to_the_end_and_then_the_cost_is_charged(desk: Desk) -> None:
    desk.start()
    assert desk.balance == (0, HOUR)

    desk.clock.advance(minutes=50)
    assert desk.balance == (0, HOUR), "the lease is as long as the job may take"
    desk.jobs.succeed(desk.job, heard(3_000.0))

    assert desk.balance == (HOUR * 3_000 // 3_600 + 1, 0)
    assert desk.service.discarded == desk.service.started


def test_an_end_that_comes_twice_is_charged_once_even_long_after(desk: Desk) -> None:
    desk.start()
    seen = desk.job
    desk.jobs.succeed(seen, heard(3_600.0))

    desk.jobs.succeed(seen, heard(3_600.0))
    desk.clock.advance(hours=10)
    desk.jobs.succeed(seen, heard(3_600.0))
    desk.jobs.fail(seen, TransientError("late"))

    assert desk.balance == (HOUR, 0)
    assert desk.state is CircuitState.CLOSED


def test_a_job_that_never_ends_is_charged_nothing_and_gives_its_reservation_back(desk: Desk) -> None:
    desk.start()
    desk.clock.advance(hours=2)

    assert desk.balance == (0, 0)
    assert isinstance(desk.jobs.collect(desk.job), ProviderTimeoutError)


def test_what_was_given_up_on_is_charged_when_it_comes_after_all(desk: Desk) -> None:
    desk.start()
    desk.clock.advance(hours=2)
    desk.jobs.fail(desk.job, ProviderTimeoutError("too long"))

    desk.jobs.succeed(desk.job, heard(3_600.0))

    assert desk.balance == (HOUR, 0)


def test_a_cost_that_is_not_told_is_all_that_was_reserved(desk: Desk) -> None:
    desk.start()

    outcome = desk.jobs.outcome(desk.job, heard(None))
    desk.jobs.succeed(desk.job, heard(None))

    assert outcome.cost_microusd == HOUR
    assert desk.balance == (HOUR, 0)


def test_a_second_start_takes_the_first_job_over(desk: Desk) -> None:
    desk.start(note="first")
    desk.start(note="second")

    assert len(desk.service.started) == 1
    assert desk.job.note == "second"
    assert desk.balance == (0, HOUR)


@pytest.mark.parametrize("refusal", [QuotaExhaustedError("none left"), ProviderRefusedError("no")])
def test_what_was_not_started_costs_nothing_and_may_be_started_again(desk: Desk, refusal: Exception) -> None:
    desk.service.refuses = refusal  # type: ignore[assignment]
    with pytest.raises(type(refusal)):
        desk.start()
    assert desk.balance == (0, 0)

    desk.service.refuses = None
    desk.start()

    assert len(desk.service.started) == 1


def test_a_start_without_an_answer_is_waited_for_and_not_paid_for_twice(desk: Desk) -> None:
    desk.service.refuses = ProviderTimeoutError("no answer")
    desk.start()
    desk.service.refuses = None
    desk.start(note="second")

    assert desk.service.started == []
    assert desk.balance == (0, HOUR)
    desk.jobs.succeed(desk.job, heard(3_600.0))
    assert desk.balance == (HOUR, 0)


def test_a_job_that_has_failed_is_not_started_again(desk: Desk) -> None:
    desk.start()
    desk.jobs.fail(desk.job, QuotaExhaustedError("none left"))

    with pytest.raises(QuotaExhaustedError):
        desk.start()
    assert len(desk.service.started) == 1
    assert desk.balance == (0, 0)


def test_over_budget_nothing_is_started() -> None:
    desk = Desk(dollars=1)
    with pytest.raises(BudgetExceededError):
        desk.start(seconds=5 * 3_600)

    assert desk.service.started == []
    assert desk.store.rows == {}


def test_five_jobs_that_fail_open_the_circuit_although_each_was_taken(desk: Desk) -> None:
    for number in range(BreakerPolicy().threshold):
        subject = f"inp_{number}"
        desk.start(subject=subject)
        job = desk.jobs.get("acme", subject, "elevenlabs")
        assert job is not None
        desk.jobs.fail(job, TransientError("no transcript"))

    assert desk.state is CircuitState.OPEN
    with pytest.raises(CircuitOpenError):
        desk.start(subject="inp_9")


def test_a_job_that_is_done_clears_the_failures_before_it(desk: Desk) -> None:
    for _ in range(BreakerPolicy().threshold - 1):
        desk.breaker.record_failure(Capability.TRANSCRIBE, "elevenlabs", TransientError("no"))
    desk.start()
    desk.jobs.succeed(desk.job, heard())

    desk.breaker.record_failure(Capability.TRANSCRIBE, "elevenlabs", TransientError("no"))

    assert desk.state is CircuitState.CLOSED


def test_a_service_that_cannot_be_asked_for_the_moment_says_nothing_of_its_job(desk: Desk) -> None:
    desk.start()
    desk.service.refuses = TransientError("HTTP 503")

    assert desk.jobs.collect(desk.job) is None


def test_a_longer_recording_is_given_more_time(desk: Desk) -> None:
    desk.start(seconds=60)
    desk.start(seconds=3_600, subject="inp_2")
    longer = desk.jobs.get("acme", "inp_2", "elevenlabs")
    assert longer is not None

    assert (desk.job.give_up_at - desk.clock.now()).total_seconds() == 600
    assert (longer.give_up_at - desk.clock.now()).total_seconds() == 3_600


def test_only_long_recordings_go_by_job_where_there_is_another_way(desk: Desk) -> None:
    assert desk.jobs.takes("elevenlabs", is_long=True)
    assert not desk.jobs.takes("elevenlabs", is_long=False)
    assert not desk.jobs.takes("openai", is_long=True)
    desk.service.takes_jobs_only = True
    assert desk.jobs.takes("elevenlabs", is_long=False)
    desk.service.lacks = "Set ELEVENLABS_WEBHOOK_SECRET."
    assert not desk.jobs.takes("elevenlabs", is_long=True)


def test_a_table_of_ours_that_does_not_answer_says_nothing_of_the_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk()

    def unanswered(_job: Job) -> bool:
        raise TransientError("The table of jobs answered ThrottlingException.")

    monkeypatch.setattr(desk.store, "open", unanswered)
    for _time in range(BreakerPolicy().threshold):
        with pytest.raises(TransientError, match="The table of jobs"):
            desk.start()

    assert desk.breaker.state(Capability.TRANSCRIBE, "elevenlabs") is CircuitState.CLOSED
    assert desk.service.started == []
