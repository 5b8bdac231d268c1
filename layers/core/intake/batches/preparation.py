"""State Prepare: a file that has arrived is taken up once, checked as a whole, and divided into rounds of lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from intake.batches.creation import MEDIA_TYPE
from intake.batches.files import (
    Line,
    checked_lines,
    lines_key,
    read_source_key,
    round_key,
    rounds_of,
    source_key,
    work_keys,
)
from intake.batches.model import Batch, Status
from intake.batches.ports import BatchFiles
from intake.batches.repository import BatchRepository
from intake.clock import Clock
from intake.errors import ConflictError, NotFoundError

NOTHING_TO_DO: dict[str, Any] = {"outcome": "nothing_to_do", "rounds": []}


class PrepareCommand(BaseModel):
    """The key of a file that has arrived, and the execution that was started by it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str
    run: str


def prepare(
    command: PrepareCommand, *, bucket: str, batches: BatchRepository, files: BatchFiles, clock: Clock
) -> dict[str, Any]:
    """Take a batch up, and write down which lines are to be worked on in which round.

    An arrival that is told twice is worked on by the run that came first. The file is moved to where no upload can
    replace it: lines are read from there by their places.

    Returns
    -------
    dict
        ``{"outcome", "rounds"}``: ``prepared`` with the keys of the rounds, or ``nothing_to_do``.

    Raises
    ------
    UnsupportedInputError
        The file as a whole is at fault, or the key belongs to no batch.
    """
    tenant, batch_id = read_source_key(command.key)
    batch = _taken_up(batches.get(tenant, batch_id), command.run, batches, clock)
    if batch is None:
        return NOTHING_TO_DO
    if batch.status.is_final:
        # Uploaded again, or after it was cancelled: nobody will come back to clear this away.
        for key in work_keys(tenant, batch_id):
            files.erase(bucket, key)
        return NOTHING_TO_DO
    content = _moved(batch, bucket, files)
    lines = checked_lines(content)
    rounds = rounds_of(content, lines)
    for number, members in enumerate(rounds):
        files.put(bucket, round_key(tenant, batch_id, number), _listed(batch, members), content_type=MEDIA_TYPE)
    if batch.lines is None:
        batches.replace(batch.model_copy(update={"lines": len(lines)}))
    return {"outcome": "prepared", "rounds": [round_key(tenant, batch_id, number) for number in range(len(rounds))]}


def _taken_up(batch: Batch, run: str, batches: BatchRepository, clock: Clock) -> Batch | None:
    """Return the batch as this run's own, or as ended; None where another run works on it."""
    if batch.status.is_waiting:
        taken = {"status": Status.PROCESSING, "run": run, "started_at": clock.now()}
        try:
            return batches.replace(batch.model_copy(update=taken))
        except ConflictError:
            batch = batches.get(batch.tenant, batch.id)
    return batch if batch.status.is_final or batch.run == run else None


def _moved(batch: Batch, bucket: str, files: BatchFiles) -> bytes:
    source, place = source_key(batch.tenant, batch.id), lines_key(batch.tenant, batch.id)
    try:
        # A run of this stage that was cut off has moved it already.
        content = files.get(bucket, place)
    except NotFoundError:
        content = files.get(bucket, source)
        files.put(bucket, place, content, content_type=MEDIA_TYPE)
    files.erase(bucket, source)
    return content


def _listed(batch: Batch, lines: Sequence[Line]) -> bytes:
    """List lines for the map: ids and places, for what it reads is kept in its history."""
    named = {"tenant": batch.tenant, "batch_id": batch.id}
    return b"".join(
        json.dumps(named | {"line": line.number, "start": line.start, "end": line.end}).encode() + b"\n"
        for line in lines
    )
