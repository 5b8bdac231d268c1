"""Where inputs are kept: the port that storage implements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from intake.inputs.model import Input, InputError, Stage, Status
from intake.inputs.results import StageResult
from intake.money import Charge
from intake.progress import Entry

ResultT = TypeVar("ResultT", bound=StageResult)


@dataclass(frozen=True)
class InputSummary:
    """One line of a list: no text."""

    id: str
    status: Status
    created_at: datetime
    language: str
    """As far as it is known: declared, which may be ``auto``, or found."""
    target_language: str
    spoken: bool


@dataclass(frozen=True)
class InputPage:
    """Some inputs, newest first; ``cursor`` gets the next page, and is None at the end."""

    items: tuple[InputSummary, ...]
    cursor: str | None


class InputRepository(Protocol):
    """Inputs by tenant and id. No method reaches another tenant's."""

    def create(self, record: Input) -> None:
        """Store a new input.

        Raises
        ------
        ConflictError
            The tenant has an input with this id already; it is left as it is.
        """
        ...

    def get(self, tenant: str, input_id: str) -> Input:
        """Return an input as last written, never an older state of it.

        Raises
        ------
        NotFoundError
            The tenant has no such input, or it has expired.
        ErasedError
            It was erased; so for every other method that names an input.
        """
        ...

    def claim(self, tenant: str, input_id: str, line: str) -> None:
        """Note the key of a cache line that may hold words of an input, before the line is read or written.

        What the input names is erased with it. An erased input takes no line, so that nothing is asked for it any more.

        Raises
        ------
        NotFoundError
            The tenant has no such input.
        ErasedError
            It was erased.
        """
        ...

    def note_charge(self, tenant: str, input_id: str, charge: Charge) -> None:
        """Add what a failed call cost to an input; the same charge is added once, and an erased input takes none."""
        ...

    def keep(
        self, tenant: str, input_id: str, stage: Stage, result: ResultT, *, lines: Collection[str] = ()
    ) -> ResultT:
        """Add a stage's result to its input, and return the result that stands: the first one that was kept.

        A stage that runs twice, even at the same time, therefore goes on with one result.
        The input becomes ``processing``, or ``completed`` by the result of `Stage.RECORD`. A failed one stays so until
        it is completed: a stage may outlive the run that was cut off. A result that is kept adds its entry to the
        input's progress, in the same write.

        Parameters
        ----------
        lines
            Keys of cache lines to claim in the same write.

        Raises
        ------
        NotFoundError
            The tenant has no such input.
        ErasedError
            It was erased; nothing is kept.
        """
        ...

    def fail(self, tenant: str, input_id: str, error: InputError) -> None:
        """Mark an input as failed; one that is completed stays so. The first failure adds an entry to the progress.

        Raises
        ------
        NotFoundError
            The tenant has no such input.
        """
        ...

    def note(self, tenant: str, input_id: str, entry: Entry) -> None:
        """Add an entry to the progress of an input, and change nothing else.

        Raises
        ------
        NotFoundError
            The tenant has no such input.
        """
        ...

    def list(self, tenant: str, *, limit: int, cursor: str | None = None) -> InputPage:
        """Return a page of the tenant's inputs, newest first; a new one may be missing for a moment.

        Raises
        ------
        UnsupportedInputError
            The cursor is not one that this tenant was given.
        """
        ...

    def put_vault(self, tenant: str, input_id: str, secrets: dict[str, str], expires_at: datetime) -> None:
        """Keep what placeholders of an input stand for, apart from the input itself."""
        ...

    def get_vault(self, tenant: str, input_id: str) -> dict[str, str]:
        """Return what placeholders of an input stand for; nothing, where nothing was masked."""
        ...
