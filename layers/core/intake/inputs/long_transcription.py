"""Stages StartTranscription, CheckTranscription and FinishTranscription: speech too long to be waited for.

A machine waits for a callback with a task token. The token stays in the row of the job; whoever brings the result, a
callback or a look of our own, keeps it on the input, has the job charged once, and tells the machine.
"""

from __future__ import annotations

from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.errors import (
    ConflictError,
    IntakeError,
    NotFoundError,
    ProviderError,
    ProviderRefusedError,
    UnsupportedInputError,
)
from intake.gateway.jobs import Job
from intake.gateway.outcome import Outcome
from intake.inputs.commands import ProviderCommand
from intake.inputs.failure import rejections_recorded
from intake.inputs.languages import primary
from intake.inputs.model import Input, Stage
from intake.inputs.ports import ObjectReader
from intake.inputs.repository import InputRepository
from intake.inputs.results import PreparedAudio
from intake.inputs.transcription import transcription_of
from intake.providers.jobs import Recording
from intake.providers.ports import Reply, Transcript
from intake.waiting import WaitingTasks

LONG_SECONDS = 60.0
"""A recording longer than this is not waited for where its provider calls back."""


class StartCommand(ProviderCommand):
    """One turn of the provider loop, with the token of the task that waits for its end."""

    task_token: str = Field(min_length=1, repr=False)


class _EndedJob(BaseModel):
    TranscriptionJobName: str


class JobEndedCommand(BaseModel):
    """The event "Transcribe Job State Change", as EventBridge brings it; only the name of the job matters."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    detail: _EndedJob


class JobBook(Protocol):
    """The gateway's way to jobs; see `intake.gateway.jobs.Jobs`."""

    def start(self, provider: str, recording: Recording, *, tenant: str, subject: str, note: str) -> None:
        """Start a job, or take over the one that runs."""
        ...

    def get(self, tenant: str, subject: str, provider: str) -> Job | None:
        """Return a job, or None."""
        ...

    def find(self, reference: str) -> Job | None:
        """Return the job of a reference, or None."""
        ...

    def collect(self, job: Job) -> Reply[Transcript] | ProviderError | None:
        """Return the result of a job or what it failed with, or None while there is neither."""
        ...

    def outcome(self, job: Job, reply: Reply[Transcript]) -> Outcome[Transcript]:
        """Return an answer with its cost."""
        ...

    def succeed(self, job: Job, reply: Reply[Transcript]) -> None:
        """End a job that was answered."""
        ...

    def fail(self, job: Job, error: IntakeError) -> None:
        """End a job that failed."""
        ...


def is_long_recording(audio: PreparedAudio) -> bool:
    """Say whether a recording is too long for a provider to be waited for."""
    return audio.measures.duration_seconds > LONG_SECONDS


def start_transcription(
    command: StartCommand, *, jobs: JobBook, inputs: InputRepository, objects: ObjectReader, clock: Clock
) -> dict[str, Any]:
    """Have one provider begin to write down the recording of an input, or wait on for the one that has begun.

    Raises
    ------
    ConflictError
        It is written down already, or was never spoken: the input machine goes on from there.
    ProviderError
        The provider did not begin.
    """
    record = inputs.get(command.tenant, command.input_id)
    if record.transcribe is not None:
        raise ConflictError("The recording is written down already.")
    if record.prepare_audio is None:
        raise ConflictError("The input has no recording that is ready to be written down.")
    with rejections_recorded(inputs, command.tenant, command.input_id, clock):
        jobs.start(
            command.provider,
            _recording(record, record.prepare_audio, command.provider, objects),
            tenant=command.tenant,
            subject=command.input_id,
            note=command.model_dump_json(),
        )
    return {"outcome": "started", "provider": command.provider}


def check_transcription(
    command: ProviderCommand, *, jobs: JobBook, inputs: InputRepository, clock: Clock
) -> dict[str, Any]:
    """Look after a job whose callback has not come.

    Returns
    -------
    dict
        ``{"outcome"}``: ``transcribed`` or ``running``.

    Raises
    ------
    ProviderError
        The job has failed, or has taken longer than it may: the next provider is to be asked.
    UnsupportedInputError
        What was heard cannot be worked on.
    """
    if inputs.get(command.tenant, command.input_id).transcribe is not None:
        return {"outcome": "transcribed"}
    job = jobs.get(command.tenant, command.input_id, command.provider)
    if job is None:
        raise ProviderRefusedError(f"{command.provider} was never asked.")
    result = jobs.collect(job)
    if result is None:
        return {"outcome": "running"}
    if isinstance(result, ProviderError):
        jobs.fail(job, result)
        raise result
    _kept(job, result, jobs=jobs, inputs=inputs, clock=clock)
    return {"outcome": "transcribed"}


def finish_transcription(
    job: Job,
    result: Reply[Transcript] | ProviderError,
    *,
    jobs: JobBook,
    inputs: InputRepository,
    tasks: WaitingTasks,
    clock: Clock,
) -> bool:
    """Take in what a job has come to, and wake the machine that waits for it.

    What comes a second time changes nothing, and neither does what comes after the input was erased.

    Returns
    -------
    bool
        False where the job had ended before.

    Raises
    ------
    TransientError
        The result could not be kept. The job goes on as if it had not come: it is to be brought again.
    """
    if job.ended:
        return False
    token = StartCommand.model_validate_json(job.note).task_token
    if isinstance(result, ProviderError):
        jobs.fail(job, result)
        tasks.fail(token, result)
        return True
    try:
        _kept(job, result, jobs=jobs, inputs=inputs, clock=clock)
    except (UnsupportedInputError, NotFoundError) as error:
        tasks.fail(token, error)
    else:
        tasks.succeed(token, {"outcome": "transcribed"})
    return True


def take_ended_job(
    command: JobEndedCommand, *, jobs: JobBook, inputs: InputRepository, tasks: WaitingTasks, clock: Clock
) -> dict[str, Any]:
    """Fetch what a job has come to that its service says has ended; the event itself is only a hint to look.

    Returns
    -------
    dict
        ``{"outcome"}``: ``taken``, or ``nothing_to_do`` for what is not ours, came before, or has not ended.
    """
    job = jobs.find(command.detail.TranscriptionJobName)
    result = jobs.collect(job) if job is not None and not job.ended else None
    if job is None or result is None:
        return {"outcome": "nothing_to_do"}
    finish_transcription(job, result, jobs=jobs, inputs=inputs, tasks=tasks, clock=clock)
    return {"outcome": "taken"}


def _kept(job: Job, reply: Reply[Transcript], *, jobs: JobBook, inputs: InputRepository, clock: Clock) -> None:
    """Keep a transcript on its input, and end its job, also where it is turned down: the provider has done its work.

    A table that does not answer ends nothing: the transcript is paid for, and whoever brings it again must be heard.
    """
    command = StartCommand.model_validate_json(job.note)
    outcome = jobs.outcome(job, reply)
    try:
        with rejections_recorded(inputs, command.tenant, command.input_id, clock):
            made = transcription_of(command, outcome, duration_ms=round(outcome.duration_ms, 1))
        inputs.keep(command.tenant, command.input_id, Stage.TRANSCRIBE, made)
    except (UnsupportedInputError, NotFoundError):
        jobs.succeed(job, reply)
        raise
    jobs.succeed(job, reply)


def _recording(record: Input, audio: PreparedAudio, provider: str, objects: ObjectReader) -> Recording:
    return Recording(
        bucket=audio.bucket,
        key=audio.key,
        media_type=audio.media_type,
        size=audio.size,
        # Tenant and input in the key: what an erasure looks for.
        output_key=f"transcripts/{record.tenant}/{record.id}/{provider}.json",
        read=lambda: objects.get(audio.bucket, audio.key),
        language=primary(record.source_language) if record.source_language else None,
        duration_seconds=audio.measures.duration_seconds,
    )
