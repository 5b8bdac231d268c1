"""Recordings that ElevenLabs writes down while nobody waits: what it is asked, and what its callbacks say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intake.errors import ProviderError, ProviderRefusedError, QuotaExhaustedError, TransientError
from intake.money import Usage
from intake.providers.elevenlabs.jobs import read_callback
from intake.providers.jobs import JobTicket, Recording, TranscriptionService
from intake.providers.ports import Reply
from intake.providers.remote import transcription_services
from intake.settings import Settings
from tests.doubles.callbacks import SECRET, Ending
from tests.doubles.control import Control
from tests.doubles.elevenlabs_server import HEARD
from tests.doubles.faults import Fault, Kind
from tests.fakes.objects import MemoryObjects
from tests.unit.providers.sounds import wav

TRANSCRIPT: dict[str, Any] = {
    "language_code": "es",
    "language_probability": 0.9,
    "text": "Mi coche no arranca.",
    "words": [{"text": "Mi", "start": 0.0, "end": 0.5, "type": "word", "logprob": -0.05}],
    "transcription_id": "t-1",
    "audio_duration_secs": 181.2,
}


def service(double: Control, **settings: object) -> TranscriptionService:
    values = {
        "ELEVENLABS_API_KEY": "xi-key",
        "ELEVENLABS_WEBHOOK_SECRET": SECRET,
        "ELEVENLABS_BASE_URL": double.address,
        **settings,
    }
    found = transcription_services(Settings.model_validate(values), MemoryObjects)
    return next(each for each in found if each.name == "elevenlabs")


def recording(language: str | None = "es", media_type: str = "audio/wav") -> Recording:
    return Recording(
        bucket="audio",
        key="a.wav",
        media_type=media_type,
        size=4,
        output_key="unused",
        duration_seconds=181.2,
        read=lambda: wav(1.5),
        language=language,
    )


def ticket(service_id: str | None) -> JobTicket:
    return JobTicket("job_1", service_id, "audio", "unused", "es")


def callback(**data: Any) -> bytes:
    body = {"request_id": "r", "webhook_metadata": {"reference": "job_1"}, "transcription": TRANSCRIPT} | data
    return json.dumps({"type": "speech_to_text_transcription", "data": body}).encode()


def test_a_job_is_sent_with_its_reference_and_nothing_else_of_ours(double: Control) -> None:
    assert service(double).start(recording(), "job_1") == "transcript-1"

    sent = double.requests()[0]["body"]
    assert (sent["webhook"], sent["model_id"], sent["language_code"]) == ("true", "scribe_v2", "es")
    assert json.loads(sent["webhook_metadata"]) == {"reference": "job_1", "language": "es"}


def test_what_is_billed_is_the_length(double: Control) -> None:
    assert service(double).largest_job_usage(recording()) == Usage(audio_milliseconds=181_200)


def test_a_request_that_is_accepted_under_202_is_a_job_too(double: Control) -> None:
    body = {"message": "Request accepted.", "request_id": "abc123"}
    double.fail(Fault(kind=Kind.STATUS, status=202, body=body))

    assert service(double).start(recording(), "job_1") is None


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.elevenlabs(401, "quota_exceeded"), QuotaExhaustedError),
        (Fault.elevenlabs(401, "invalid_api_key"), ProviderRefusedError),
        (Fault.elevenlabs(429, "system_busy"), TransientError),
        (Fault.elevenlabs(500, "internal"), TransientError),
    ],
)
def test_a_start_that_fails_says_how(double: Control, fault: Fault, kind: type[ProviderError]) -> None:
    double.fail(fault)

    with pytest.raises(kind):
        service(double).start(recording(), "job_1")


def test_a_file_that_is_no_sound_is_not_sent(double: Control) -> None:
    with pytest.raises(ProviderRefusedError):
        service(double).start(recording(media_type="text/plain"), "job_1")
    assert double.counts()["calls"] == 0


def test_jobs_want_a_key_and_the_secret_of_the_webhook(double: Control) -> None:
    assert service(double).lacks_for_jobs() is None
    assert "ELEVENLABS_WEBHOOK_SECRET" in (service(double, ELEVENLABS_WEBHOOK_SECRET=None).lacks_for_jobs() or "")
    assert "ELEVENLABS_API_KEY" in (service(double, ELEVENLABS_API_KEY=None).lacks_for_jobs() or "")


def test_a_transcript_can_be_fetched_once_it_is_there(double: Control) -> None:
    double.call_back(ending=Ending.UNHEARD)
    taker = service(double)
    started = taker.start(recording(), "job_1")

    assert taker.collect(ticket("transcript-9")) is None
    assert taker.collect(ticket(None)) is None
    assert taker.collect(ticket("../../user")) is None
    found = taker.collect(ticket(started))

    assert isinstance(found, Reply)
    assert found.value.text == " ".join(HEARD)
    assert found.usage == Usage(audio_milliseconds=1_500)


def test_a_service_that_cannot_be_asked_says_so(double: Control) -> None:
    double.fail(Fault.elevenlabs(503, "system_busy"))

    with pytest.raises(TransientError):
        service(double).collect(ticket("transcript-1"))


@pytest.mark.parametrize("metadata", [{"reference": "job_1"}, '{"reference": "job_1"}'])
@pytest.mark.parametrize("code", ["es", "spa"])
def test_a_callback_brings_a_transcript(metadata: object, code: str) -> None:
    told = read_callback(callback(webhook_metadata=metadata, transcription=TRANSCRIPT | {"language_code": code}))

    assert told is not None
    reference, result = told
    assert isinstance(result, Reply)
    assert (reference, result.value.language, result.value.confidence) == ("job_1", "es", 0.9)
    assert result.usage == Usage(audio_milliseconds=181_200)


def test_a_language_that_was_given_does_not_lower_the_confidence() -> None:
    told = read_callback(callback(webhook_metadata={"reference": "job_1", "language": "es"}))

    assert told is not None
    assert isinstance(told[1], Reply)
    assert told[1].value.confidence == 0.951


@pytest.mark.parametrize("transcription", [None, {}, {"text": "Mi coche"}, TRANSCRIPT | {"words": None}])
def test_a_callback_without_a_known_transcript_is_a_failure_of_its_job(transcription: object) -> None:
    told = read_callback(callback(transcription=transcription))

    assert told is not None
    assert told[0] == "job_1"
    assert isinstance(told[1], TransientError)


def test_another_event_about_our_job_is_a_failure_of_it() -> None:
    body = json.loads(callback()) | {"type": "speech_to_text_failed"}

    told = read_callback(json.dumps(body).encode())

    assert told is not None
    assert isinstance(told[1], TransientError)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[1]",
        b'{"type": "agent_qa"}',
        callback(webhook_metadata=None),
        callback(webhook_metadata="no json"),
        callback(webhook_metadata={"other": "application"}),
    ],
)
def test_what_names_no_job_of_ours_is_not_ours(body: bytes) -> None:
    assert read_callback(body) is None
