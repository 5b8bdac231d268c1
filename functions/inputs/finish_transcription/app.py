"""Take in what a job of Amazon Transcribe has come to: its event "Transcribe Job State Change"."""

from __future__ import annotations

from typing import Any

from intake.inputs.long_transcription import JobEndedCommand, take_ended_job
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(JobEndedCommand)
def handler(command: JobEndedCommand) -> dict[str, Any]:
    """Take it in; see `intake.inputs.long_transcription.take_ended_job`."""
    parts = services()
    return take_ended_job(command, jobs=parts.jobs, inputs=parts.inputs, tasks=parts.waiting_tasks, clock=parts.clock)
