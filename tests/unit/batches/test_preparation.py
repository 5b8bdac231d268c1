"""A file is taken up once, moved out of reach, and listed by numbers only."""

from __future__ import annotations

import pytest

from intake.batches.files import lines_key, source_key
from intake.batches.model import Status
from intake.errors import NotFoundError, TransientError, UnsupportedInputError
from tests.unit.batches.conftest import BUCKET, TENANT, Counter

CONTENT = b'{"text": "Hola."}\n\n{"text": "Buenas."}\n{"text": "Hola."}'


def test_lines_are_listed_by_number_and_place(counter: Counter) -> None:
    batch = counter.receive(CONTENT)

    state = counter.prepare(batch)

    first, second = counter.rounds(batch)
    assert [command.line for command in first] == [1, 3]
    assert [command.line for command in second] == [4]
    assert all((command.tenant, command.batch_id) == (TENANT, batch.id) for command in first)
    assert len(state["rounds"]) == 2
    assert "Hola" not in str([counter.files.contents[BUCKET, key] for key in state["rounds"]])
    prepared = counter.batches.get(TENANT, batch.id)
    assert (prepared.status, prepared.lines) == (Status.PROCESSING, 3)


def test_no_upload_can_replace_a_file_in_work(counter: Counter) -> None:
    batch = counter.receive(CONTENT)
    counter.prepare(batch)

    counter.files.put(BUCKET, source_key(TENANT, batch.id), b"other")

    assert counter.files.get(BUCKET, lines_key(TENANT, batch.id)) == CONTENT
    assert counter.prepare(batch, run="run-2") == {"outcome": "nothing_to_do", "rounds": []}


def test_a_stage_that_was_cut_off_goes_on_from_where_it_was(counter: Counter) -> None:
    batch = counter.receive(CONTENT)

    assert counter.prepare(batch) == counter.prepare(batch)


def test_a_file_at_fault_is_refused(counter: Counter) -> None:
    batch = counter.receive(CONTENT)
    counter.files.put(BUCKET, source_key(TENANT, batch.id), b"\n")

    with pytest.raises(UnsupportedInputError, match="empty"):
        counter.prepare(batch)


def test_what_was_uploaded_to_a_batch_that_has_ended_is_removed(counter: Counter) -> None:
    batch = counter.receive(CONTENT)
    counter.prepare(batch)
    counter.finish(batch)
    counter.files.put(BUCKET, source_key(TENANT, batch.id), CONTENT)

    assert counter.prepare(batch, run="run-2")["outcome"] == "nothing_to_do"

    assert counter.files.contents == {}


def test_a_file_of_no_batch_is_not_worked_on(counter: Counter) -> None:
    batch = counter.receive(CONTENT)
    del counter.batches.records[TENANT, batch.id]

    with pytest.raises(NotFoundError):
        counter.prepare(batch)


def test_a_batch_whose_file_could_not_be_kept_has_failed(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise TransientError("S3 answered SlowDown.")

    monkeypatch.setattr(counter.files, "put", refuse)

    with pytest.raises(TransientError):
        counter.receive(CONTENT)

    assert [batch.status for batch in counter.batches.records.values()] == [Status.FAILED]
