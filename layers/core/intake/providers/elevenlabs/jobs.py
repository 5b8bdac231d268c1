"""Recordings written down by Scribe while nobody waits: it calls back, and can be asked."""

from __future__ import annotations

import json
import re
from typing import Any

from pydantic import BaseModel, ValidationError

from intake.errors import ProviderError, ProviderRefusedError, TransientError
from intake.money import Usage
from intake.providers import sound
from intake.providers.elevenlabs.service import Service
from intake.providers.elevenlabs.transcription import read_transcript
from intake.providers.jobs import JobTicket, Recording
from intake.providers.ports import ProviderKind, Reply, Transcript

SECRET_VARIABLE = "ELEVENLABS_WEBHOOK_SECRET"  # noqa: S105 - its name, not the secret
_ACCEPTED = frozenset({200, 202})
"""The description has a form for the answer under 200, and an example under 202."""
_EVENT = "speech_to_text_transcription"
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class _Accepted(BaseModel):
    """The answer to a request that is worked on later."""

    message: str
    request_id: str
    transcription_id: str | None = None


class ScribeJobs:
    """Starts jobs whose results come to the webhook that the account has for speech to text."""

    kind = ProviderKind.REMOTE
    takes_jobs_only = False

    def __init__(self, service: Service, model: str) -> None:
        self._service = service
        self.name = service.name
        self.model = model

    def lacks_for_jobs(self) -> str | None:
        return self._service.missing() or self._service.credentials.missing(SECRET_VARIABLE)

    def largest_job_usage(self, recording: Recording) -> Usage:
        return Usage(audio_milliseconds=sound.milliseconds(recording.duration_seconds))

    def start(self, recording: Recording, reference: str) -> str | None:
        name = sound.file_name(recording.media_type)
        if name is None:
            raise ProviderRefusedError(f"{self.name} is not sent {recording.media_type}.")
        metadata = {"reference": reference} | ({"language": recording.language} if recording.language else {})
        fields = {
            "model_id": self.model,
            "tag_audio_events": "false",  # "(laughter)" is no word of the caller's
            "timestamps_granularity": "word",  # without timestamps there would be no words, and no probabilities
            "webhook": "true",
            "webhook_metadata": json.dumps(metadata),
        }
        if recording.language is not None:
            fields["language_code"] = recording.language
        body = self._service.post_form(
            "/v1/speech-to-text",
            fields,
            sound.SoundFile(name, recording.read(), recording.media_type),
            taken=_ACCEPTED,
        )
        try:
            return _Accepted.model_validate_json(body).transcription_id
        except ValidationError:
            # It was taken: whatever it said, its callback carries our reference.
            return None

    def collect(self, ticket: JobTicket) -> Reply[Transcript] | ProviderError | None:
        if ticket.service_id is None or _ID.fullmatch(ticket.service_id) is None:
            return None
        body = self._service.find(f"/v1/speech-to-text/transcripts/{ticket.service_id}")
        return None if body is None else _result(body, language_is_given=ticket.language is not None)

    def discard(self, ticket: JobTicket) -> None:
        """Do nothing: a job leaves nothing in our bucket."""


class _Metadata(BaseModel):
    reference: str
    language: str | None = None


class _Data(BaseModel):
    webhook_metadata: dict[str, Any] | str | None = None
    transcription: dict[str, Any] | None = None


class _Callback(BaseModel):
    type: str
    data: _Data


def read_callback(body: bytes) -> tuple[str, Reply[Transcript] | ProviderError] | None:
    """Return the reference of the job that a callback is about, and its result; None where it is about none of ours.

    A callback that names a job and brings no transcript in the form that is known says that the job has failed.

    Parameters
    ----------
    body
        The raw body, whose signature was verified.
    """
    try:
        callback = _Callback.model_validate_json(body)
        metadata = _metadata(callback.data.webhook_metadata)
    except ValidationError:
        return None
    if callback.type != _EVENT or callback.data.transcription is None:
        return metadata.reference, TransientError("elevenlabs called back without a transcript.")
    transcript = json.dumps(callback.data.transcription).encode()
    return metadata.reference, _result(transcript, language_is_given=metadata.language is not None)


def _result(transcript: bytes, *, language_is_given: bool) -> Reply[Transcript] | ProviderError:
    """Read a transcript; one in an unknown form is a failure of its job, and stays so."""
    try:
        return read_transcript(transcript, language_is_given=language_is_given)
    except TransientError as failed:
        return failed


def _metadata(given: dict[str, Any] | str | None) -> _Metadata:
    """Read what was sent along: the object that it was, or its JSON."""
    return _Metadata.model_validate_json(given) if isinstance(given, str) else _Metadata.model_validate(given)
