"""One contract for the table of batches and for its fake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from intake.batches.model import Batch, LineEnd, Outcome, Status, Tally
from intake.batches.repository import BatchRepository
from intake.errors import ConflictError, FieldError, NotFoundError, UnsupportedInputError
from tests.fakes.batches import MemoryBatches
from tests.fakes.clock import FakeClock
from tests.fakes.tables import dynamodb_table

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
BATCH = Batch(
    tenant="acme",
    id="bat_1",
    status=Status.RECEIVED,
    created_at=NOW,
    expires_at=NOW + timedelta(days=30),
    filename="claims.jsonl",
    size=1_000,
)
FAULT = FieldError(field="text", message="The text is empty.")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(params=["memory", "dynamodb"])
def batches(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> Iterator[BatchRepository]:
    if request.param == "memory":
        yield MemoryBatches(clock)
        return
    from intake.storage.batches import DynamoBatches

    with dynamodb_table(monkeypatch, "interactions") as table:
        yield DynamoBatches(table, clock)


def end(line: int, outcome: Outcome = Outcome.COMPLETED) -> LineEnd:
    errors = (FAULT,) if outcome is Outcome.FAILED else ()
    return LineEnd(line=line, outcome=outcome, input_id=f"inp_{line}", reference=f"claim-{line}", errors=errors)


def test_a_batch_comes_back_as_it_was_added_and_is_added_once(batches: BatchRepository) -> None:
    batches.add(BATCH)

    with pytest.raises(ConflictError):
        batches.add(BATCH.model_copy(update={"filename": "other.jsonl"}))

    assert batches.get("acme", "bat_1") == BATCH


def test_an_expired_batch_is_not_there(batches: BatchRepository, clock: FakeClock) -> None:
    batches.add(BATCH)

    clock.advance(days=31)

    with pytest.raises(NotFoundError):
        batches.get("acme", "bat_1")


def test_of_two_changes_of_the_same_version_one_stands(batches: BatchRepository) -> None:
    batches.add(BATCH)
    taken = batches.replace(BATCH.model_copy(update={"status": Status.PROCESSING, "run": "run-1"}))

    with pytest.raises(ConflictError):
        batches.replace(BATCH.model_copy(update={"status": Status.PROCESSING, "run": "run-2"}))

    assert batches.get("acme", "bat_1") == taken
    assert taken.run == "run-1"


def test_the_first_end_of_a_line_stands_and_is_counted_once(batches: BatchRepository) -> None:
    batches.add(BATCH)

    assert batches.settle(BATCH, end(7))
    assert not batches.settle(BATCH, end(7, Outcome.FAILED))

    assert batches.tally(BATCH) == Tally(ended=1, failed=0)
    assert batches.ends(BATCH, limit=10) == (end(7),)


def test_ends_come_in_the_order_of_the_file_whatever_order_they_came_in(batches: BatchRepository) -> None:
    batches.add(BATCH)
    for line in (10_000, 2, 100, 9, 10):
        batches.settle(BATCH, end(line, Outcome.FAILED if line in (9, 100) else Outcome.COMPLETED))

    assert [found.line for found in batches.ends(BATCH, limit=10)] == [2, 9, 10, 100, 10_000]
    assert [found.line for found in batches.ends(BATCH, after=9, limit=2)] == [10, 100]
    assert batches.ends(BATCH, limit=10, only=Outcome.FAILED) == (end(9, Outcome.FAILED), end(100, Outcome.FAILED))
    assert [found.line for found in batches.ends(BATCH, after=2, limit=1, only=Outcome.COMPLETED)] == [10]
    assert batches.tally(BATCH) == Tally(ended=5, failed=2)


def test_another_tenant_sees_nothing(batches: BatchRepository) -> None:
    batches.add(BATCH)
    batches.settle(BATCH, end(1))
    other = BATCH.model_copy(update={"tenant": "other"})

    with pytest.raises(NotFoundError):
        batches.get("other", "bat_1")
    assert batches.ends(other, limit=10) == ()
    assert batches.tally(other) == Tally(ended=0, failed=0)
    assert batches.page("other", limit=10).items == ()


def test_a_list_goes_from_the_newest_on_page_by_page(batches: BatchRepository) -> None:
    for minute in range(3):
        changes = {"id": f"bat_{minute}", "created_at": NOW + timedelta(minutes=minute)}
        batches.add(BATCH.model_copy(update=changes))

    first = batches.page("acme", limit=2)
    second = batches.page("acme", limit=2, cursor=first.cursor)

    assert [batch.id for batch in (*first.items, *second.items)] == ["bat_2", "bat_1", "bat_0"]
    with pytest.raises(UnsupportedInputError, match="cursor"):
        batches.page("acme", limit=2, cursor="%%%")
