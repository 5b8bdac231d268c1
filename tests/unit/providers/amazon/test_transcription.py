"""What Amazon Transcribe is asked, and what is made of the file that it writes."""

from __future__ import annotations

import json

import pytest

from intake.errors import ProviderError, ProviderRefusedError, RateLimitedError, TransientError
from intake.money import Usage
from intake.providers.amazon.transcription import AmazonTranscriber
from intake.providers.jobs import JobTicket, Recording
from intake.providers.ports import Need, Reply, TranscriptionRequest
from intake.providers.remote import amazon_transcriber
from intake.settings import Settings
from tests.doubles import amazon_server
from tests.doubles.control import Control
from tests.doubles.faults import Fault
from tests.fakes.objects import MemoryObjects

KEY = "transcripts/acme/inp_1/amazon_transcribe.json"
TICKET = JobTicket("job_1", "job_1", "audio", KEY)


def recording(**fields: object) -> Recording:
    known: dict[str, object] = {
        "bucket": "audio",
        "key": "prepared/acme/inp_1.wav",
        "media_type": "audio/wav",
        "size": 4,
        "output_key": KEY,
        "duration_seconds": 61.0,
        "read": lambda: pytest.fail("Amazon reads the bucket by itself"),
    }
    return Recording(**known | fields)  # type: ignore[arg-type]


@pytest.fixture
def objects() -> MemoryObjects:
    return MemoryObjects()


@pytest.fixture
def transcriber(double: Control, objects: MemoryObjects, monkeypatch: pytest.MonkeyPatch) -> AmazonTranscriber:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-key")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    settings = {"INTAKE_AWS_AI": "on", "AWS_ENDPOINT_URL_TRANSCRIBE": double.address}
    return amazon_transcriber(Settings.model_validate(settings), lambda: objects)


def done(double: Control, objects: MemoryObjects, body: bytes | None = None) -> None:
    double.end_job("job_1", "COMPLETED")
    objects.put("audio", KEY, amazon_server.transcript_file("job_1") if body is None else body)


def test_a_job_reads_and_writes_our_bucket_and_is_named_by_its_reference(
    transcriber: AmazonTranscriber, double: Control
) -> None:
    assert transcriber.start(recording(), "job_1") == "job_1"

    assert double.requests()[0]["body"] == {
        "TranscriptionJobName": "job_1",
        "Media": {"MediaFileUri": "s3://audio/prepared/acme/inp_1.wav"},
        "MediaFormat": "wav",
        "OutputBucketName": "audio",
        "OutputKey": KEY,
        "IdentifyLanguage": True,
    }


def test_a_known_language_is_said_with_its_usual_region(transcriber: AmazonTranscriber, double: Control) -> None:
    transcriber.start(recording(language="es"), "job_1")

    assert double.requests()[0]["body"]["LanguageCode"] == "es-US"


def test_a_job_that_was_started_before_is_the_same_job(transcriber: AmazonTranscriber) -> None:
    transcriber.start(recording(), "job_1")

    assert transcriber.start(recording(), "job_1") == "job_1"


def test_what_it_writes_becomes_a_transcript_and_is_removed(
    transcriber: AmazonTranscriber, double: Control, objects: MemoryObjects
) -> None:
    transcriber.start(recording(), "job_1")
    assert transcriber.collect(TICKET) is None
    done(double, objects)

    found = transcriber.collect(TICKET)
    transcriber.discard(TICKET)

    assert isinstance(found, Reply)
    assert (found.value.text, found.value.language) == (amazon_server.HEARD, "en")
    assert found.value.confidence == amazon_server.LANGUAGE_SCORE
    assert list(objects.list("audio", "")) == []


def test_a_failed_job_is_a_refusal(transcriber: AmazonTranscriber, double: Control) -> None:
    transcriber.start(recording(), "job_1")
    double.end_job("job_1", "FAILED")

    assert isinstance(transcriber.collect(TICKET), ProviderRefusedError)


@pytest.mark.parametrize("body", [b"", b"{}", json.dumps({"results": {"transcripts": []}}).encode()])
def test_a_file_in_an_unknown_form_is_a_failure(
    transcriber: AmazonTranscriber, double: Control, objects: MemoryObjects, body: bytes
) -> None:
    transcriber.start(recording(), "job_1")
    done(double, objects, body)

    assert isinstance(transcriber.collect(TICKET), TransientError)


def test_a_job_that_is_unknown_is_refused(transcriber: AmazonTranscriber) -> None:
    with pytest.raises(ProviderRefusedError):
        transcriber.collect(TICKET)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault.amazon(400, "LimitExceededException"), RateLimitedError),
        (Fault.amazon(400, "BadRequestException"), ProviderRefusedError),
        (Fault.amazon(500, "InternalFailureException"), TransientError),
    ],
)
def test_a_start_that_fails_says_how(
    transcriber: AmazonTranscriber, double: Control, fault: Fault, kind: type[ProviderError]
) -> None:
    double.fail(fault)

    with pytest.raises(kind):
        transcriber.start(recording(), "job_1")


def test_a_short_recording_is_billed_as_fifteen_seconds(transcriber: AmazonTranscriber) -> None:
    assert transcriber.largest_job_usage(recording(duration_seconds=2.0)) == Usage(audio_milliseconds=15_000)
    assert transcriber.largest_job_usage(recording()) == Usage(audio_milliseconds=61_000)


@pytest.mark.parametrize(
    "need",
    [
        Need(media_type="audio/wav"),
        Need(media_type="text/plain", may_wait=True),
        Need(source_language="gsw", may_wait=True),
        Need(size=2_000_000_001, may_wait=True),
    ],
)
def test_what_it_cannot_do_is_said(transcriber: AmazonTranscriber, need: Need) -> None:
    assert "amazon_transcribe" in (transcriber.obstacle(need) or "")


def test_a_recording_that_may_wait_is_no_obstacle_and_a_waiting_caller_is_refused(
    transcriber: AmazonTranscriber,
) -> None:
    assert transcriber.obstacle(Need(source_language="nb", media_type="audio/wav", may_wait=True)) is None
    with pytest.raises(ProviderRefusedError):
        transcriber.call(TranscriptionRequest(audio=b"RIFF", media_type="audio/wav"))


def test_the_general_endpoint_is_never_asked(objects: MemoryObjects) -> None:
    settings = Settings.model_validate({"INTAKE_AWS_AI": "on", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})

    lacking = amazon_transcriber(settings, lambda: objects).lacks_for_jobs()

    assert "AWS_ENDPOINT_URL_TRANSCRIBE" in (lacking or "")
    off = amazon_transcriber(Settings.model_validate({}), lambda: objects)
    assert "INTAKE_AWS_AI" in (off.missing() or "")
