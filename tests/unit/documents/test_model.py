from __future__ import annotations

import json
from typing import Any

import pytest

from intake.documents.model import WAY, Document, DocumentError, Stage, StageRecord, Status
from intake.errors import ConflictError
from tests.fakes.clock import FakeClock
from tests.unit.documents.bench import document

NOW = FakeClock().now()


def record(status: Status, cost_microusd: int = 0) -> StageRecord:
    return StageRecord(stage=status, at=NOW, cost_microusd=cost_microusd)


def travelled(*way: Status) -> Document:
    reached = document()
    for status in way:
        reached = reached.moved(record(status))
    return reached


def test_a_document_goes_the_whole_way() -> None:
    complete = travelled(*WAY[1:])

    assert complete.status is Status.COMPLETE
    assert [entry.stage for entry in complete.stages] == list(WAY)
    assert complete.status.is_final


# The text of an earlier parser stands when a later one fails: from parsing, parsed may be left out.
@pytest.mark.parametrize("skipped", [n for n in range(1, len(WAY) - 1) if WAY[n] is not Status.PARSED])
def test_no_stage_is_left_out(skipped: int) -> None:
    reached = travelled(*WAY[1:skipped])

    with pytest.raises(ConflictError):
        reached.moved(record(WAY[skipped + 1]))


@pytest.mark.parametrize("end", [Status.REJECTED, Status.DUPLICATE, Status.CANCELLED, Status.FAILED_VALIDATE])
def test_an_end_is_an_end(end: Status) -> None:
    ended = travelled(end)

    for status in Status:
        with pytest.raises(ConflictError):
            ended.moved(record(status))


@pytest.mark.parametrize("length", range(1, len(WAY)))
def test_every_unfinished_document_can_fail_and_be_cancelled(length: int) -> None:
    unfinished = travelled(*WAY[1:length])

    assert unfinished.next_stage is not None
    assert unfinished.moved(record(Status(f"failed_{unfinished.next_stage}"))).status.is_failure
    assert unfinished.moved(record(Status.CANCELLED)).status is Status.CANCELLED


def test_what_stages_cost_adds_up() -> None:
    parsed = travelled(Status.VALIDATED, Status.PARSING).moved(record(Status.PARSED, cost_microusd=1500))
    again = parsed.moved(record(Status.PARSING)).moved(record(Status.PARSED, cost_microusd=250))

    assert again.cost_microusd == 1750


def test_the_public_shape_has_the_names_that_clients_rely_on() -> None:
    error = DocumentError(stage=Stage.VALIDATE, code="encrypted", message="Remove the password.")
    shape: dict[str, Any] = document().moved(record(Status.REJECTED), error=error).public()

    assert {
        "id", "status", "filename", "content_type", "size", "sha256", "pages", "chunks", "cost_microusd", "stages"
    } <= set(shape)  # fmt: skip
    assert shape["error"] == {"stage": "validate", "code": "encrypted", "message": "Remove the password."}
    assert "duplicate_of" not in shape
    assert shape["stages"][-1] == {
        "stage": "rejected", "at": "2026-11-20T10:00:00.000Z", "duration_ms": 0, "attempts": 1, "cost_microusd": 0
    }  # fmt: skip
    json.dumps(shape)


def test_the_public_shape_tells_nothing_of_where_files_are() -> None:
    shape = document().public()

    assert "uploads/" not in json.dumps(shape)
    assert "tenant" not in shape
