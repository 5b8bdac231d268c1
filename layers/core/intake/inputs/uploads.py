"""Long recordings: an input is there at once, and its recording is posted into the bucket, where it is taken up."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from intake.audio_types import AUDIO_TYPES
from intake.clock import Clock
from intake.errors import FieldError, UnsupportedInputError
from intake.ids import new_id
from intake.inputs.acceptance import (
    MAX_UPLOADED_AUDIO_BYTES,
    ContextRequest,
    PreferencesRequest,
    accept_audio,
    audio_media_type,
    raise_for,
)
from intake.inputs.audio_checks import UPLOADED_LONGEST_SECONDS
from intake.inputs.languages import AUTO
from intake.inputs.model import AudioSource, Input, InputError, Status
from intake.inputs.repository import InputRepository
from intake.uploads import UploadSigner, name_problem, safe_name, tenant_and_path

PATIENCE = timedelta(hours=1)
"""How long a recording is waited for: its form is valid for 15 minutes, and 200 MB take half an hour on a slow line."""

_INPUT_ID = re.compile(r"inp_[0-9a-z]{26}")


class UploadRequest(BaseModel):
    """The body of ``POST /v1/inputs/uploads``: the file that will come, and what goes with its recording."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    filename: str = Field(examples=["call.m4a"])
    content_type: str = Field(examples=["audio/mp4"])
    size: int = Field(description="Bytes.", examples=[14_680_064])
    source_language: str = Field(default=AUTO, max_length=35, examples=["auto", "es", "es-MX"])
    target_language: str = Field(default="en", max_length=35)
    context: ContextRequest = Field(default_factory=ContextRequest)
    preferences: PreferencesRequest = Field(default_factory=PreferencesRequest)
    noise_reduction: bool = Field(default=False, description="Take steady noise away before the recording is heard.")


class BegunUpload(BaseModel):
    """An input that waits for its recording, and the form that posts it."""

    model_config = ConfigDict(frozen=True)

    record: Input
    url: str
    fields: dict[str, str] = Field(repr=False)


class UploadPlace(BaseModel):
    """What the key of an uploaded file says. ``input_id`` is None for a file dropped in without an input."""

    model_config = ConfigDict(frozen=True)

    tenant: str
    input_id: str | None
    filename: str


def begin_upload(
    request: UploadRequest, *, tenant: str, bucket: str, inputs: InputRepository, signer: UploadSigner, clock: Clock
) -> BegunUpload:
    """Make an input of a recording that is to come, and sign its upload.

    Raises
    ------
    UnsupportedInputError
        With every field that is at fault; nothing is kept then.
    """
    now = clock.now()
    input_id = new_id("inp", now)
    source = AudioSource(
        bucket=bucket,
        key=f"uploads/{tenant}/{input_id}/{safe_name(request.filename)}",
        media_type=audio_media_type(request.content_type) or "",
        size=request.size,
        longest_seconds=UPLOADED_LONGEST_SECONDS,
        noise_reduction=request.noise_reduction,
        awaited_until=now + PATIENCE,
    )
    problems = _file_problems(request)
    try:
        record = accept_audio(
            source,
            tenant=tenant,
            input_id=input_id,
            now=now,
            source_language=request.source_language,
            target_language=request.target_language,
            context=request.context,
            preferences=request.preferences,
        )
    except UnsupportedInputError as refusal:
        # What is said of the audio there is said of the fields of this request here.
        raise_for([*problems, *(error for error in refusal.errors if error.field != "audio")])
        raise
    raise_for(problems)
    form = signer.sign(bucket, source.key, content_type=request.content_type, max_bytes=MAX_UPLOADED_AUDIO_BYTES)
    inputs.create(record)
    return BegunUpload(record=record, url=form.url, fields=form.fields)


def read_upload_key(key: str) -> UploadPlace:
    """Tell tenant, input and name from the key of an uploaded file.

    Raises
    ------
    UnsupportedInputError
        The key is not ``uploads/<tenant>/…/<filename>``: nobody's recording.
    """
    place = tenant_and_path(key)
    if place is None:
        raise UnsupportedInputError("An upload belongs under uploads/<tenant>/<name>.")
    tenant, folders = place
    is_awaited = len(folders) == 2 and _INPUT_ID.fullmatch(folders[0]) is not None
    return UploadPlace(tenant=tenant, input_id=folders[0] if is_awaited else None, filename=folders[-1])


def as_of(record: Input, now: datetime) -> Input:
    """Return an input as it is to be told: one whose recording never came as failed.

    Nothing is written: should the recording come after all, it is worked on.
    """
    awaited_until = record.audio.awaited_until if record.audio else None
    if record.status is not Status.RECEIVED or awaited_until is None or now <= awaited_until:
        return record
    message = "No file came within an hour. Ask for another upload, and post the file to it within 15 minutes."
    failure = InputError(
        error=UnsupportedInputError.__name__,
        detail=message,
        errors=(FieldError(field="audio", message=message),),
        failed_at=awaited_until,
    )
    return record.model_copy(update={"status": Status.FAILED, "failure": failure})


def _file_problems(request: UploadRequest) -> list[FieldError]:
    problems = []
    if wrong := name_problem(request.filename):
        problems.append(FieldError(field="filename", message=wrong))
    if audio_media_type(request.content_type) is None:
        types = ", ".join(AUDIO_TYPES)
        problems.append(FieldError(field="content_type", message=f"Give the media type of a recording: {types}."))
    if request.size <= 0:
        problems.append(FieldError(field="size", message="The file is empty. Give its size in bytes."))
    elif request.size > MAX_UPLOADED_AUDIO_BYTES:
        most = f"{MAX_UPLOADED_AUDIO_BYTES:,} bytes ({MAX_UPLOADED_AUDIO_BYTES // 2**20} MB)"
        message = f"A recording may have {most}. Send it as mp3, m4a or ogg, or in parts."
        problems.append(FieldError(field="size", message=message))
    return problems
