"""Stage RegisterUpload: a file under ``uploads/<tenant>/`` comes to the input that awaits it, or becomes one, once."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.audio_types import AUDIO_TYPES
from intake.clock import Clock
from intake.errors import ConflictError, ErasedError, FieldError, NotFoundError, UnsupportedInputError
from intake.events import EventPublisher
from intake.ids import derived_id
from intake.inputs.acceptance import (
    MAX_CHARACTERS,
    RETENTION,
    InputRequest,
    accept_audio,
    accept_text,
    audio_problems,
)
from intake.inputs.announcement import announce
from intake.inputs.audio_checks import UPLOADED_LONGEST_SECONDS
from intake.inputs.languages import AUTO
from intake.inputs.memory import TranslationMemory
from intake.inputs.model import AudioSource, Input, InputError, Status, StoredFile
from intake.inputs.ports import ObjectReader, UploadedFiles
from intake.inputs.progress import of_failure
from intake.inputs.repository import InputRepository
from intake.inputs.reuse import of_this_edition
from intake.inputs.uploads import read_upload_key

_TYPE_OF_SUFFIX = {suffix: media_type for media_type, suffix in AUDIO_TYPES.items()} | {"mp4": "audio/mp4"}
_TEXT_SUFFIX = "txt"
_BYTES_OF_A_CHARACTER = 4


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str
    etag: str
    size: int = Field(ge=0)


class RegisterUploadCommand(BaseModel):
    """The ``detail`` of the event "Object Created" of S3, as EventBridge brings it; ``size`` in bytes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bucket: _Bucket
    object: _Object


def register_upload(
    command: RegisterUploadCommand,
    *,
    inputs: InputRepository,
    objects: UploadedFiles,
    events: EventPublisher,
    memory: TranslationMemory,
    clock: Clock,
) -> dict[str, Any]:
    """Find the input that awaits a file, or make one; of a file that cannot be worked on, a failed one, which is told.

    An input of ``POST /v1/inputs/uploads`` is named by its key. Of a file that was dropped in, the id is derived from
    bucket, key and etag: an event delivered twice means one input, and the same name with new content another.

    Returns
    -------
    dict
        ``{"outcome", "tenant", "input_id", "has_audio"}``: the outcome is ``registered``; ``rejected`` where there is
        nothing to go on with; ``unawaited`` where no input awaits the file any more: completed, erased or expired.

    Raises
    ------
    UnsupportedInputError
        The file belongs to no tenant.
    """
    place = read_upload_key(command.object.key)
    tenant, input_id = identify_upload(command)
    if place.input_id is not None:
        outcome = _arrived(command, tenant, input_id, inputs, objects, events, clock)
        return {"outcome": outcome, "tenant": tenant, "input_id": input_id, "has_audio": True}
    name = place.filename
    try:
        record = _accepted(command, name, tenant, input_id, objects, clock)
    except UnsupportedInputError as problem:
        record = _rejected(tenant, input_id, problem, clock)
    file = StoredFile(bucket=command.bucket.name, key=command.object.key)
    record = of_this_edition(record, memory).model_copy(update={"uploaded": file})
    _create_once(inputs, record)
    is_rejected = record.status is Status.FAILED
    if is_rejected:
        announce(record, events)
    outcome = "rejected" if is_rejected else "registered"
    return {"outcome": outcome, "tenant": tenant, "input_id": input_id, "has_audio": record.audio is not None}


def identify_upload(command: RegisterUploadCommand) -> tuple[str, str]:
    """Return the tenant of an upload and the id of its input.

    Raises
    ------
    UnsupportedInputError
        The key belongs to no tenant.
    """
    place = read_upload_key(command.object.key)
    derived = derived_id("inp", command.bucket.name, command.object.key, command.object.etag)
    return place.tenant, place.input_id or derived


def _arrived(
    command: RegisterUploadCommand,
    tenant: str,
    input_id: str,
    inputs: InputRepository,
    objects: UploadedFiles,
    events: EventPublisher,
    clock: Clock,
) -> str:
    """Say what is to be done with a file that came to the input in its key."""
    try:
        awaiting = inputs.get(tenant, input_id)
    except ErasedError:
        # It was posted after its input had been erased: kept, or made an input of its own, its words would be back.
        objects.erase(command.bucket.name, command.object.key)
        return "unawaited"
    except NotFoundError:
        return "unawaited"
    source = awaiting.audio
    if source is None or source.key != command.object.key or awaiting.status is Status.COMPLETED:
        return "unawaited"
    problems = audio_problems(source.model_copy(update={"size": command.object.size}))
    if not problems:
        return "registered"
    inputs.fail(tenant, input_id, _failure(UnsupportedInputError(problems[0].message, errors=tuple(problems)), clock))
    announce(inputs.get(tenant, input_id), events)
    return "rejected"


def _accepted(
    command: RegisterUploadCommand,
    name: str,
    tenant: str,
    input_id: str,
    objects: ObjectReader,
    clock: Clock,
) -> Input:
    suffix = name.rpartition(".")[2].lower()
    if suffix == _TEXT_SUFFIX:
        text = _text(objects, command)
        return accept_text(InputRequest(text=text), tenant=tenant, input_id=input_id, now=clock.now())
    audio = AudioSource(
        bucket=command.bucket.name,
        key=command.object.key,
        media_type=_TYPE_OF_SUFFIX.get(suffix, "unknown"),
        size=command.object.size,
        longest_seconds=UPLOADED_LONGEST_SECONDS,
    )
    return accept_audio(audio, tenant=tenant, input_id=input_id, now=clock.now())


def _text(objects: ObjectReader, command: RegisterUploadCommand) -> str:
    size = command.object.size
    if size > MAX_CHARACTERS * _BYTES_OF_A_CHARACTER:
        message = f"The file has {size:,} bytes; a text may have {MAX_CHARACTERS:,} characters. Send it in parts."
        raise UnsupportedInputError(message, errors=(FieldError(field="text", message=message),))
    try:
        return objects.get(command.bucket.name, command.object.key).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "The file is not text in UTF-8. Save it as UTF-8, and send it again."
        raise UnsupportedInputError(message, errors=(FieldError(field="text", message=message),)) from error


def _rejected(tenant: str, input_id: str, problem: UnsupportedInputError, clock: Clock) -> Input:
    now = clock.now()
    failure = _failure(problem, clock)
    return Input(
        tenant=tenant,
        id=input_id,
        status=Status.FAILED,
        created_at=now,
        expires_at=now + RETENTION,
        declared_language=AUTO,
        target_language="en",
        failure=failure,
        progress=(of_failure(failure),),
    )


def _failure(problem: UnsupportedInputError, clock: Clock) -> InputError:
    return InputError(error=type(problem).__name__, detail=problem.detail, errors=problem.errors, failed_at=clock.now())


def _create_once(inputs: InputRepository, record: Input) -> None:
    try:
        inputs.create(record)
    except ConflictError:
        # The event came twice: the input that the first one made goes on.
        return
