"""States Finish and RecordFailure: the end of a batch, well or badly, with a name for every line that was not done."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from intake.batches.announcement import announce
from intake.batches.files import lines_key, lines_of, read_source_key, work_keys
from intake.batches.lines import end_of_input, reference_of
from intake.batches.model import Batch, BatchError, LineEnd, Outcome, Status
from intake.batches.ports import BatchFiles
from intake.batches.repository import BatchRepository
from intake.clock import Clock
from intake.errors import (
    ConflictError,
    FieldError,
    IntakeError,
    NotFoundError,
    UnsupportedInputError,
    own_error,
    reported_detail,
)
from intake.events import EventPublisher
from intake.inputs.repository import InputRepository

_ABORTED = "States.Aborted"
_PAGE = 1_000
_CANCELLED = "The line was not worked on: the batch was cancelled. Send it again in another batch."
_CUT_OFF = "The line was not worked on: the batch was cut off. Send it again in another batch."
_OUR_FAULT = "The batch was cut off before it was done. The lines that were not worked on are named; send them again."


class FinishCommand(BaseModel):
    """A batch by the key of its file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str


class RecordFailureCommand(FinishCommand):
    """A run that ended badly: the error's class name, and its cause as Lambda reports it."""

    error: str = "States.Unknown"
    cause: str = ""


class Closing:
    """Ends batches: what it needs for that, tied together."""

    def __init__(
        self,
        *,
        bucket: str,
        batches: BatchRepository,
        files: BatchFiles,
        inputs: InputRepository,
        events: EventPublisher,
        clock: Clock,
    ) -> None:
        self._bucket = bucket
        self._batches = batches
        self._files = files
        self._inputs = inputs
        self._events = events
        self._clock = clock

    def finish(self, command: FinishCommand) -> dict[str, Any]:
        """End a batch whose lines were all offered to be worked on."""
        batch = self._batches.get(*read_source_key(command.key))
        if not batch.status.is_final:
            batch = self._ended(batch, None)
        return self._told(batch)

    def record_failure(self, command: RecordFailureCommand) -> dict[str, Any]:
        """End a batch whose run failed, if it has not ended yet.

        Returns
        -------
        dict
            ``{"error"}``: the class name for the machine's ``Fail`` state.
        """
        try:
            batch = self._batches.get(*read_source_key(command.key))
        except (NotFoundError, UnsupportedInputError):
            return {"error": command.error}  # A file that belongs to no batch.
        if not batch.status.is_final:
            batch = self._ended(batch, _reason(command))
        self._told(batch)
        return {"error": command.error}

    def has_ended(self, command: FinishCommand) -> bool:
        """Say whether there is nothing to close."""
        try:
            return self._batches.get(*read_source_key(command.key)).status.is_final
        except (NotFoundError, UnsupportedInputError):
            return True

    def _ended(self, batch: Batch, error: BatchError | None) -> Batch:
        """Name the lines that nobody finished, count, and record the end. A second run of this goes on from there."""
        if batch.lines is not None:
            self._settle_unfinished(batch)
        tally = self._batches.tally(batch)
        completed = tally.ended - tally.failed
        ended = {"completed": completed, "failed": tally.failed, "ended_at": self._clock.now()}
        try:
            status = _last_status(batch, tally.failed, error)
            return self._batches.replace(batch.model_copy(update={**ended, "status": status, "error": error}))
        except ConflictError:
            # It was cancelled meanwhile, or another run of this stage has ended it.
            now = self._batches.get(batch.tenant, batch.id)
            if now.status.is_final:
                return now
            status = _last_status(now, tally.failed, error)
            return self._batches.replace(now.model_copy(update={**ended, "status": status, "error": error}))

    def _settle_unfinished(self, batch: Batch) -> None:
        ended = {end.line for end in self._all_ends(batch)}
        if len(ended) == batch.lines:
            return
        content = self._files.get(self._bucket, lines_key(batch.tenant, batch.id))
        words = _CANCELLED if batch.status is Status.CANCELLING else _CUT_OFF
        for line in lines_of(content):
            if line.number not in ended:
                self._batches.settle(batch, self._unfinished(batch, line.number, content[line.start : line.end], words))

    def _unfinished(self, batch: Batch, line: int, raw: bytes, words: str) -> LineEnd:
        try:
            return end_of_input(batch, line, _ABORTED, self._inputs, self._events, self._clock)
        except NotFoundError:
            fault = FieldError(field="line", message=words)
            return LineEnd(line=line, outcome=Outcome.FAILED, reference=reference_of(raw), errors=(fault,))

    def _all_ends(self, batch: Batch) -> list[LineEnd]:
        ends: list[LineEnd] = []
        while page := self._batches.ends(batch, after=ends[-1].line if ends else 0, limit=_PAGE):
            ends.extend(page)
        return ends

    def _told(self, batch: Batch) -> dict[str, Any]:
        """Tell the end that stands, and remove the file: what was said is on the inputs, where it can be erased."""
        announce(batch, self._events)
        for key in work_keys(batch.tenant, batch.id):
            self._files.erase(self._bucket, key)
        return {"status": batch.status.value, "completed": batch.completed, "failed": batch.failed}


def cancel(tenant: str, batch_id: str, *, batches: BatchRepository, events: EventPublisher, clock: Clock) -> Batch:
    """Take a batch back: at once where no run has begun, else as soon as the lines in work are done.

    Raises
    ------
    ConflictError
        It has ended already, or it changes right now.
    """
    batch = batches.get(tenant, batch_id)
    if batch.status is Status.CANCELLING:
        return batch
    if batch.status.is_final:
        raise ConflictError(f"The batch has ended already: it is {batch.status}. There is nothing to cancel.")
    if batch.status.is_waiting:
        ended = {"status": Status.CANCELLED, "ended_at": clock.now(), "completed": 0, "failed": 0}
        cancelled = batches.replace(batch.model_copy(update=ended))
        announce(cancelled, events)
        return cancelled
    return batches.replace(batch.model_copy(update={"status": Status.CANCELLING}))


def _last_status(batch: Batch, failed: int, error: BatchError | None) -> Status:
    if batch.status is Status.CANCELLING:
        return Status.CANCELLED
    if error is not None:
        return Status.FAILED
    return Status.COMPLETED_WITH_ERRORS if failed else Status.COMPLETED


def _reason(command: RecordFailureCommand) -> BatchError:
    """Say why a batch failed. The caller's errors here are faults of the file as a whole."""
    kind = own_error(command.error)
    detail = reported_detail(command.error, command.cause)
    if kind is not None and issubclass(kind, UnsupportedInputError) and detail:
        message = detail.removeprefix("file: ")
        return BatchError(error=command.error, detail=detail, errors=(FieldError(field="file", message=message),))
    return BatchError(error=IntakeError.__name__, detail=_OUR_FAULT)
