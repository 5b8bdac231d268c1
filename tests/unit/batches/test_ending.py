"""A batch ends once, every line of it accounted for, and nothing of its file is kept."""

from __future__ import annotations

import json

import pytest

from intake.batches.ending import FinishCommand, RecordFailureCommand, cancel
from intake.batches.model import Batch, Status
from intake.errors import ConflictError, NotFoundError, TransientError
from intake.events import BatchCompleted
from tests.unit.batches.conftest import TENANT, Counter

LINES = [{"text": f"Tengo un reclamo por {n} dólares.", "source_language": "es"} for n in (100, 200, 300)]


def told(counter: Counter) -> BatchCompleted:
    data = counter.events.published[-1].data
    assert isinstance(data, BatchCompleted)
    return data


def cancelled(counter: Counter, batch: Batch) -> Batch:
    return cancel(TENANT, batch.id, batches=counter.batches, events=counter.events, clock=counter.clock)


def test_a_batch_without_errors_is_completed_told_and_its_file_removed(counter: Counter) -> None:
    batch = counter.prepared(*LINES)
    for line in (1, 2, 3):
        counter.work_on(batch, line)

    ended = counter.finish(batch)

    assert (ended.status, ended.completed, ended.failed) == (Status.COMPLETED, 3, 0)
    assert (told(counter).status, told(counter).lines) == ("completed", 3)
    assert counter.files.contents == {}


def test_one_bad_line_makes_a_batch_completed_with_errors(counter: Counter) -> None:
    batch = counter.prepared(LINES[0], {"text": 1})
    counter.work_on(batch, 1)
    counter.work_on(batch, 2)

    ended = counter.finish(batch)

    assert (ended.status, ended.completed, ended.failed) == (Status.COMPLETED_WITH_ERRORS, 1, 1)


def test_a_line_whose_end_was_lost_is_found_by_its_input_or_named(counter: Counter) -> None:
    batch = counter.prepared(*LINES)
    done, begun = (counter.register(batch, line)["input_id"] for line in (1, 2))
    counter.complete(done)

    ended = counter.finish(batch)

    assert (ended.completed, ended.failed) == (1, 2)
    assert counter.named(batch) == {2: ["line"], 3: ["line"]}
    assert counter.inputs.get(TENANT, begun).status == "failed"


def test_an_end_stands_and_is_told_again_with_the_same_id(counter: Counter) -> None:
    batch = counter.prepared(LINES[0])
    counter.work_on(batch, 1)
    ended = counter.finish(batch)

    assert counter.finish(batch) == ended
    counter.closing.record_failure(RecordFailureCommand(key=counter.key(batch), error="States.Timeout"))

    assert counter.batches.get(TENANT, batch.id) == ended
    assert len({event.id for event in counter.events.published}) == 1


def test_an_end_whose_announcement_failed_is_told_when_the_stage_runs_again(counter: Counter) -> None:
    batch = counter.prepared(LINES[0])
    counter.work_on(batch, 1)
    counter.events.is_down = True
    with pytest.raises(TransientError):
        counter.finish(batch)
    counter.events.is_down = False

    counter.finish(batch)

    assert counter.events.types == ["batch.completed"]
    assert counter.files.contents == {}


def test_a_file_at_fault_fails_its_batch_with_the_reason(counter: Counter) -> None:
    batch = counter.receive(json.dumps(LINES[0]).encode())
    cause = json.dumps({"errorType": "UnsupportedInputError", "errorMessage": "file: The file is empty. Send lines."})
    failure = RecordFailureCommand(key=counter.key(batch), error="UnsupportedInputError", cause=cause)

    counter.closing.record_failure(failure)

    ended = counter.batches.get(TENANT, batch.id)
    assert ended.status is Status.FAILED
    assert ended.error is not None
    assert [error.model_dump() for error in ended.error.errors] == [
        {"field": "file", "message": "The file is empty. Send lines."}
    ]
    assert (told(counter).status, told(counter).lines) == ("failed", None)
    assert counter.files.contents == {}


def test_a_run_that_was_cut_off_names_every_line_that_was_left(counter: Counter) -> None:
    batch = counter.prepared(LINES[0], {**LINES[1], "reference": "claim-2"}, b"no json")
    counter.work_on(batch, 1)

    counter.closing.record_failure(RecordFailureCommand(key=counter.key(batch), error="States.Timeout"))

    ended = counter.batches.get(TENANT, batch.id)
    assert (ended.status, ended.completed, ended.failed) == (Status.FAILED, 1, 2)
    assert [(end.line, end.reference) for end in counter.ends(batch)] == [(1, None), (2, "claim-2"), (3, None)]


def test_a_foreign_error_is_not_repeated(counter: Counter) -> None:
    batch = counter.prepared(LINES[0])
    cause = json.dumps({"errorType": "KeyError", "errorMessage": "what Ana said"})

    counter.closing.record_failure(RecordFailureCommand(key=counter.key(batch), error="KeyError", cause=cause))

    assert "Ana" not in str(counter.batches.get(TENANT, batch.id))


def test_a_file_of_no_batch_fails_nobody(counter: Counter) -> None:
    answer = counter.closing.record_failure(RecordFailureCommand(key="batches/acme/bat_none.jsonl", error="X"))

    assert answer == {"error": "X"}
    assert counter.events.published == []


def test_a_batch_in_work_is_cancelled_when_its_lines_in_work_are_done(counter: Counter) -> None:
    batch = counter.prepared(*LINES)
    counter.work_on(batch, 1)

    assert cancelled(counter, batch).status is Status.CANCELLING
    assert counter.register(batch, 2)["outcome"] == "left"
    ended = counter.finish(batch)

    assert (ended.status, ended.completed, ended.failed) == (Status.CANCELLED, 1, 2)
    assert all("cancelled" in end.errors[0].message for end in counter.ends(batch) if end.errors)


def test_a_batch_that_waits_is_cancelled_at_once_and_its_upload_cleared_away(counter: Counter) -> None:
    batch = counter.receive(json.dumps(LINES[0]).encode())

    ended = cancelled(counter, batch)

    assert (ended.status, told(counter).status) == (Status.CANCELLED, "cancelled")
    assert counter.prepare(batch)["outcome"] == "nothing_to_do"
    assert counter.files.contents == {}


def test_what_has_ended_cannot_be_cancelled_and_what_is_cancelled_can(counter: Counter) -> None:
    batch = counter.prepared(LINES[0])
    assert cancelled(counter, batch) == cancelled(counter, batch)
    counter.finish(batch)

    with pytest.raises(ConflictError, match="ended already"):
        cancelled(counter, batch)
    with pytest.raises(NotFoundError):
        cancel("other", batch.id, batches=counter.batches, events=counter.events, clock=counter.clock)


def test_a_batch_that_is_cancelled_while_it_ends_is_cancelled(counter: Counter) -> None:
    batch = counter.prepared(LINES[0])
    counter.work_on(batch, 1)
    tally = counter.batches.tally

    def cancel_meanwhile(of: Batch) -> object:
        cancelled(counter, batch)
        counter.batches.tally = tally  # type: ignore[method-assign]
        return tally(of)

    counter.batches.tally = cancel_meanwhile  # type: ignore[method-assign, assignment]

    counter.closing.finish(FinishCommand(key=counter.key(batch)))

    assert counter.batches.get(TENANT, batch.id).status is Status.CANCELLED
