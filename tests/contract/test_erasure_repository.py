"""One contract for erasures in the table of inputs and for their fake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import boto3
import pytest

from intake.errors import ConflictError, ErasedError, NotFoundError
from intake.inputs.erasures import Erasure, ErasureRepository, ErasureStatus, Removed
from intake.inputs.model import AudioSource, Completion, Context, Input, InputError, Stage, StoredFile
from intake.inputs.repository import InputRepository
from intake.inputs.results import TranslationResult
from tests.fakes.clock import FakeClock
from tests.fakes.erasures import MemoryErasures
from tests.fakes.inputs import MemoryInputs
from tests.fakes.tables import dynamodb_table

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
RECORD = Input(
    tenant="acme",
    id="inp_1",
    created_at=NOW - timedelta(hours=1),
    expires_at=NOW + timedelta(days=30),
    declared_language="auto",
    target_language="en",
    audio=AudioSource(bucket="audio", key="uploads/acme/ana.wav", media_type="audio/wav", size=9),
    uploaded=StoredFile(bucket="audio", key="uploads/acme/ana.wav"),
    context=Context(user_id="ana@example.com"),
)
ERASURE = Erasure(
    tenant="acme", id="ers_1", requested_at=NOW, requested_by="key_1", expires_at=NOW + timedelta(days=90)
)
TRANSLATION = TranslationResult(provider="flash", text="Nobody answers the telephone.")
COMPLETION = Completion(
    completed_at=NOW, cache="miss", degraded=False, notice=None, cost_microusd=0, timings_ms={"total": 1.0}
)
FAILURE = InputError(error="TransientError", detail="Nobody answered.", failed_at=NOW)


class Desk(NamedTuple):
    inputs: InputRepository
    erasures: ErasureRepository

    def of_user(self, user_id: str, erasure_id: str = "ers_2") -> Erasure:
        user = self.erasures.user("acme", user_id)
        return self.erasures.open(ERASURE.model_copy(update={"id": erasure_id, "user": user}))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture(params=["memory", "dynamodb"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, clock: FakeClock) -> Iterator[Desk]:
    if request.param == "memory":
        inputs = MemoryInputs(clock)
        yield Desk(inputs, MemoryErasures(inputs))
        return
    from intake.storage.erasures import DynamoErasures
    from intake.storage.interactions import DynamoInputs

    with dynamodb_table(monkeypatch, "interactions") as table:
        yield Desk(DynamoInputs(table, clock), DynamoErasures(boto3.client("dynamodb"), table, clock))


def test_an_erasure_comes_back_as_it_was_opened_and_is_opened_once(desk: Desk) -> None:
    opened = desk.erasures.open(ERASURE.model_copy(update={"input_id": "inp_1"}))
    again = desk.erasures.open(ERASURE.model_copy(update={"requested_by": "key_2"}))

    assert opened == again == desk.erasures.get("acme", "ers_1") == ERASURE.model_copy(update={"input_id": "inp_1"})
    with pytest.raises(NotFoundError):
        desk.erasures.get("rival", "ers_1")


def test_an_old_erasure_is_forgotten(desk: Desk, clock: FakeClock) -> None:
    desk.erasures.open(ERASURE)
    clock.advance(days=90)

    with pytest.raises(NotFoundError):
        desk.erasures.get("acme", "ers_1")


def test_a_tombstone_names_what_led_to_words_and_none_of_them(desk: Desk) -> None:
    desk.inputs.create(RECORD)
    desk.inputs.claim("acme", "inp_1", "a" * 64)
    desk.inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION)
    desk.inputs.keep("acme", "inp_1", Stage.RECORD, COMPLETION, lines=["b" * 64])

    buried = desk.erasures.bury(desk.erasures.open(ERASURE), "inp_1")

    assert buried.lines == ("a" * 64, "b" * 64)
    assert buried.files == (StoredFile(bucket="audio", key="uploads/acme/ana.wav"),)
    assert (buried.erasure_id, buried.erased_at, buried.erased_by) == ("ers_1", NOW, "key_1")
    assert desk.erasures.bury(ERASURE.model_copy(update={"id": "ers_2"}), "inp_1") == buried, "the first one stands"
    assert desk.erasures.tombstone("acme", "inp_1") == buried


def test_an_erased_input_can_neither_be_read_nor_written_nor_made_again(desk: Desk) -> None:
    desk.inputs.create(RECORD)
    desk.erasures.bury(desk.erasures.open(ERASURE), "inp_1")

    with pytest.raises(ErasedError):
        desk.inputs.get("acme", "inp_1")
    with pytest.raises(ErasedError):
        desk.inputs.keep("acme", "inp_1", Stage.TRANSLATE, TRANSLATION)
    with pytest.raises(ErasedError):
        desk.inputs.keep("acme", "inp_1", Stage.RECORD, COMPLETION)
    with pytest.raises(ErasedError):
        desk.inputs.claim("acme", "inp_1", "c" * 64)
    with pytest.raises(ErasedError):
        desk.inputs.fail("acme", "inp_1", FAILURE)
    with pytest.raises(ConflictError):
        desk.inputs.create(RECORD)
    assert desk.inputs.list("acme", limit=10).items == ()


def test_what_is_not_there_cannot_be_buried(desk: Desk) -> None:
    desk.inputs.create(RECORD)
    erasure = desk.erasures.open(ERASURE.model_copy(update={"tenant": "rival"}))

    with pytest.raises(NotFoundError):
        desk.erasures.bury(erasure, "inp_1")
    with pytest.raises(NotFoundError):
        desk.erasures.tombstone("acme", "inp_1")


def test_inputs_are_found_by_their_user_until_they_are_erased(desk: Desk) -> None:
    for number, (user, hours) in enumerate([("ana", 3), ("ana", 2), ("eva", 1), ("ana", -1)]):
        desk.inputs.create(
            RECORD.model_copy(
                update={
                    "id": f"inp_{number}",
                    "created_at": NOW - timedelta(hours=hours),
                    "context": Context(user_id=user),
                }
            )
        )
    desk.inputs.create(RECORD.model_copy(update={"tenant": "rival", "context": Context(user_id="ana")}))
    erasure = desk.of_user("ana")

    found = desk.erasures.inputs_of(erasure, limit=10)
    assert sorted(found) == ["inp_0", "inp_1"], "the last one was sent after the request"
    assert len(desk.erasures.inputs_of(erasure, limit=1)) == 1

    desk.erasures.bury(erasure, "inp_0")
    assert list(desk.erasures.inputs_of(erasure, limit=10)) == ["inp_1"]


def test_inputs_wait_for_the_second_pass_and_are_counted_once(desk: Desk) -> None:
    desk.inputs.create(RECORD)
    erasure = desk.of_user("ana")

    desk.erasures.enlist(erasure, "inp_1")
    desk.erasures.enlist(erasure, "inp_1")
    assert list(desk.erasures.enlisted(erasure, limit=5)) == ["inp_1"]
    assert desk.erasures.get("acme", erasure.id).inputs == 1

    desk.erasures.bury(erasure, "inp_1")
    desk.erasures.settle(erasure, "inp_1")
    assert list(desk.erasures.enlisted(erasure, limit=5)) == []
    left = desk.erasures.tombstone("acme", "inp_1")
    assert (left.lines, left.files) == ((), ())


def test_an_input_that_has_expired_meanwhile_is_struck_off(desk: Desk) -> None:
    erasure = desk.of_user("ana")
    desk.erasures.enlist(erasure, "inp_9")

    desk.erasures.settle(erasure, "inp_9")

    assert list(desk.erasures.enlisted(erasure, limit=5)) == []


def test_the_vault_is_cleared_with_whatever_else_is_beside_the_input(desk: Desk) -> None:
    desk.inputs.create(RECORD)
    desk.inputs.put_vault("acme", "inp_1", {"[EMAIL_1]": "ana@example.com"}, RECORD.expires_at)
    desk.inputs.put_vault("acme", "inp_2", {"[EMAIL_1]": "eva@example.com"}, RECORD.expires_at)
    desk.erasures.bury(desk.erasures.open(ERASURE), "inp_1")

    assert desk.erasures.clear("acme", "inp_1") == 1
    assert desk.erasures.clear("acme", "inp_1") == 0

    assert desk.inputs.get_vault("acme", "inp_1") == {}
    assert desk.inputs.get_vault("acme", "inp_2") == {"[EMAIL_1]": "eva@example.com"}
    assert desk.erasures.tombstone("acme", "inp_1").input_id == "inp_1", "the tombstone stands"


def test_what_was_removed_adds_up_to_the_end(desk: Desk) -> None:
    desk.inputs.create(RECORD)
    erasure = desk.erasures.open(ERASURE)
    desk.erasures.bury(erasure, "inp_1")

    desk.erasures.count(erasure, "inp_1", Removed(items=1, cache_lines=2))
    desk.erasures.count(erasure, "inp_1", Removed(cache_lines=1, objects=3))
    desk.erasures.close(erasure, NOW + timedelta(minutes=15))

    ended = desk.erasures.get("acme", "ers_1")
    assert ended.removed == Removed(items=1, cache_lines=3, objects=3)
    assert (ended.status, ended.completed_at) == (ErasureStatus.ERASED, NOW + timedelta(minutes=15))
