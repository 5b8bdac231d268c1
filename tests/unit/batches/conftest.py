"""A batch on its way, over stores in memory."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intake.batches.creation import receive
from intake.batches.ending import Closing, FinishCommand
from intake.batches.files import source_key
from intake.batches.lines import LineCommand, RecordLineCommand, record_line, register_line
from intake.batches.model import Batch, LineEnd
from intake.batches.preparation import PrepareCommand, prepare
from intake.inputs.model import Completion, InputError, Stage
from tests.fakes.batches import MemoryBatches
from tests.fakes.clock import FakeClock
from tests.fakes.events import MemoryEvents
from tests.fakes.feedback import MemoryOfTranslations
from tests.fakes.inputs import MemoryInputs
from tests.fakes.objects import MemoryObjects

TENANT, BUCKET, RUN = "acme", "audio", "run-1"


class Counter:
    """Takes batches in and works on them, state by state."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.batches = MemoryBatches(self.clock)
        self.inputs = MemoryInputs(self.clock)
        self.memory = MemoryOfTranslations(self.clock)
        self.events = MemoryEvents()
        self.files = MemoryObjects()
        self.closing = Closing(
            bucket=BUCKET,
            batches=self.batches,
            files=self.files,
            inputs=self.inputs,
            events=self.events,
            clock=self.clock,
        )

    def receive(self, content: bytes) -> Batch:
        return receive(content, tenant=TENANT, bucket=BUCKET, batches=self.batches, files=self.files, clock=self.clock)

    def key(self, batch: Batch) -> str:
        return source_key(TENANT, batch.id)

    def prepare(self, batch: Batch, run: str = RUN) -> dict[str, Any]:
        command = PrepareCommand(key=self.key(batch), run=run)
        return prepare(command, bucket=BUCKET, batches=self.batches, files=self.files, clock=self.clock)

    def prepared(self, *lines: Any) -> Batch:
        """Take in a batch of lines, bytes as they are and anything else as JSON, and prepare it."""
        rows = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
        batch = self.receive(b"\n".join(rows))
        self.prepare(batch)
        return self.batches.get(TENANT, batch.id)

    def rounds(self, batch: Batch) -> list[list[LineCommand]]:
        """Return the commands that the map makes of each round."""
        keys = sorted(key for bucket, key in self.files.contents if f"{batch.id}/round-" in key)
        rounds = [self.files.contents[BUCKET, key].splitlines() for key in keys]
        return [[LineCommand.model_validate_json(row) for row in rows] for rows in rounds]

    def register(self, batch: Batch, line: int) -> dict[str, Any]:
        commands = [command for members in self.rounds(batch) for command in members]
        command = next(command for command in commands if command.line == line)
        return register_line(
            command,
            bucket=BUCKET,
            batches=self.batches,
            files=self.files,
            inputs=self.inputs,
            memory=self.memory,
            clock=self.clock,
        )

    def record(self, batch: Batch, line: int, input_id: str, run_error: str = "") -> dict[str, Any]:
        command = RecordLineCommand(tenant=TENANT, batch_id=batch.id, line=line, input_id=input_id, run_error=run_error)
        return record_line(command, batches=self.batches, inputs=self.inputs, events=self.events, clock=self.clock)

    def work_on(self, batch: Batch, line: int) -> None:
        """Do with one line what the map does, its input machine included."""
        state = self.register(batch, line)
        if state["outcome"] == "registered":
            self.complete(state["input_id"])
            self.record(batch, line, state["input_id"])

    def complete(self, input_id: str) -> None:
        done = Completion(
            completed_at=self.clock.now(), cache="miss", degraded=False, notice=None, cost_microusd=0, timings_ms={}
        )
        self.inputs.keep(TENANT, input_id, Stage.RECORD, done)

    def fail(self, input_id: str, error: InputError) -> None:
        self.inputs.fail(TENANT, input_id, error)

    def finish(self, batch: Batch) -> Batch:
        self.closing.finish(FinishCommand(key=self.key(batch)))
        return self.batches.get(TENANT, batch.id)

    def ends(self, batch: Batch) -> list[LineEnd]:
        return list(self.batches.ends(batch, limit=100))

    def named(self, batch: Batch) -> dict[int, list[str]]:
        """Return the fields at fault by line."""
        return {end.line: [fault.field for fault in end.errors] for end in self.ends(batch) if end.errors}


@pytest.fixture
def counter() -> Counter:
    return Counter()
