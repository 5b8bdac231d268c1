"""POST /v1/callbacks/elevenlabs: signed by the provider, and without a key."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import SecretStr

import app as application
from intake.inputs.acceptance import accept_audio
from intake.inputs.long_transcription import StartCommand
from intake.inputs.model import AudioSource
from intake.providers.jobs import Recording
from tests.doubles.callbacks import SECRET, signed
from tests.unit.api.double import ROOT, Answer, Api, FakeServices, LambdaContext

PATH = "/v1/callbacks/elevenlabs"
SAMPLE = json.loads((ROOT / "events" / "CallbackFunction.json").read_text())


@pytest.fixture
def reference(services: FakeServices) -> str:
    """Return the reference of a job that runs for an input."""
    source = AudioSource(bucket="audio", key="a.wav", media_type="audio/wav", size=4)
    record = accept_audio(source, tenant="acme", input_id="inp_1", now=services.clock.now())
    services.inputs.create(record)
    command = StartCommand(tenant="acme", input_id="inp_1", provider="elevenlabs", task_token="token-1")
    recording = Recording(
        bucket="audio",
        key="a.wav",
        media_type="audio/wav",
        size=4,
        output_key="unused",
        duration_seconds=181.2,
        read=lambda: b"RIFF",
    )
    services.jobs.start("elevenlabs", recording, tenant="acme", subject="inp_1", note=command.model_dump_json())
    return services.transcriber.started[0]


def body_of(reference: str, **changes: Any) -> bytes:
    body = json.loads(SAMPLE["body"])
    body["data"]["webhook_metadata"]["reference"] = reference
    body["data"] |= changes
    return json.dumps(body).encode()


def call(
    api: Api, services: FakeServices, body: bytes, *, secret: str = SECRET, signature: str | None = None
) -> Answer:
    header = signed(body, secret, services.clock.now().timestamp()) if signature is None else signature
    headers = {"content-type": "application/json", "elevenlabs-signature": header}
    return api.call("POST", PATH, body=body, headers=headers, role=None)


def test_a_transcript_is_taken_once(api: Api, services: FakeServices, reference: str) -> None:
    first, again = (call(api, services, body_of(reference)) for _ in range(2))

    assert (first.status, first.body, again.status, again.body) == (
        200,
        {"outcome": "taken"},
        200,
        {"outcome": "known"},
    )
    assert services.inputs.get("acme", "inp_1").text == "Mi coche no arranca."
    assert services.waiting_tasks.told == [("token-1", {"outcome": "transcribed"})]
    assert services.budget.balance("acme", "elevenlabs").spent_microusd == 11_074


def test_a_body_in_base64_is_verified_by_its_bytes(api: Api, services: FakeServices, reference: str) -> None:
    body = body_of(reference)
    event = SAMPLE | {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
    signature = signed(body, SECRET, services.clock.now().timestamp())
    event["headers"] = SAMPLE["headers"] | {"elevenlabs-signature": signature}

    answer = application.handler(event, LambdaContext())

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"outcome": "taken"})


@pytest.mark.parametrize("signature", ["", "t=1,v0=00", "nonsense", "t=99999999999999999999,v0=00"])
def test_a_wrong_signature_is_a_problem_and_changes_nothing(
    api: Api, services: FakeServices, reference: str, signature: str
) -> None:
    refused = call(api, services, body_of(reference), signature=signature)

    assert (refused.status, refused.body["type"]) == (401, "urn:problem-type:intake:invalid-signature")
    assert refused.headers["content-type"] == "application/problem+json"
    assert services.waiting_tasks.told == []


def test_another_secret_and_an_old_signature_are_refused(api: Api, services: FakeServices, reference: str) -> None:
    body = body_of(reference)
    old = signed(body, SECRET, services.clock.now().timestamp() - 31 * 60)

    assert call(api, services, body, secret="another").status == 401
    assert call(api, services, body, signature=old).status == 401


def test_a_replayed_callback_whose_body_was_changed_is_refused(
    api: Api, services: FakeServices, reference: str
) -> None:
    body = body_of(reference)
    signature = signed(body, SECRET, services.clock.now().timestamp())

    assert call(api, services, body + b" ", signature=signature).status == 401


@pytest.mark.parametrize("body", [b"{}", b"null", b'{"type": "agent_qa", "data": {}}'])
def test_what_is_not_ours_is_ignored(api: Api, services: FakeServices, body: bytes) -> None:
    answer = call(api, services, body)

    assert (answer.status, answer.body) == (200, {"outcome": "ignored"})


def test_an_unknown_reference_is_ignored(api: Api, services: FakeServices, reference: str) -> None:
    answer = call(api, services, body_of("job_nobody"))

    assert (answer.status, answer.body) == (200, {"outcome": "ignored"})
    assert services.waiting_tasks.told == []


def test_a_callback_without_a_transcript_fails_the_task(api: Api, services: FakeServices, reference: str) -> None:
    answer = call(api, services, body_of(reference, transcription=None))

    assert (answer.status, answer.body) == (200, {"outcome": "taken"})
    assert services.waiting_tasks.told == [("token-1", "TransientError")]


def test_a_body_over_the_limit_is_too_large(api: Api, services: FakeServices) -> None:
    answer = call(api, services, b" " * 5_000_001)

    assert (answer.status, answer.body["type"]) == (413, "urn:problem-type:intake:payload-too-large")


def test_without_a_secret_no_callback_is_taken(api: Api, services: FakeServices) -> None:
    services.settings = services.settings.model_copy(update={"elevenlabs_webhook_secret": None})

    answer = call(api, services, b"{}")

    assert answer.status == 503
    assert "ELEVENLABS_WEBHOOK_SECRET" in answer.body["detail"]


def test_the_sample_event_is_signed_as_it_should_be(api: Api, services: FakeServices) -> None:
    services.settings = services.settings.model_copy(update={"elevenlabs_webhook_secret": SecretStr("wsec_example")})
    services.clock.advance(seconds=(datetime(2026, 11, 20, 12, tzinfo=UTC) - services.clock.now()).total_seconds())

    answer = application.handler(SAMPLE, LambdaContext())

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"outcome": "ignored"})
