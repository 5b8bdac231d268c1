"""The ends of a document: complete, or failed with a reason."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from intake import errors
from intake.clock import Clock
from intake.documents.announcement import announce
from intake.documents.model import Document, DocumentError, Stage, StageRecord, Status
from intake.documents.progress import StageClock, StageCommand, move
from intake.documents.repository import DocumentRepository
from intake.documents.validation import ValidateCommand
from intake.events import EventPublisher

_UNEXPECTED = "Something went wrong in Intake. Upload it again."
_TIMEOUT = "A step took longer than it may. Upload it again."
_STATES_TIMEOUT = "States.Timeout"


class ProviderFailure(BaseModel):
    """One provider that was tried in vain: the class name of its last error, and what Step Functions caught."""

    model_config = ConfigDict(frozen=True)

    provider: str
    error: str
    cause: str = ""


class RecordFailureCommand(ValidateCommand):
    """Names the document as `ValidateCommand` does, for its very first stage may be the one that failed.

    ``error`` and ``cause`` are what Step Functions caught: a class name, and Lambda's JSON of the exception.
    """

    error: str
    cause: str = ""
    failures: tuple[ProviderFailure, ...] = ()
    stage: Stage | None = None


def finish(
    command: StageCommand, *, documents: DocumentRepository, events: EventPublisher, clock: Clock
) -> dict[str, Any]:
    """Mark an indexed document as complete, and tell it; a run again tells it again."""
    timer = StageClock(clock)
    document = documents.get(command.tenant, command.document_id)
    if not document.has_reached(Status.COMPLETE):
        record = StageRecord(stage=Status.COMPLETE, at=timer.now(), attempts=command.attempt)
        document = move(documents, document, record)
    announce(document, events)
    return {**_result(document), "chunks": document.chunks, "cost_microusd": document.cost_microusd}


def record_failure(
    command: RecordFailureCommand, *, documents: DocumentRepository, events: EventPublisher, clock: Clock
) -> dict[str, Any]:
    """Record where and why a document failed; one that has come to an end stays as it is. Tell the end that stands.

    Only the words of our own errors are recorded: the message of any other exception may quote the document.
    """
    timer = StageClock(clock)
    document = command.document(documents, clock)
    stage = document.next_stage
    if stage is None:
        announce(document, events)
        return _result(document)
    if command.stage is Stage.FINISH and stage is Stage.INDEX:
        stage = Stage.FINISH
    error = DocumentError(stage=stage, code=_code(command.error), message=_message(command))
    kind = errors.own_error(command.error)
    is_callers = kind is not None and issubclass(kind, errors.UnsupportedInputError)
    status = Status.REJECTED if is_callers and stage in _REJECTING else Status(f"failed_{stage}")
    record = StageRecord(stage=status, at=timer.now(), note=command.error)
    document = move(documents, document, record, error=error)
    announce(document, events)
    return _result(document)


_REJECTING = frozenset({Stage.VALIDATE, Stage.PARSE, Stage.VALIDATE_PARSE})
"""Where an error of the caller's means that the file is at fault."""


def _result(document: Document) -> dict[str, Any]:
    return {"tenant": document.tenant, "document_id": document.id, "status": document.status.value}


def _code(name: str) -> str:
    if name == _STATES_TIMEOUT:
        return "timeout"
    return errors.error_slug(name).replace("-", "_") if errors.own_error(name) else "unexpected"


def _message(command: RecordFailureCommand) -> str:
    kind = errors.own_error(command.error)
    if command.error == _STATES_TIMEOUT:
        message = _TIMEOUT
    elif kind is not None:
        message = errors.reported_detail(command.error, command.cause) or f"{kind.title}."
    else:
        message = _UNEXPECTED
    tried = "; ".join(errors.tried_in_vain(failure.provider, _words(failure)) for failure in command.failures)
    return f"{message} Tried: {tried}." if tried else message


def _words(failure: ProviderFailure) -> str:
    return errors.reported_detail(failure.error, failure.cause).rstrip(".") or failure.error
