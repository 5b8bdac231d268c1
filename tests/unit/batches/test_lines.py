"""Lines become inputs once, or named errors; their ends are recorded once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intake.batches.model import Outcome
from intake.errors import FieldError
from intake.inputs.model import InputError, Status
from intake.inputs.presentation import as_public
from tests.unit.batches.conftest import TENANT, Counter

GOOD = {"text": "Quiero presentar un reclamo.", "source_language": "es", "reference": "claim-1"}


def test_a_good_line_becomes_an_input_that_names_its_batch(counter: Counter) -> None:
    batch = counter.prepared(GOOD)

    state = counter.register(batch, 1)

    record = counter.inputs.get(TENANT, state["input_id"])
    assert state == {"outcome": "registered", "input_id": record.id}
    assert (record.received_text, record.status) == (GOOD["text"], Status.RECEIVED)
    assert as_public(record)["batch_id"] == batch.id
    assert record.expires_at == batch.expires_at


def test_the_answer_to_a_line_is_kept_under_the_corrections_approved_so_far(counter: Counter) -> None:
    first, second = counter.prepared(GOOD), counter.prepared(GOOD)
    before = counter.inputs.get(TENANT, counter.register(first, 1)["input_id"])

    counter.memory.editions[TENANT] = 1

    after = counter.inputs.get(TENANT, counter.register(second, 1)["input_id"])
    assert (before.fingerprint is None, after.fingerprint is None) == (False, False)
    assert before.fingerprint != after.fingerprint


def test_a_line_that_is_begun_twice_is_one_input(counter: Counter) -> None:
    batch = counter.prepared(GOOD)

    assert counter.register(batch, 1) == counter.register(batch, 1)

    assert len(counter.inputs.records) == 1


def test_the_same_line_of_two_batches_is_two_inputs(counter: Counter) -> None:
    first, second = counter.prepared(GOOD), counter.prepared(GOOD)

    assert counter.register(first, 1)["input_id"] != counter.register(second, 1)["input_id"]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (b"{", "line"),
        (b"\xef\xbb\xbf{}", "line"),
        (["Hola"], "line"),
        ({}, "text"),
        ({"text": 12}, "text"),
        ({"text": " "}, "text"),
        ({"text": "a" * 5_001}, "text"),
        ({"text": "Hola.", "source_language": "xx"}, "source_language"),
        ({"text": "Hola.", "target_language": "fr"}, "target_language"),
        ({"text": "Hola.", "context": {"history": "x"}}, "context.history"),
        ({"text": "Hola.", "reference": "what Ana said"}, "reference"),
        ({"text": "Hola.", "reference": 7}, "reference"),
        ({"text": "Hola.", "txt": 1}, "txt"),
        ({"text": "Hola.", "Ana Díaz, 555-0100": 1}, "(unnamed)"),
        (json.dumps({"text": "a" * 300_000}).encode(), "line"),
        (b'{"text": "' + b"[" * 200_000, "line"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_bad_line_is_a_named_error_that_quotes_nobody(counter: Counter, line: Any, field: str) -> None:
    batch = counter.prepared(GOOD, line)

    state = counter.register(batch, 2)

    assert state["outcome"] == "settled"
    assert counter.named(batch) == {2: [field]}
    assert counter.inputs.records == {}
    assert "Ana" not in str(counter.ends(batch))


def test_of_a_line_full_of_faults_the_first_ones_are_named(counter: Counter) -> None:
    batch = counter.prepared({"text": "Hola."} | {f"field_{n}": n for n in range(5_000)})

    counter.register(batch, 1)

    assert len(counter.named(batch)[1]) == 20


def test_a_bad_line_keeps_its_reference(counter: Counter) -> None:
    batch = counter.prepared({"text": " ", "reference": "claim-7"})

    counter.register(batch, 1)

    assert [end.reference for end in counter.ends(batch)] == ["claim-7"]


def test_a_completed_input_is_a_result_and_counted_once(counter: Counter) -> None:
    batch = counter.prepared(GOOD)
    counter.work_on(batch, 1)

    counter.work_on(batch, 1)

    (end,) = counter.ends(batch)
    assert (end.outcome, end.reference, end.errors) == (Outcome.COMPLETED, "claim-1", ())
    assert counter.batches.tally(batch).ended == 1


def test_a_failed_input_is_an_error_with_the_fields_at_fault(counter: Counter) -> None:
    batch = counter.prepared(GOOD)
    input_id = counter.register(batch, 1)["input_id"]
    fault = FieldError(field="source_language", message="Name it.")
    now = counter.clock.now()
    counter.fail(input_id, InputError(error="UnsupportedInputError", detail="x", errors=(fault,), failed_at=now))

    counter.record(batch, 1, input_id)

    (end,) = counter.ends(batch)
    assert (end.outcome, end.input_id, end.errors) == (Outcome.FAILED, input_id, (fault,))


def test_an_input_whose_run_was_cut_off_is_ended_and_named(counter: Counter) -> None:
    batch = counter.prepared(GOOD)
    input_id = counter.register(batch, 1)["input_id"]

    counter.record(batch, 1, input_id, run_error="States.Timeout")

    assert counter.inputs.get(TENANT, input_id).status is Status.FAILED
    assert counter.named(batch) == {1: ["line"]}
    assert counter.events.types == ["input.failed"]


def test_no_line_is_begun_of_a_batch_that_is_cancelled_or_ended(counter: Counter) -> None:
    batch = counter.prepared(GOOD)
    rounds = counter.rounds(batch)
    counter.finish(batch)
    for command in rounds[0]:
        counter.files.put("audio", f"batch-work/{TENANT}/{batch.id}/round-0.jsonl", command.model_dump_json().encode())

    assert counter.register(batch, 1)["outcome"] == "left"

    assert counter.inputs.records == {}
