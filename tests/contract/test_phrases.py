"""Phrases and warm-ups: the same cases on the fakes and on DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import boto3
import pytest

from intake.errors import ConflictError, NotFoundError
from intake.inputs.results import IntentLabel
from intake.phrases.model import LIFE, LONGEST_RUN, Phrase, PhraseOutcome, PhraseResult, Schedule, WarmUp
from intake.phrases.ports import PhraseRepository, WarmUpRepository
from intake.storage.phrases import DynamoDBPhrases, DynamoDBWarmUps
from tests.fakes.clock import FakeClock
from tests.fakes.phrases import MemoryPhrases, MemoryWarmUps
from tests.fakes.tables import dynamodb_table

AMBULANCE = Phrase(id="own-1", language="es", label=IntentLabel.COVERAGE, text="¿Cubre la ambulancia?")
WARMED = PhraseResult(phrase_id="es-01", outcome=PhraseOutcome.WARMED, provider="flash", cost_microusd=41)


@dataclass
class Stores:
    phrases: PhraseRepository
    warm_ups: WarmUpRepository
    clock: FakeClock

    def begin(self, warm_up_id: str = "wrm_1", tenant: str = "acme") -> WarmUp:
        now = self.clock.now()
        warm_up = WarmUp(tenant=tenant, id=warm_up_id, created_at=now, expires_at=now + LIFE, languages=("es",))
        self.warm_ups.begin(warm_up)
        return warm_up


@pytest.fixture(params=["memory", "dynamodb"])
def stores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stores]:
    clock = FakeClock()
    if request.param == "memory":
        yield Stores(MemoryPhrases(), MemoryWarmUps(clock), clock)
        return
    with dynamodb_table(monkeypatch, "gateway") as table:
        client = boto3.client("dynamodb")
        yield Stores(DynamoDBPhrases(client, table), DynamoDBWarmUps(client, table, clock), clock)


def test_own_phrases_are_replaced_and_belong_to_one_tenant(stores: Stores) -> None:
    stores.phrases.put_own("acme", [AMBULANCE])

    assert stores.phrases.own("acme") == (AMBULANCE,)
    assert stores.phrases.own("rival") == ()
    stores.phrases.put_own("acme", [])
    assert stores.phrases.own("acme") == ()


def test_a_wish_that_was_never_told_is_not_to_warm(stores: Stores) -> None:
    assert stores.phrases.schedule("acme") == Schedule(tenant="acme", enabled=False)


def test_the_wishes_that_are_switched_on_are_found(stores: Stores) -> None:
    wish = Schedule(tenant="acme", enabled=True, languages=("es",))
    stores.phrases.put_schedule(wish)
    stores.phrases.put_schedule(Schedule(tenant="rival", enabled=True))
    stores.phrases.put_schedule(Schedule(tenant="rival", enabled=False))

    assert stores.phrases.schedule("acme") == wish
    assert stores.phrases.enabled_schedules() == [wish]


def test_a_warm_up_comes_back_as_it_was_begun(stores: Stores) -> None:
    warm_up = stores.begin()

    assert stores.warm_ups.get("acme", "wrm_1") == warm_up
    with pytest.raises(NotFoundError):
        stores.warm_ups.get("rival", "wrm_1")
    with pytest.raises(NotFoundError):
        stores.warm_ups.get("acme", "_running")


def test_one_at_a_time_for_each_tenant(stores: Stores) -> None:
    stores.begin("wrm_1")

    with pytest.raises(ConflictError, match="wrm_1"):
        stores.begin("wrm_2")
    stores.begin("wrm_3", tenant="rival")
    stores.warm_ups.end("acme", "wrm_1", stores.clock.now())
    stores.begin("wrm_4")
    with pytest.raises(NotFoundError):
        stores.warm_ups.get("acme", "wrm_2")


def test_one_that_was_cut_off_does_not_stand_in_the_way_for_ever(stores: Stores) -> None:
    stores.begin("wrm_1")
    stores.clock.advance(seconds=LONGEST_RUN.total_seconds())

    stores.begin("wrm_2")

    stores.warm_ups.end("acme", "wrm_1", stores.clock.now())
    with pytest.raises(ConflictError):
        stores.begin("wrm_3")


def test_the_same_one_is_not_begun_twice(stores: Stores) -> None:
    stores.begin("wrm_1")
    stores.warm_ups.end("acme", "wrm_1", stores.clock.now())

    with pytest.raises(ConflictError):
        stores.begin("wrm_1")


def test_the_first_plan_and_the_first_result_stand(stores: Stores) -> None:
    expires = stores.begin().expires_at

    assert stores.warm_ups.plan("acme", "wrm_1", ["es-01", "es-02"]) == ("es-01", "es-02")
    assert stores.warm_ups.plan("acme", "wrm_1", ["es-03"]) == ("es-01", "es-02")
    assert stores.warm_ups.keep("acme", "wrm_1", WARMED, expires) == WARMED
    again = PhraseResult(phrase_id="es-01", outcome=PhraseOutcome.FAILED, reason="no")
    assert stores.warm_ups.keep("acme", "wrm_1", again, expires) == WARMED
    assert stores.warm_ups.get("acme", "wrm_1").planned == ("es-01", "es-02")


def test_results_are_found_by_phrase_and_all_together(stores: Stores) -> None:
    expires = stores.begin().expires_at
    stores.warm_ups.keep("acme", "wrm_1", WARMED, expires)

    assert stores.warm_ups.result("acme", "wrm_1", "es-01") == WARMED
    assert stores.warm_ups.result("acme", "wrm_1", "es-02") is None
    assert stores.warm_ups.result("rival", "wrm_1", "es-01") is None
    assert stores.warm_ups.results("acme", "wrm_1") == [WARMED]
    assert stores.warm_ups.results("acme", "wrm_2") == []


def test_a_closed_one_stays_as_it_was_closed(stores: Stores) -> None:
    stores.begin()
    ended = stores.clock.now()
    stores.warm_ups.end("acme", "wrm_1", ended, "It could not be started.")
    stores.clock.advance(seconds=5)
    stores.warm_ups.end("acme", "wrm_1", stores.clock.now())

    found = stores.warm_ups.get("acme", "wrm_1")

    assert (found.ended_at, found.failure) == (ended, "It could not be started.")


def test_a_warm_up_that_never_was_is_not_closed(stores: Stores) -> None:
    stores.warm_ups.end("acme", "wrm_9", stores.clock.now())

    with pytest.raises(NotFoundError):
        stores.warm_ups.get("acme", "wrm_9")


def test_an_old_warm_up_is_forgotten(stores: Stores) -> None:
    stores.begin()
    stores.clock.advance(seconds=(LIFE + timedelta(seconds=1)).total_seconds())

    with pytest.raises(NotFoundError):
        stores.warm_ups.get("acme", "wrm_1")
