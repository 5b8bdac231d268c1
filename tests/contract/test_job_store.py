"""The store of jobs: the same cases on the fake and on DynamoDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError

from intake.errors import TransientError
from intake.gateway.budget import Reservation
from intake.gateway.jobs import Job, JobStore
from intake.storage.jobs import DynamoDBJobStore
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import MemoryJobs
from tests.fakes.tables import dynamodb_table


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[JobStore]:
    if request.param == "memory":
        yield MemoryJobs()
        return
    with dynamodb_table(monkeypatch, "gateway") as table:
        yield DynamoDBJobStore(boto3.client("dynamodb"), table)


class Unreachable:
    """A client of DynamoDB whose every call fails."""

    def __init__(self) -> None:
        self.exceptions = boto3.client("dynamodb", region_name="eu-west-1").exceptions

    def __getattr__(self, operation: str) -> Any:
        def fail(**_arguments: object) -> None:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, operation)

        return fail


def a_job(reference: str = "job_1", **fields: object) -> Job:
    now = FakeClock().now()
    reservation = Reservation(
        id="rsv_1",
        tenant="acme",
        provider="elevenlabs",
        day="2026-11-20",
        hour="10",
        amount_microusd=40,
        until=now + timedelta(minutes=20),
    )
    known = Job(
        reference=reference,
        tenant="acme",
        subject="inp_1",
        provider="elevenlabs",
        model="scribe_v2",
        reservation=reservation,
        started_at=now,
        give_up_at=now + timedelta(minutes=10),
        expires_at=now + timedelta(days=7),
        bucket="audio",
        output_key="transcripts/acme/inp_1/elevenlabs.json",
        language="es",
        note='{"token": "AQC"}',
    )
    return known.model_copy(update=fields)


def test_a_job_is_found_by_what_it_is_for_and_by_its_reference(store: JobStore) -> None:
    assert store.open(a_job())

    assert store.get("acme", "inp_1", "elevenlabs") == store.find("job_1") == a_job()


def test_there_is_one_job_for_an_input_and_provider(store: JobStore) -> None:
    assert store.open(a_job())

    assert not store.open(a_job("job_2"))
    assert store.open(a_job("job_3", provider="amazon_transcribe"))
    assert store.open(a_job("job_4", tenant="rival"))

    assert store.find("job_2") is None
    assert store.get("acme", "inp_1", "elevenlabs") == a_job()


def test_nobody_finds_what_is_not_there(store: JobStore) -> None:
    assert store.find("job_1") is None
    assert store.get("acme", "inp_1", "elevenlabs") is None


def test_what_changes_is_kept(store: JobStore) -> None:
    store.open(a_job())

    store.note(a_job(), "another")
    store.name(a_job(), "transcript-7")

    assert store.find("job_1") == a_job(note="another", service_id="transcript-7")


def test_a_job_ends_once(store: JobStore) -> None:
    store.open(a_job())

    assert store.end(a_job(), "TransientError")
    assert not store.end(a_job(), None)

    assert store.find("job_1") == a_job(ended=True, error="TransientError")


def test_a_job_that_was_dropped_is_gone_and_may_be_opened_anew(store: JobStore) -> None:
    store.open(a_job())
    store.drop(a_job())

    assert store.find("job_1") is None
    assert not store.end(a_job(), None)
    store.note(a_job(), "nothing")
    assert store.get("acme", "inp_1", "elevenlabs") is None
    assert store.open(a_job("job_2"))


@pytest.mark.parametrize(
    "ask",
    [
        lambda store: store.open(a_job()),
        lambda store: store.get("acme", "inp_1", "elevenlabs"),
        lambda store: store.find("job_1"),
        lambda store: store.note(a_job(), "note"),
        lambda store: store.end(a_job(), None),
        lambda store: store.drop(a_job()),
    ],
    ids=["open", "get", "find", "note", "end", "drop"],
)
def test_a_table_that_does_not_answer_is_asked_again(ask: Callable[[JobStore], object]) -> None:
    store = DynamoDBJobStore(cast("Any", Unreachable()), "gateway")

    with pytest.raises(TransientError):
        ask(store)
