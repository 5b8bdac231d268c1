"""Feedback and translation memory: the same cases on the fakes and on DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import boto3
import pytest

from intake.errors import ConflictError
from intake.gateway.statistics import Row, StatisticsStore, Tally
from intake.inputs.acceptance import InputRequest, accept_text
from intake.inputs.feedback import Feedback, FeedbackRepository
from intake.inputs.memory import Remembered, TranslationMemory
from intake.inputs.repository import InputRepository
from intake.providers.ports import Capability
from intake.storage.cache import DynamoDBCacheStore
from intake.storage.feedback import DynamoDBFeedback
from intake.storage.interactions import DynamoInputs
from intake.storage.memory import DynamoDBTranslationMemory
from intake.storage.statistics import DynamoDBStatistics
from tests.fakes.clock import FakeClock
from tests.fakes.feedback import MemoryFeedback, MemoryOfTranslations
from tests.fakes.inputs import MemoryInputs
from tests.fakes.tables import dynamodb_table

ROW = Row("acme", Capability.TRANSLATE, "es-en", "2026-11")


@dataclass
class Desk:
    clock: FakeClock
    inputs: InputRepository
    feedback: FeedbackRepository
    statistics: StatisticsStore
    memory: TranslationMemory

    def add(self, input_id: str = "inp_1", tenant: str = "acme") -> None:
        request = InputRequest(text="Hola, buenos días.")
        self.inputs.create(accept_text(request, tenant=tenant, input_id=input_id, now=self.clock.now()))

    def given(self, **fields: Any) -> Feedback:
        now = self.clock.now()
        common = {"id": "fbk_1", "tenant": "acme", "input_id": "inp_1", "rating": 4, "month": "2026-11"}
        times = {"created_at": now, "updated_at": now, "expires_at": now + timedelta(days=30)}
        return Feedback.model_validate(common | times | fields)

    @property
    def marks(self) -> Tally:
        return self.statistics.read([ROW]).get(ROW, {}).get("flash", Tally())


@pytest.fixture(params=["memory", "dynamodb"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    clock = FakeClock()
    if request.param == "memory":
        inputs = MemoryInputs(clock)
        feedback = MemoryFeedback(inputs)
        yield Desk(clock, inputs, feedback, feedback.statistics, MemoryOfTranslations(clock))
        return
    with dynamodb_table(monkeypatch, "table") as table:
        client = boto3.client("dynamodb")
        yield Desk(
            clock,
            DynamoInputs(table, clock),
            DynamoDBFeedback(client, table, table),
            DynamoDBStatistics(client, table),
            DynamoDBTranslationMemory(client, table, DynamoDBCacheStore(client, table), clock),
        )


def test_feedback_comes_back_as_it_was_given_and_moves_the_counters(desk: Desk) -> None:
    desk.add()
    given = desk.given(text="¿Qué?", corrected_text="What?", correction="waiting")

    desk.feedback.save(given, {ROW: {"flash": Tally.rated(4)}}, desk.clock.now())

    assert desk.feedback.list("acme", "inp_1") == [given]
    assert (desk.marks.ratings, desk.marks.marks) == (1, 0.75)


def test_all_feedback_comes_back_however_long_it_is(desk: Desk) -> None:
    desk.add()
    given = [desk.given(id=f"fbk_{number:03}", corrected_text="é" * 5_000) for number in range(120)]
    for one in given:
        desk.feedback.save(one, {}, desk.clock.now())

    assert desk.feedback.list("acme", "inp_1") == given


def test_other_inputs_and_tenants_have_none(desk: Desk) -> None:
    desk.add()
    desk.feedback.save(desk.given(), {}, desk.clock.now())

    assert desk.feedback.list("acme", "inp_2") == []
    assert desk.feedback.list("rival", "inp_1") == []


def test_a_change_of_what_was_changed_meanwhile_is_a_conflict_and_counts_nothing(desk: Desk) -> None:
    desk.add()
    counts = {ROW: {"flash": Tally.rated(4)}}
    desk.feedback.save(desk.given(), counts, desk.clock.now())

    for version in (1, 3):
        with pytest.raises(ConflictError):
            desk.feedback.save(desk.given(version=version), counts, desk.clock.now())

    assert desk.marks.ratings == 1


def test_a_replacement_takes_the_first_rating_back(desk: Desk) -> None:
    desk.add()
    desk.feedback.save(desk.given(), {ROW: {"flash": Tally.rated(4)}}, desk.clock.now())
    change = Tally.rated(1).plus(Tally.rated(4, times=-1))

    desk.feedback.save(desk.given(rating=1, version=2), {ROW: {"flash": change}}, desk.clock.now())

    assert (desk.marks.ratings, desk.marks.marks) == (1, 0)


def test_the_same_rating_again_changes_no_counter(desk: Desk) -> None:
    desk.add()
    desk.feedback.save(desk.given(), {ROW: {"flash": Tally.rated(4)}}, desk.clock.now())
    change = Tally.rated(4).plus(Tally.rated(4, times=-1))

    desk.feedback.save(desk.given(version=2, text="well"), {ROW: {"flash": change}}, desk.clock.now())

    assert desk.marks.ratings == 1
    assert desk.feedback.list("acme", "inp_1")[0].text == "well"


def test_what_is_not_there_takes_no_feedback(desk: Desk) -> None:
    with pytest.raises(ConflictError):
        desk.feedback.save(desk.given(), {ROW: {"flash": Tally.rated(4)}}, desk.clock.now())

    assert desk.marks.ratings == 0


def test_a_correction_is_recalled_by_its_tenant_until_its_end(desk: Desk) -> None:
    remembered = Remembered(text="Hello, ¿qué?", input_id="inp_1")
    desk.memory.keep("acme", "line", remembered, desk.clock.now() + timedelta(days=1))

    assert desk.memory.recall("acme", "line") == remembered
    assert desk.memory.recall("acme", "other") is None
    assert desk.memory.recall("rival", "line") is None
    desk.clock.advance(days=1)
    assert desk.memory.recall("acme", "line") is None


def test_an_approval_begins_a_new_edition_of_its_tenant(desk: Desk) -> None:
    assert desk.memory.edition("acme") == 0

    desk.memory.keep("acme", "line", Remembered(text="Hello", input_id="inp_1"), desk.clock.now())

    assert desk.memory.edition("acme") == 1
    assert desk.memory.edition("rival") == 0
