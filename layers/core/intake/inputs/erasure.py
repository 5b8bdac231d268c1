"""Erasure: everything that was said in an input is removed, wherever it is kept, and a tombstone without words is left.

Two passes. The first one replaces the input by its tombstone, so that no stage can keep anything on it any more, and
removes the rest: vault and other items, cache lines, audio. A run that is still going may write once more where no
condition stands in its way, a cache line or an object, so a second pass removes again what the input named, after the
longest time that a run may take. Every step may be repeated: a pass that was cut off is simply done again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.errors import ErasedError, NotFoundError
from intake.ids import derived_id, new_id
from intake.inputs.erasures import TOMBSTONE_LIFE, Erasure, ErasureRepository, ErasureStatus, Removed, Tombstone
from intake.inputs.repository import InputRepository

PAGE = 20
"""Inputs that one step works on."""
OWN_FOLDERS = ("requests", "uploads", "prepared", "transcripts")
"""Folders of the audio bucket in which objects are called ``<folder>/<tenant>/<input id>`` and whatever follows."""


class LineEraser(Protocol):
    """Cache lines, by tenant and key."""

    def erase(self, tenant: str, key: str) -> bool:
        """Remove a line, and say whether there was one."""
        ...


class ObjectEraser(Protocol):
    """Objects of a bucket, with all that it keeps of their past."""

    def erase(self, bucket: str, key: str) -> int:
        """Remove every version of an object, and return their number."""
        ...

    def erase_all(self, bucket: str, prefix: str) -> int:
        """Remove every version of every object whose key begins with the prefix, and return their number."""
        ...


class RunStopper(Protocol):
    """Runs of machines, by name."""

    def stop(self, machine: str, name: str) -> None:
        """End a run of a Standard machine; that there is none, or none any more, is no error."""
        ...


class EraseUserRequest(BaseModel):
    """The body of ``POST /v1/erasures``: whose inputs are to be erased."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    user_id: str = Field(min_length=1, max_length=128, repr=False, examples=["member-7"])


class ErasePassCommand(BaseModel):
    """One step of one pass over an erasure's inputs."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    tenant: str = Field(min_length=2)
    erasure_id: str = Field(min_length=1)
    last: bool = False


class Eraser:
    """Removes what was said.

    Parameters
    ----------
    audio_bucket
        Where recordings are kept.
    input_machine
        ARN of the Standard machine, whose runs are called as the input that they work on.
    """

    def __init__(
        self,
        erasures: ErasureRepository,
        *,
        lines: LineEraser,
        objects: ObjectEraser,
        runs: RunStopper,
        clock: Clock,
        audio_bucket: str,
        input_machine: str,
    ) -> None:
        self._erasures = erasures
        self._lines = lines
        self._objects = objects
        self._runs = runs
        self._clock = clock
        self._audio_bucket = audio_bucket
        self._input_machine = input_machine

    def step(self, command: ErasePassCommand) -> dict[str, Any]:
        """Do one step of a pass.

        Returns
        -------
        dict
            ``{"remaining"}``: whether the pass needs another step.
        """
        erasure = self._erasures.get(command.tenant, command.erasure_id)
        if erasure.status is ErasureStatus.ERASED:
            return {"remaining": False}
        found = self._found(erasure, is_last=command.last)
        for input_id in found:
            self._remove_first(erasure, input_id)
        if not command.last:
            return {"remaining": erasure.user is not None and bool(found)}
        waiting = self._erasures.enlisted(erasure, limit=PAGE)
        for input_id in waiting:
            self._remove_last(erasure, input_id)
        if not found and not waiting:
            self._erasures.close(erasure, self._clock.now())
        return {"remaining": bool(found or waiting)}

    def _found(self, erasure: Erasure, *, is_last: bool) -> Sequence[str]:
        """Return inputs to begin with. In the last pass these are latecomers of the index, whose runs are over."""
        if erasure.user is not None:
            return self._erasures.inputs_of(erasure, limit=PAGE)
        return [] if is_last or erasure.input_id is None else [erasure.input_id]

    def _remove_first(self, erasure: Erasure, input_id: str) -> None:
        self._erasures.enlist(erasure, input_id)
        try:
            tombstone = self._erasures.bury(erasure, input_id)
        except NotFoundError:
            return  # It has expired meanwhile.
        self._runs.stop(self._input_machine, input_id)
        self._erasures.count(erasure, input_id, self._removed(tombstone))

    def _remove_last(self, erasure: Erasure, input_id: str) -> None:
        try:
            tombstone = self._erasures.bury(erasure, input_id)
            self._erasures.count(erasure, input_id, self._removed(tombstone))
        except NotFoundError:
            pass
        self._erasures.settle(erasure, input_id)

    def _removed(self, tombstone: Tombstone) -> Removed:
        tenant, input_id = tombstone.tenant, tombstone.input_id
        objects = sum(
            self._objects.erase_all(self._audio_bucket, f"{folder}/{tenant}/{input_id}") for folder in OWN_FOLDERS
        )
        objects += sum(self._objects.erase(file.bucket, file.key) for file in tombstone.files)
        return Removed(
            items=self._erasures.clear(tenant, input_id),
            cache_lines=sum(self._lines.erase(tenant, key) for key in tombstone.lines),
            objects=objects,
        )


def ask_for_input(
    tenant: str, input_id: str, *, by: str, inputs: InputRepository, erasures: ErasureRepository, clock: Clock
) -> Erasure:
    """Begin to erase an input: its words are gone from its record when this returns. Asked again, it is the same one.

    Raises
    ------
    NotFoundError
        The tenant has no such input.
    """
    try:
        inputs.get(tenant, input_id)
    except ErasedError:
        return erasures.get(tenant, erasures.tombstone(tenant, input_id).erasure_id)
    asked = _asked(tenant, derived_id("ers", tenant, input_id), by, clock).model_copy(update={"input_id": input_id})
    erasure = erasures.open(asked)
    erasures.enlist(erasure, input_id)
    erasures.bury(erasure, input_id)
    return erasures.get(tenant, erasure.id)


def ask_for_user(tenant: str, user_id: str, *, by: str, erasures: ErasureRepository, clock: Clock) -> Erasure:
    """Ask for the erasure of all inputs that a user has sent before now. That there is none is no error."""
    asked = _asked(tenant, new_id("ers", clock.now()), by, clock)
    return erasures.open(asked.model_copy(update={"user": erasures.user(tenant, user_id)}))


def run_name(erasure: Erasure, clock: Clock) -> str:
    """Return the name of a run: asked again within the hour, it is the same run; later, one that failed starts over."""
    return f"{erasure.id}-{clock.now():%Y%m%d%H}"


def _asked(tenant: str, erasure_id: str, by: str, clock: Clock) -> Erasure:
    now = clock.now()
    return Erasure(tenant=tenant, id=erasure_id, requested_at=now, requested_by=by, expires_at=now + TOMBSTONE_LIFE)
