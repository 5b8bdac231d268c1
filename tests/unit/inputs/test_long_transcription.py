"""Stages StartTranscription, CheckTranscription and FinishTranscription."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from intake.errors import ConflictError, ProviderTimeoutError, TransientError, UnsupportedInputError
from intake.gateway.jobs import Job
from intake.inputs.long_transcription import (
    JobEndedCommand,
    StartCommand,
    check_transcription,
    finish_transcription,
    start_transcription,
    take_ended_job,
)
from intake.inputs.model import InputError, Status
from intake.inputs.planning import PlanCommand, plan
from intake.money import Usage
from intake.providers.ports import Capability, Reply, Transcript
from tests.fakes.jobs import MemoryTasks
from tests.fakes.providers import GatewayBench
from tests.unit.inputs.conftest import GOOD, INPUT_ID, TENANT, Desk, Listener, provider_command

SAMPLE = json.loads((Path(__file__).parents[3] / "events" / "FinishTranscriptionFunction.json").read_text())


def heard(text: str = " Mi coche no arranca. ") -> Reply[Transcript]:
    transcript = Transcript(text=text, language="es", confidence=0.9, duration_seconds=180.0)
    return Reply(value=transcript, usage=Usage(audio_milliseconds=180_000))


def unanswered(*_given: object, **_named: object) -> None:
    raise TransientError("The table of inputs answered nothing.")


class LongDesk(Desk):
    """A desk with a long recording on it, and somebody who takes it as a job."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks = MemoryTasks()
        self.add_recording()
        self.prepared(measures=GOOD.model_copy(update={"duration_seconds": 180.0}))

    def start(self, waiting: str = "token-1", **command: Any) -> None:
        given = {"tenant": TENANT, "input_id": INPUT_ID, "provider": "elevenlabs", "task_token": waiting}
        start_transcription(
            StartCommand.model_validate(given | command),
            jobs=self.jobs,
            inputs=self.inputs,
            objects=self.files,
            clock=self.clock,
        )

    @property
    def job(self) -> Job:
        (job,) = self.store.rows.values()
        return job

    def finish(self, result: Any) -> bool:
        return finish_transcription(
            self.job, result, jobs=self.jobs, inputs=self.inputs, tasks=self.tasks, clock=self.clock
        )

    def check(self) -> dict[str, Any]:
        command = provider_command("elevenlabs")
        return check_transcription(command, jobs=self.jobs, inputs=self.inputs, clock=self.clock)

    @property
    def spent(self) -> int:
        return self.bench.budget.balance(TENANT, "elevenlabs").spent_microusd


@pytest.fixture
def long() -> LongDesk:
    return LongDesk()


def test_a_callback_becomes_the_text_of_the_input_and_wakes_the_machine(long: LongDesk) -> None:
    failed = [{"provider": "flash", "error": "TransientError"}]
    long.start(attempt=1, failures=failed)
    long.clock.advance(seconds=40)

    assert long.finish(heard())

    result = long.record.transcribe
    assert result is not None
    assert (result.text, result.provider, result.model) == ("Mi coche no arranca.", "elevenlabs", "scribe_v2")
    assert (result.attempts, result.fallback_reason) == (2, "flash: TransientError")
    assert result.cost_microusd == long.spent == 11_000
    assert result.duration_ms == result.provider_ms == 40_000
    assert long.tasks.told == [("token-1", {"outcome": "transcribed"})]


def test_a_transcript_that_could_not_be_kept_is_taken_when_it_comes_again(
    long: LongDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    long.start()
    with monkeypatch.context() as table:
        table.setattr(long.inputs, "keep", unanswered)
        with pytest.raises(TransientError):
            long.finish(heard())
    assert (long.tasks.told, long.service.discarded, long.spent) == ([], [], 0)

    assert long.finish(heard())

    assert long.record.text == "Mi coche no arranca."
    assert long.tasks.told == [("token-1", {"outcome": "transcribed"})]
    assert long.spent == 11_000


def test_a_transcript_that_a_look_could_not_keep_is_found_by_the_next(
    long: LongDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    long.start()
    long.service.result = heard()
    with monkeypatch.context() as table:
        table.setattr(long.inputs, "keep", unanswered)
        with pytest.raises(TransientError):
            long.check()
    assert long.service.discarded == [], "what the service has written is not removed before it is kept"

    assert long.check() == {"outcome": "transcribed"}


def test_a_callback_that_comes_again_changes_nothing(long: LongDesk) -> None:
    long.start()
    long.finish(heard())
    before = long.record

    assert not long.finish(heard("Something else."))

    assert long.record == before
    assert len(long.tasks.told) == 1
    assert long.spent == 11_000


def test_a_machine_that_tries_again_is_the_one_that_is_woken(long: LongDesk) -> None:
    long.start("token-1")
    long.start("token-2")
    long.finish(heard())

    assert len(long.service.started) == 1
    assert long.tasks.told == [("token-2", {"outcome": "transcribed"})]


def test_a_failed_job_fails_the_task_by_its_name(long: LongDesk) -> None:
    long.start()

    long.finish(TransientError("no transcript"))

    assert long.tasks.told == [("token-1", "TransientError")]
    assert (long.record.transcribe, long.spent) == (None, 0)


@pytest.mark.parametrize("text", ["", " ... ", "a" * 30_001])
def test_silence_and_endless_speech_are_paid_for_and_turned_down(long: LongDesk, text: str) -> None:
    long.start()

    long.finish(heard(text))

    assert long.tasks.told == [("token-1", "UnsupportedInputError")]
    assert long.record.failure is not None
    assert long.record.failure.errors[0].field == "audio"
    assert long.spent == 11_000


def test_a_late_callback_does_not_open_a_failed_input(long: LongDesk) -> None:
    long.start()
    long.inputs.fail(TENANT, INPUT_ID, InputError(error="IntakeError", detail="cut off", failed_at=long.clock.now()))

    long.finish(heard())

    assert long.record.status is Status.FAILED
    assert long.spent == 11_000


def test_of_an_erased_input_nothing_is_kept(long: LongDesk) -> None:
    long.start()
    long.inputs.erased.add((TENANT, INPUT_ID))

    long.finish(heard())

    assert long.inputs.records[TENANT, INPUT_ID].transcribe is None
    assert long.spent == 11_000
    assert "coche" not in str(long.store.rows)


def test_what_is_written_down_already_is_not_started(long: LongDesk) -> None:
    long.heard("my car was stolen")

    with pytest.raises(ConflictError):
        long.start()
    assert long.service.started == []


def test_a_recording_that_is_not_ready_is_not_started() -> None:
    desk = LongDesk()
    desk.inputs.records.clear()
    desk.add_recording()

    with pytest.raises(ConflictError):
        desk.start()


def test_a_look_finds_what_nobody_told(long: LongDesk) -> None:
    long.start()
    assert long.check() == {"outcome": "running"}

    long.service.result = heard()

    assert long.check() == long.check() == {"outcome": "transcribed"}
    assert long.record.text == "Mi coche no arranca."
    assert long.spent == 11_000
    assert long.tasks.told == [], "the machine has looked by itself"


def test_a_look_says_when_a_job_has_failed_or_taken_too_long(long: LongDesk) -> None:
    long.start()
    long.clock.advance(minutes=10)
    with pytest.raises(ProviderTimeoutError):
        long.check()
    long.service.result = TransientError("no transcript")

    with pytest.raises(TransientError):
        long.check()


def test_a_look_at_silence_turns_it_down(long: LongDesk) -> None:
    long.start()
    long.service.result = heard("...")

    with pytest.raises(UnsupportedInputError):
        long.check()


def test_the_event_of_a_job_is_a_hint_to_look(long: LongDesk) -> None:
    long.start()

    def told(name: str) -> dict[str, Any]:
        command = JobEndedCommand.model_validate(SAMPLE | {"detail": {"TranscriptionJobName": name}})
        return take_ended_job(command, jobs=long.jobs, inputs=long.inputs, tasks=long.tasks, clock=long.clock)

    assert told("somebody-elses") == {"outcome": "nothing_to_do"}
    assert told(long.job.reference) == {"outcome": "nothing_to_do"}, "it is not done yet, whatever the event says"
    long.service.result = heard()
    assert told(long.job.reference) == {"outcome": "taken"}
    assert told(long.job.reference) == {"outcome": "nothing_to_do"}
    assert long.tasks.told == [("token-1", {"outcome": "transcribed"})]


@pytest.mark.parametrize(("seconds", "may_wait", "by_job"), [(61, True, True), (60, True, False), (61, False, False)])
def test_a_plan_says_who_is_not_waited_for(seconds: float, may_wait: bool, by_job: bool) -> None:
    desk = Desk()
    desk.add_recording()
    desk.prepared(measures=GOOD.model_copy(update={"duration_seconds": float(seconds)}))
    provider = Listener("elevenlabs", capability=Capability.TRANSCRIBE, model="scribe_v2")
    gateway = GatewayBench([provider], clock=desk.clock).gateway
    command = PlanCommand(tenant=TENANT, input_id=INPUT_ID, capability="transcribe", may_wait=may_wait)

    made = plan(
        command,
        gateway=gateway,
        jobs=desk.jobs,
        inputs=desk.inputs,
        memory=desk.memory,
        experiments=desk.experiments,
        clock=desk.clock,
    )

    assert made.as_state()["by_job"] == (["elevenlabs"] if by_job else [])


def test_the_token_is_in_no_log(long: LongDesk) -> None:
    long.start("secret-token")

    assert "secret-token" not in repr(long.job)
