"""The input machine with a recording: who writes it down, and who does when that one fails."""

from __future__ import annotations

import io
import math
import wave
from array import array
from typing import Any
from uuid import uuid4

import pytest

from tests.doubles.elevenlabs_server import HEARD
from tests.doubles.faults import Fault, Kind
from tests.doubles.openai_answers import HEARD as HEARD_BY_OPENAI
from tests.machines.conftest import OPENAI_KEY, Machines
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}")


def voice(pitch_hz: float) -> bytes:
    """Return two seconds of syllables at a pitch: another pitch is another recording, which no cache knows."""
    rate = 16_000
    samples = array(
        "h",
        (
            int(
                12_000
                * math.sin(2 * math.pi * pitch_hz * place / rate)
                * max(0.0, math.sin(8 * math.pi * place / rate))
            )
            for place in range(2 * rate)
        ),
    )
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def understood(machines: Machines, audio: bytes) -> Any:
    response = machines.stack.api.post(
        "/v1/inputs", files={"audio": ("call.wav", audio, "audio/wav")}, data={"source_language": "es"}
    )
    assert response.status_code == 200, response.text
    return response.json()


def test_a_recording_is_written_down_by_scribe_and_paid_for_once(machines: Machines) -> None:
    answer = understood(machines, voice(180))

    heard = answer["transcription"]
    assert (heard["provider"], answer["transcript"]) == ("elevenlabs", " ".join(HEARD))
    assert 0.9 < heard["confidence"] < 1
    assert answer["cost_microusd"] > 0
    assert machines.elevenlabs.counts()["by_route"] == {"listen": 1}
    assert machines.elevenlabs.requests()[0]["body"]["language_code"] == "es"


def test_when_scribe_is_out_of_quota_openai_writes_it_down(machines: Machines) -> None:
    machines.elevenlabs.fail(Fault.elevenlabs(401, "quota_exceeded", times=None))

    answer = understood(machines, voice(200))

    heard = answer["transcription"]
    assert (heard["provider"], answer["transcript"], heard["confidence"]) == ("openai", HEARD_BY_OPENAI, None)
    assert machines.elevenlabs.counts()["calls"] == 1
    assert machines.double.counts()["by_route"]["listen"] == 1
    assert machines.calls(OPENAI_KEY) >= 1


def test_a_call_that_is_too_many_for_the_moment_is_tried_again(machines: Machines) -> None:
    machines.elevenlabs.fail(Fault.elevenlabs(429, "too_many_concurrent_requests"))

    answer = understood(machines, voice(220))

    assert answer["transcription"]["provider"] == "elevenlabs"
    assert machines.elevenlabs.counts()["calls"] == 2


def test_a_dropped_recording_is_written_down_once_and_goes_through_the_input_machine(
    machines: Machines, tenant: Tenant
) -> None:
    tenant.drop("call.wav", voice(240), bucket="AudioBucket")

    heard = until(lambda: _ended(tenant), "the end of the dropped recording")

    assert (heard["status"], heard["transcription"]["provider"]) == ("completed", "elevenlabs")
    assert machines.elevenlabs.counts()["by_route"] == {"listen": 1}


def test_a_dropped_text_that_nobody_translates_has_failed_with_every_provider(
    machines: Machines, tenant: Tenant
) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=401, times=None))

    tenant.drop("note.txt", "Quiero presentar un reclamo por los daños del agua.".encode(), bucket="AudioBucket")

    failed = until(lambda: _ended(tenant), "the end of the dropped text")
    assert (failed["status"], failed["error"]["type"]) == ("failed", "providers-unavailable")
    assert len(failed["error"]["failures"]) == 2


def _ended(tenant: Tenant) -> Any:
    ended = [item["id"] for item in tenant.inputs() if item["status"] in ("completed", "failed")]
    return tenant.api.get(f"/v1/inputs/{ended[0]}").json() if ended else None
