"""Speech to text by Amazon Transcribe: jobs on a recording in our bucket, with the result written beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import BaseModel, Field, ValidationError

from intake.errors import NotFoundError, ProviderError, ProviderRefusedError, TransientError
from intake.money import Usage
from intake.providers import sound
from intake.providers.amazon.service import Service
from intake.providers.confidence import geometric_mean
from intake.providers.jobs import JobTicket, Recording
from intake.providers.language_codes import two_letters
from intake.providers.ports import Capability, Need, ProviderKind, Reply, Transcript, TranscriptionRequest

# https://docs.aws.amazon.com/transcribe/latest/dg/supported-languages.html and limits-guidelines.html, November 2026
_LANGUAGES = """
    af-ZA ar-SA az-AZ be-BY bg-BG bn-IN bs-BA ca-ES cs-CZ cy-GB da-DK de-DE el-GR en-US es-US et-ET eu-ES fa-IR fi-FI
    fr-FR gl-ES gu-IN ha-NG he-IL hi-IN hr-HR hu-HU hy-AM id-ID is-IS it-IT ja-JP ka-GE kk-KZ kn-IN ko-KR lt-LT lv-LV
    mk-MK ml-IN mn-MN mr-IN ms-MY mt-MT nl-NL no-NO pa-IN pl-PL pt-BR ro-RO ru-RU sk-SK sl-SI so-SO sq-AL sr-RS sv-SE
    sw-KE ta-IN te-IN th-TH tl-PH tr-TR uk-UA uz-UZ vi-VN zh-CN zu-ZA
"""
LANGUAGES: Mapping[str, str] = {code.partition("-")[0]: code for code in _LANGUAGES.split()}
"""The usual region of each language that the service knows."""
_SYNONYMS = {"nb": "no", "nn": "no", "fil": "tl"}
MOST_BYTES = 2_000_000_000
_LEAST = 0.001
"""A word of confidence 0 has no logarithm."""
SHORTEST_BILLED_MILLISECONDS = 15_000
FORMATS: Mapping[str, str] = {
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "mp4",
    "audio/ogg": "ogg",
    "audio/webm": "webm",
    "audio/flac": "flac",
}


class Objects(Protocol):
    """The bucket that results are written to."""

    def get(self, bucket: str, key: str) -> bytes:
        """Return an object; NotFoundError where there is none."""
        ...

    def erase_all(self, bucket: str, prefix: str) -> int:
        """Remove every version of every object whose key begins with the prefix, and return their number."""
        ...


class _Alternative(BaseModel):
    content: str
    confidence: float | None = Field(None, ge=0, le=1)


class _Item(BaseModel):
    type: str
    alternatives: list[_Alternative] = []
    end_time: float | None = None


class _Text(BaseModel):
    transcript: str


class _Results(BaseModel):
    transcripts: list[_Text] = Field(min_length=1)
    items: list[_Item] = []


class _Output(BaseModel):
    """The file that a job writes; source: https://docs.aws.amazon.com/transcribe/latest/dg/how-input.html."""

    results: _Results


class AmazonTranscriber:
    """Writes recordings down by jobs; it hears nothing that somebody waits for.

    Parameters
    ----------
    objects
        Makes the store that results are read from: most functions never read one.
    """

    capability = Capability.TRANSCRIBE
    kind = ProviderKind.REMOTE
    model = "standard"
    version = "1"
    takes_jobs_only = True

    def __init__(self, service: Service, objects: Callable[[], Objects]) -> None:
        self._service = service
        self._objects = objects
        self.name = service.name

    def missing(self) -> str | None:
        return self._service.missing()

    def lacks_for_jobs(self) -> str | None:
        return self._service.missing()

    def obstacle(self, need: Need) -> str | None:
        if not need.may_wait:
            return f"{self.name} writes down uploaded recordings only, for which nobody waits"
        if need.media_type is not None and need.media_type not in FORMATS:
            return f"{self.name} does not read {need.media_type}"
        if need.source_language and _code(need.source_language) not in LANGUAGES:
            return f"{self.name} does not know {need.source_language}"
        if need.size > MOST_BYTES:
            return f"{self.name} takes recordings of 2 GB, not {need.size:,} bytes"
        return None

    def largest_usage(self, request: TranscriptionRequest) -> Usage:
        return Usage(audio_milliseconds=sound.most_milliseconds(request.audio))

    def call(self, request: TranscriptionRequest) -> Reply[Transcript]:
        """Refuse: a job is not waited for."""
        raise ProviderRefusedError(f"{self.name} writes down uploaded recordings only, for which nobody waits.")

    def largest_job_usage(self, recording: Recording) -> Usage:
        milliseconds = sound.milliseconds(recording.duration_seconds)
        return Usage(audio_milliseconds=max(milliseconds, SHORTEST_BILLED_MILLISECONDS))

    def start(self, recording: Recording, reference: str) -> str | None:
        """Start a job, named by our reference: started twice under it, it runs once."""
        media_format = FORMATS.get(recording.media_type)
        if media_format is None:
            raise ProviderRefusedError(f"{self.name} does not read {recording.media_type}.")
        wanted: dict[str, Any] = {
            "TranscriptionJobName": reference,
            "Media": {"MediaFileUri": f"s3://{recording.bucket}/{recording.key}"},
            "MediaFormat": media_format,
            "OutputBucketName": recording.bucket,
            "OutputKey": recording.output_key,
        }
        language = LANGUAGES.get(_code(recording.language)) if recording.language else None
        wanted |= {"LanguageCode": language} if language else {"IdentifyLanguage": True}

        def begin(client: Any) -> None:
            try:
                client.start_transcription_job(**wanted)
            except client.exceptions.ConflictException:
                return  # It runs already.

        self._service.ask(begin)
        return reference

    def collect(self, ticket: JobTicket) -> Reply[Transcript] | ProviderError | None:
        job = self._service.ask(
            lambda client: client.get_transcription_job(TranscriptionJobName=ticket.reference)["TranscriptionJob"]
        )
        status = job.get("TranscriptionJobStatus")
        if status == "FAILED":
            return ProviderRefusedError(f"{self.name} could not write the recording down.")
        if status != "COMPLETED":
            return None
        return self._read(ticket, job)

    def discard(self, ticket: JobTicket) -> None:
        """Remove the result from our bucket, in every version: it is kept with its input, or not wanted."""
        self._objects().erase_all(ticket.bucket, ticket.output_key)

    def _read(self, ticket: JobTicket, job: Mapping[str, Any]) -> Reply[Transcript] | ProviderError:
        try:
            output = _Output.model_validate_json(self._objects().get(ticket.bucket, ticket.output_key))
        except (ValidationError, NotFoundError):
            output = None
        if output is None:
            return TransientError(f"{self.name} left no transcript in a known form.")
        items = output.results.items
        seconds = max((item.end_time or 0.0 for item in items), default=0.0)
        transcript = Transcript(
            text=output.results.transcripts[0].transcript.strip(),
            language=two_letters(str(job.get("LanguageCode") or ticket.language or "und")),
            confidence=_confidence(items, job.get("IdentifiedLanguageScore")),
            duration_seconds=seconds,
        )
        # What is billed is the whole recording, and the last word is not its end: the reservation knows better.
        return Reply(value=transcript, usage=Usage())


def _confidence(items: list[_Item], language_score: float | None) -> float | None:
    """Return the words' confidence, no more than that of the language where it was left open."""
    given = [item.alternatives[0].confidence for item in items if item.type == "pronunciation" and item.alternatives]
    of_words = geometric_mean([math.log(max(each, _LEAST)) for each in given if each is not None])
    if of_words is None or language_score is None:
        return of_words
    return min(of_words, round(float(language_score), 3))


def _code(language: str) -> str:
    code = two_letters(language)
    return _SYNONYMS.get(code, code)
