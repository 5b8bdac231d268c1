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
from tests.support.recordings import as_wav, encoded, silence, syllables
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]

UPLOAD = {"filename": "call.mp3", "content_type": "audio/mpeg", "size": 100_000, "source_language": "es"}


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
    caller = Tenant("demo", machines.stack, machines.stack.api)
    return caller.understand(files={"audio": ("call.wav", audio, "audio/wav")}, data={"source_language": "es"})


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


def test_what_is_no_recording_never_reaches_a_provider(machines: Machines, tenant: Tenant) -> None:
    response = tenant.api.post("/v1/inputs", files={"audio": ("call.wav", b"I had an accident.", "audio/wav")})

    assert response.status_code == 422, response.text
    problem = response.json()
    assert [error["field"] for error in problem["errors"]] == ["audio"]
    kept = tenant.api.get(f"/v1/inputs/{problem['input_id']}").json()
    assert (kept["status"], kept["routing"]) == ("failed", {})
    assert machines.elevenlabs.counts()["calls"] == 0


def test_a_recording_in_another_format_reaches_its_provider_as_wav(machines: Machines, tenant: Tenant) -> None:
    answer = tenant.understand(files={"audio": ("call.wav", encoded(syllables(2), "m4a"), "audio/wav")})

    assert answer["transcription"]["provider"] == "elevenlabs"
    assert answer["audio"]["duration_seconds"] == pytest.approx(2, abs=0.1)
    assert answer["timings_ms"]["prepare_audio"] > 0
    sent = machines.elevenlabs.requests()[0]["body"]
    assert (sent["file"], sent["seconds"]) == ("recording.wav", answer["audio"]["duration_seconds"])


def test_an_uploaded_recording_comes_to_the_input_that_awaits_it(machines: Machines, tenant: Tenant) -> None:
    awaiting = tenant.api.post("/v1/inputs/uploads", json=UPLOAD | {"noise_reduction": True}).json()

    assert tenant.post_file(awaiting | UPLOAD, encoded(syllables(61), "mp3")).status_code == 204

    heard = until(lambda: _ended(tenant), "the end of the uploaded recording")
    assert (heard["id"], heard["status"], heard["source_language"]) == (awaiting["id"], "completed", "es")
    assert heard["audio"]["duration_seconds"] > 60
    assert heard["audio"]["noise_reduction"] is not None
    assert len(tenant.inputs()) == 1


def test_an_uploaded_file_that_is_no_recording_ends_its_input(machines: Machines, tenant: Tenant) -> None:
    awaiting = tenant.api.post("/v1/inputs/uploads", json=UPLOAD).json()

    tenant.post_file(awaiting | UPLOAD, as_wav(silence(3)))

    failed = until(lambda: _ended(tenant), "the end of the uploaded file")
    assert (failed["id"], failed["status"]) == (awaiting["id"], "failed")
    assert "silent" in failed["error"]["detail"]
    assert [error["field"] for error in failed["error"]["errors"]] == ["audio"]
    assert machines.elevenlabs.counts()["calls"] == 0


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
