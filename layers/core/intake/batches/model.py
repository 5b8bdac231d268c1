"""A batch: a file of JSON lines, each of which becomes an input; what became of each line is kept line by line."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from intake.errors import FieldError
from intake.inputs.results import Record

MAX_LINES = 10_000
MAX_BYTES = 64 * 1024 * 1024
"""Of a file that is uploaded."""
MAX_BODY_BYTES = 4 * 1024 * 1024
"""Of a file sent as the body of a request: AWS hands 6 MB to a function, in base64."""
MAX_LINE_BYTES = 256 * 1024
"""Of one line, as of the body of one input."""


class Status(StrEnum):
    """Where a batch is."""

    AWAITING_UPLOAD = "awaiting_upload"
    RECEIVED = "received"
    PROCESSING = "processing"
    CANCELLING = "cancelling"
    """No line is begun any more; those that are worked on are finished."""
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it."""
        return self in _FINAL

    @property
    def is_waiting(self) -> bool:
        """Whether no run has taken it up yet."""
        return self in (Status.AWAITING_UPLOAD, Status.RECEIVED)


_FINAL = frozenset({Status.COMPLETED, Status.COMPLETED_WITH_ERRORS, Status.FAILED, Status.CANCELLED})


class BatchError(Record):
    """Why a whole batch failed: ``error`` is a class name of `intake.errors`."""

    error: str
    detail: str
    errors: tuple[FieldError, ...] = ()


class Batch(Record):
    """One batch of one tenant. Numbers of lines are known once its file was read, the ends of lines once it ended."""

    tenant: str
    id: str
    status: Status
    created_at: datetime
    expires_at: datetime
    filename: str | None = None
    size: int | None = None
    """Bytes, as declared or received."""
    run: str | None = None
    """The execution that works on it: an upload that is told twice is worked on once."""
    lines: int | None = None
    """Lines that are not blank."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    completed: int | None = None
    failed: int | None = None
    error: BatchError | None = None
    version: int = 0


class Outcome(StrEnum):
    """What became of a line."""

    COMPLETED = "completed"
    FAILED = "failed"


class LineEnd(Record):
    """The end of one line. Errors name fields and remedies, and never quote what somebody said."""

    line: int
    """Number in the file, from 1, blank lines counted."""
    outcome: Outcome
    input_id: str | None = None
    """None where the line never became an input."""
    reference: str | None = None
    errors: tuple[FieldError, ...] = ()


class Tally(Record):
    """How many lines have ended, and how many of them badly."""

    ended: int
    failed: int
