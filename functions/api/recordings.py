"""Speech that comes with a request, as ``multipart/form-data``."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from dependencies import MAX_JSON_BYTES
from intake.audio_types import AUDIO_TYPES
from intake.errors import FieldError, UnsupportedInputError
from intake.inputs.acceptance import (
    MAX_AUDIO_BYTES,
    ContextRequest,
    PreferencesRequest,
    accept_audio,
    audio_media_type,
)
from intake.inputs.model import AudioSource, Input
from intake.storage.objects import ObjectStore
from problems import MalformedRequestError, PayloadTooLargeError, invalid_body

_TYPE_BY_EXTENSION = {extension: media_type for media_type, extension in AUDIO_TYPES.items()}
_JSON_FIELDS = {
    "context": "Send a JSON object in this form field.",
    "preferences": "Send a JSON object in this form field.",
    "noise_reduction": "Send true or false in this form field.",
}
"""Fields whose text is JSON, each with what is said where it is not."""


class RecordingFields(BaseModel):
    """What comes beside the audio; ``context``, ``preferences`` and ``noise_reduction`` as JSON."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    source_language: str = Field(default="auto", max_length=35)
    target_language: str = Field(default="en", max_length=35)
    context: ContextRequest = Field(default_factory=ContextRequest)
    preferences: PreferencesRequest = Field(default_factory=PreferencesRequest)
    noise_reduction: bool = Field(default=False, description="Take steady noise away before the recording is heard.")


@dataclass(frozen=True)
class Recording:
    """A recording as it came. ``media_type`` is canonical, or what was declared where that is no audio."""

    audio: bytes = field(repr=False)
    media_type: str
    fields: RecordingFields


async def read_recording(request: Request) -> Recording:
    """Read the form of a spoken input.

    Raises
    ------
    MalformedRequestError
        The form is broken.
    PayloadTooLargeError
        The recording has more than 6 MB.
    UnsupportedInputError
        The field ``audio`` is missing or no file, or another field is at fault.
    """
    if len(await request.body()) > MAX_AUDIO_BYTES + MAX_JSON_BYTES:
        raise _too_large()
    try:
        form = await request.form(max_files=1, max_fields=8, max_part_size=MAX_JSON_BYTES)
    except HTTPException as error:
        raise MalformedRequestError(f"The form cannot be read: {error.detail}") from None
    try:
        return await _recording(form)
    finally:
        await form.close()


def accept_recording(
    recording: Recording, *, tenant: str, input_id: str, now: datetime, objects: ObjectStore, bucket: str
) -> Input:
    """Make an input of a recording, and keep its audio for the machine.

    Raises
    ------
    UnsupportedInputError
        With one `FieldError` for every field at fault; nothing is kept then.
    """
    extension = AUDIO_TYPES.get(recording.media_type, "bin")
    # Not below uploads/: what arrives there starts a machine by itself.
    source = AudioSource(
        bucket=bucket,
        key=f"requests/{tenant}/{input_id}.{extension}",
        media_type=recording.media_type,
        size=len(recording.audio),
        noise_reduction=recording.fields.noise_reduction,
    )
    fields = recording.fields
    record = accept_audio(
        source,
        tenant=tenant,
        input_id=input_id,
        now=now,
        source_language=fields.source_language,
        target_language=fields.target_language,
        context=fields.context,
        preferences=fields.preferences,
    )
    objects.put(bucket, source.key, recording.audio, content_type=recording.media_type)
    return record


async def _recording(form: FormData) -> Recording:
    audio = form.get("audio")
    if not isinstance(audio, UploadFile):
        message = "Send the recording as a file in the form field audio."
        raise UnsupportedInputError(f"audio: {message}", errors=(FieldError(field="audio", message=message),))
    content = await audio.read()
    if len(content) > MAX_AUDIO_BYTES:
        raise _too_large()
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return Recording(content, _media_type(audio), _fields(texts))


def _media_type(audio: UploadFile) -> str:
    declared = audio.content_type or ""
    if known := audio_media_type(declared):
        return known
    # Many clients declare application/octet-stream for what they do not know; the name is then the better hint.
    extension = PurePosixPath((audio.filename or "").lower()).suffix.lstrip(".")
    return _TYPE_BY_EXTENSION.get(extension, declared)


def _fields(texts: dict[str, str]) -> RecordingFields:
    """Validate the fields beside the audio, those that hold JSON as JSON."""
    values: dict[str, object] = dict(texts)
    for name, message in _JSON_FIELDS.items():
        if name in texts:
            try:
                values[name] = json.loads(texts[name])
            except (ValueError, RecursionError):
                raise UnsupportedInputError(
                    f"{name}: {message}", errors=(FieldError(field=name, message=message),)
                ) from None
    try:
        return RecordingFields.model_validate(values)
    except ValidationError as error:
        raise invalid_body(error) from None


def _too_large() -> PayloadTooLargeError:
    message = "A recording may have 6 MB. Send a shorter one, or a compressed format such as mp3 or ogg."
    return PayloadTooLargeError(message, errors=(FieldError(field="audio", message=message),))
