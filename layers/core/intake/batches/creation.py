"""A new batch: its file comes with the request, or is posted straight into the bucket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from intake.batches.files import checked_lines, source_key
from intake.batches.model import MAX_BYTES, Batch, BatchError, Status
from intake.batches.ports import BatchFiles
from intake.batches.repository import BatchRepository
from intake.clock import Clock
from intake.errors import FieldError, IntakeError, UnsupportedInputError
from intake.ids import new_id
from intake.inputs.acceptance import RETENTION
from intake.uploads import PresignedUpload, UploadSigner

MEDIA_TYPE = "application/x-ndjson"
_MAX_FILENAME = 255


class BatchRequest(BaseModel):
    """A file that will be uploaded; ``size`` in bytes."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    size: int = Field(examples=[20_480_000])
    filename: str | None = Field(default=None, examples=["claims-november.jsonl"])


@dataclass(frozen=True)
class Announced:
    """A batch that awaits its file, and the form that uploads it."""

    batch: Batch
    upload: PresignedUpload


def announce_upload(
    request: BatchRequest, *, tenant: str, bucket: str, batches: BatchRepository, signer: UploadSigner, clock: Clock
) -> Announced:
    """Record a batch whose file is to come, and sign its upload. Its arrival starts the work.

    Raises
    ------
    UnsupportedInputError
        With every field that is at fault.
    """
    if errors := tuple(_errors(request)):
        raise UnsupportedInputError(" ".join(f"{error.field}: {error.message}" for error in errors), errors=errors)
    batch = _new(tenant, Status.AWAITING_UPLOAD, clock.now(), size=request.size, filename=request.filename)
    upload = signer.sign(bucket, source_key(tenant, batch.id), content_type=MEDIA_TYPE, max_bytes=MAX_BYTES)
    batches.add(batch)
    return Announced(batch, upload)


def receive(
    content: bytes, *, tenant: str, bucket: str, batches: BatchRepository, files: BatchFiles, clock: Clock
) -> Batch:
    """Take a file that came with the request. That it is kept starts the work, as an upload does.

    Raises
    ------
    UnsupportedInputError
        The file as a whole is at fault; what single lines lack is told line by line when the batch has ended.
    """
    checked_lines(content)
    batch = _new(tenant, Status.RECEIVED, clock.now(), size=len(content))
    batches.add(batch)
    try:
        files.put(bucket, source_key(tenant, batch.id), content, content_type=MEDIA_TYPE)
    except IntakeError as error:
        # Nothing will ever start it, and it must not look as if.
        fault = BatchError(error=type(error).__name__, detail=error.detail)
        batches.replace(batch.model_copy(update={"status": Status.FAILED, "ended_at": clock.now(), "error": fault}))
        raise
    return batch


def _new(tenant: str, status: Status, now: datetime, *, size: int, filename: str | None = None) -> Batch:
    return Batch(
        tenant=tenant,
        id=new_id("bat", now),
        status=status,
        created_at=now,
        expires_at=now + RETENTION,
        size=size,
        filename=filename,
    )


def _errors(request: BatchRequest) -> list[FieldError]:
    errors = []
    if request.size <= 0:
        errors.append(FieldError(field="size", message="The file is empty."))
    elif request.size > MAX_BYTES:
        message = f"The file may have {MAX_BYTES:,} bytes (64 MB). Send it in several batches."
        errors.append(FieldError(field="size", message=message))
    name = request.filename
    if name is not None and (not name.strip() or len(name) > _MAX_FILENAME or not name.isprintable()):
        errors.append(FieldError(field="filename", message=f"Give a name of 1 to {_MAX_FILENAME} characters."))
    return errors
