"""The recording machine with speech too long to be waited for: callbacks come, come twice, late, wrong or never."""

from __future__ import annotations

import json
import random
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.doubles import amazon_server
from tests.doubles.callbacks import Ending
from tests.doubles.elevenlabs_server import HEARD
from tests.doubles.faults import Fault, Kind
from tests.doubles.openai_answers import HEARD as HEARD_BY_OPENAI
from tests.machines.conftest import Machines
from tests.support.recordings import as_wav, syllables
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]

SECONDS = 70
SCRIBE_MICROUSD = 4_278
"""70 s at $0.22 an hour, rounded up."""


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}")


@pytest.fixture
def calling(machines: Machines) -> Any:
    """Return a function that says how ElevenLabs' double answers jobs."""

    def plan(**how: Any) -> None:
        machines.elevenlabs.call_back(address=f"{machines.stack.endpoints['api_url']}/v1/callbacks/elevenlabs", **how)

    return plan


def recording() -> bytes:
    """Return more than a minute of syllables; at another pitch each time, so that no cache knows them."""
    return as_wav(syllables(10.0, pitch_hz=150 + random.random() * 100) * (SECONDS // 10))


def ended(tenant: Tenant) -> Any:
    """Return the tenant's only input when it has come to its end."""

    def look() -> Any:
        items = [item["id"] for item in tenant.inputs() if item["status"] in ("completed", "failed")]
        return tenant.api.get(f"/v1/inputs/{items[0]}").json() if items else None

    return until(look, "the end of the long recording")


def spent(machines: Machines, tenant: Tenant, provider: str) -> int:
    return machines.budget.balance(tenant.name, provider).spent_microusd


def test_a_long_recording_is_written_down_by_callback_and_paid_for_once(
    machines: Machines, tenant: Tenant, calling: Any
) -> None:
    calling()

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    heard = ended(tenant)
    assert (heard["status"], heard["transcript"]) == ("completed", " ".join(HEARD)), heard
    assert (heard["transcription"]["provider"], heard["transcription"]["cost_microusd"]) == (
        "elevenlabs",
        SCRIBE_MICROUSD,
    )
    assert spent(machines, tenant, "elevenlabs") == SCRIBE_MICROUSD
    assert machines.budget.balance(tenant.name, "elevenlabs").reserved_microusd == 0
    assert machines.elevenlabs.counts()["by_route"]["listen"] == 1
    sent = machines.elevenlabs.requests()[0]
    assert "token" not in json.dumps(sent["body"]).lower()


def test_a_callback_that_comes_three_times_changes_nothing_after_the_first(
    machines: Machines, tenant: Tenant, calling: Any
) -> None:
    calling(times=3, metadata_as_text=True, language_code="es")

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    heard = ended(tenant)
    assert heard["transcription"]["provider"] == "elevenlabs"
    assert spent(machines, tenant, "elevenlabs") == SCRIBE_MICROUSD


def test_a_transcript_of_which_nobody_was_told_is_fetched(machines: Machines, tenant: Tenant, calling: Any) -> None:
    calling(ending=Ending.UNHEARD)

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    heard = ended(tenant)
    assert (heard["transcription"]["provider"], heard["transcript"]) == ("elevenlabs", " ".join(HEARD))
    assert machines.elevenlabs.counts()["by_route"] == {"listen": 1, "fetch": 1}
    assert spent(machines, tenant, "elevenlabs") == SCRIBE_MICROUSD


def test_a_callback_with_a_wrong_signature_is_refused_and_the_transcript_fetched(
    machines: Machines, tenant: Tenant, calling: Any
) -> None:
    calling(secret="another")

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    assert ended(tenant)["transcription"]["provider"] == "elevenlabs"
    assert machines.elevenlabs.counts()["by_route"]["fetch"] >= 1


def test_when_nobody_ever_calls_back_the_next_provider_writes_it_down(
    machines: Machines, tenant: Tenant, calling: Any
) -> None:
    calling(ending=Ending.NEVER)

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    heard = ended(tenant)
    assert (heard["transcription"]["provider"], heard["transcript"]) == ("openai", HEARD_BY_OPENAI)
    assert heard["transcription"]["fallback_reason"] == "elevenlabs: ProviderTimeoutError"
    assert heard["degraded"] is True
    assert machines.elevenlabs.counts()["by_route"]["listen"] == 1
    assert spent(machines, tenant, "elevenlabs") == 0


def test_a_job_that_fails_by_callback_goes_to_the_next_provider(
    machines: Machines, tenant: Tenant, calling: Any
) -> None:
    calling(ending=Ending.FAILURE)

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    heard = ended(tenant)
    assert heard["transcription"]["provider"] == "openai"
    assert machines.elevenlabs.counts()["by_route"]["listen"] == 1, "a job that has failed is not paid for again"
    assert (spent(machines, tenant, "elevenlabs"), spent(machines, tenant, "openai") > 0) == (0, True)


def test_a_provider_that_does_not_take_the_job_is_passed_over(machines: Machines, tenant: Tenant, calling: Any) -> None:
    calling()
    machines.elevenlabs.fail(Fault.elevenlabs(401, "quota_exceeded", times=None))

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    heard = ended(tenant)
    assert heard["transcription"]["fallback_reason"] == "elevenlabs: QuotaExhaustedError"
    assert heard["transcription"]["provider"] == "openai"


def test_silence_is_turned_down_with_what_to_do(machines: Machines, tenant: Tenant, calling: Any) -> None:
    calling()
    machines.elevenlabs.fail(Fault(kind=Kind.SILENCE))

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    failed = ended(tenant)
    assert (failed["status"], failed["error"]["type"]) == ("failed", "unsupported-input")
    assert "Speak closer" in failed["error"]["detail"]


def test_amazon_transcribe_writes_it_down_when_the_others_do_not(machines: Machines, tenant: Tenant) -> None:
    machines.elevenlabs.fail(Fault.elevenlabs(401, "invalid_api_key", times=None))
    machines.double.fail(Fault.quota(route="listen", times=None))

    tenant.drop("call.wav", recording(), bucket="AudioBucket")

    job = until(lambda: next(iter(machines.amazon.requests()), None), "the job")["body"]
    bucket, key = job["OutputBucketName"], job["OutputKey"]
    assert key.startswith(f"transcripts/{tenant.name}/inp_")
    objects = machines.stack.client("s3")
    objects.put_object(Bucket=bucket, Key=key, Body=amazon_server.transcript_file(job["TranscriptionJobName"]))
    _complete(machines, job["TranscriptionJobName"])
    heard = ended(tenant)
    assert (heard["transcription"]["provider"], heard["transcript"]) == ("amazon_transcribe", amazon_server.HEARD)
    assert heard["transcription"]["cost_microusd"] == spent(machines, tenant, "amazon_transcribe") == 28_000
    assert "Contents" not in objects.list_objects_v2(Bucket=bucket, Prefix=f"transcripts/{tenant.name}/")


def _complete(machines: Machines, name: str) -> None:
    """Let a job of the double be done, and tell it on the bus as Amazon would."""
    machines.amazon.end_job(name, "COMPLETED")
    machines.stack.client("events").put_events(
        Entries=[
            {
                "Source": "aws.transcribe",
                "DetailType": "Transcribe Job State Change",
                "Detail": json.dumps({"TranscriptionJobName": name, "TranscriptionJobStatus": "COMPLETED"}),
            }
        ]
    )


def test_what_an_aborted_run_waited_for_has_failed_and_a_late_callback_does_not_open_it_again(
    machines: Machines, tenant: Tenant, calling: Any
) -> None:
    calling(delay_seconds=3)
    tenant.drop("call.wav", recording(), bucket="AudioBucket")
    until(lambda: machines.elevenlabs.counts()["calls"] or None, "the job")

    until(lambda: _aborted(machines, tenant), "the run that waits")

    assert ended(tenant)["status"] == "failed"
    until(lambda: spent(machines, tenant, "elevenlabs") or None, "the charge of the late callback")
    assert ended(tenant)["status"] == "failed"


def _aborted(machines: Machines, tenant: Tenant) -> bool | None:
    """End the tenant's run, as an operator would, and say whether there was one."""
    states = machines.stack.client("stepfunctions")
    machine = machines.stack.outputs["RecordingMachine"]
    for run in states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
        if tenant.name in states.describe_execution(executionArn=run["executionArn"])["input"]:
            states.stop_execution(executionArn=run["executionArn"])
            return True
    return None


@pytest.mark.parametrize("signature", ["", "t=1,v0=00", "v0=é", "t=99999999999999999999,v0=a"])
def test_an_unsigned_callback_is_refused_with_a_problem(machines: Machines, signature: str) -> None:
    refused = httpx.post(
        f"{machines.stack.endpoints['api_url']}/v1/callbacks/elevenlabs",
        content=b"{}",
        headers={b"elevenlabs-signature": signature.encode()},
    )

    assert (refused.status_code, refused.json()["type"]) == (401, "urn:problem-type:intake:invalid-signature")
