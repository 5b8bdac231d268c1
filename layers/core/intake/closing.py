"""Runs that ended before they could record why: cut off by a time limit, by hand, or by a fault of their machine.

Step Functions tells of the end of every Standard run. What the run worked on must not look for ever as if it were
still worked on.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.batches.ending import Closing, FinishCommand
from intake.batches.ending import RecordFailureCommand as RecordBatchFailureCommand
from intake.clock import Clock
from intake.documents import finish as document_ends
from intake.documents.repository import DocumentRepository
from intake.errors import NotFoundError, UnsupportedInputError
from intake.events import EventPublisher
from intake.inputs import recording as input_ends
from intake.inputs.model import Status
from intake.inputs.registration import RegisterUploadCommand, identify_upload
from intake.inputs.repository import InputRepository

_ERRORS = {"TIMED_OUT": "States.Timeout", "ABORTED": "States.Aborted"}
_UNKNOWN = "States.Runtime"


class _Detail(BaseModel):
    machine: str = Field(alias="stateMachineArn")
    status: str
    input: str
    error: str | None = None


class CloseRunCommand(BaseModel):
    """The event "Step Functions Execution Status Change", as EventBridge brings it; only its detail matters."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    detail: _Detail

    @property
    def error(self) -> str:
        """The name that a state would have caught."""
        return _ERRORS.get(self.detail.status) or self.detail.error or _UNKNOWN

    @property
    def target(self) -> dict[str, Any]:
        """What the run was to work on: ids, or the detail of the event of S3 that started it."""
        started_with: dict[str, Any] = json.loads(self.detail.input)
        target: dict[str, Any] = started_with.get("detail", started_with)
        return target


def close_run(
    command: CloseRunCommand,
    *,
    input_machines: Collection[str],
    batch_machine: str,
    batches: Closing,
    inputs: InputRepository,
    documents: DocumentRepository,
    events: EventPublisher,
    clock: Clock,
) -> dict[str, Any]:
    """Record that a run failed, and tell it, unless what it worked on has come to its end.

    Parameters
    ----------
    input_machines, batch_machine
        ARNs of the Standard machines that work on inputs, and of the one of batches; any other is the one of documents.

    Returns
    -------
    dict
        ``{"outcome"}``: ``closed``, or ``nothing_to_do``.
    """
    if command.detail.machine in input_machines:
        is_closed = _close_input(command, inputs, events, clock)
    elif command.detail.machine == batch_machine:
        is_closed = _close_batch(command, batches)
    else:
        is_closed = _close_document(command, documents, events, clock)
    return {"outcome": "closed" if is_closed else "nothing_to_do"}


def _close_input(command: CloseRunCommand, inputs: InputRepository, events: EventPublisher, clock: Clock) -> bool:
    target = command.target
    try:
        if "bucket" in target:
            tenant, input_id = identify_upload(RegisterUploadCommand.model_validate(target))
        else:
            tenant, input_id = target["tenant"], target["input_id"]
        found = inputs.get(tenant, input_id)
    except (NotFoundError, UnsupportedInputError):
        return False  # The upload never became an input, or the input has expired.
    if found.status in (Status.COMPLETED, Status.FAILED):
        return False
    failure = input_ends.RecordFailureCommand(tenant=tenant, input_id=input_id, error=command.error)
    input_ends.record_failure(failure, inputs=inputs, events=events, clock=clock)
    return True


def _close_batch(command: CloseRunCommand, batches: Closing) -> bool:
    failure = RecordBatchFailureCommand(key=command.target["object"]["key"], error=command.error)
    if batches.has_ended(FinishCommand(key=failure.key)):
        return False
    batches.record_failure(failure)
    return True


def _close_document(
    command: CloseRunCommand, documents: DocumentRepository, events: EventPublisher, clock: Clock
) -> bool:
    failure = document_ends.RecordFailureCommand.model_validate({**command.target, "error": command.error})
    try:
        found = failure.document(documents, clock)
    except (NotFoundError, UnsupportedInputError):
        return False  # The upload belongs to nobody.
    if found.status.is_final:
        return False
    document_ends.record_failure(failure, documents=documents, events=events, clock=clock)
    return True
