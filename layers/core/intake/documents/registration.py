"""Registration: a document becomes known before its file is there (API) or because it is there (drop-in)."""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from intake.clock import Clock
from intake.documents.files import read_upload_key, upload_key
from intake.documents.media_types import GENERIC_TYPE, guess_type
from intake.documents.model import MAX_BYTES, Document, StageRecord, Status
from intake.documents.repository import DocumentRepository
from intake.errors import ConflictError, FieldError, UnsupportedInputError
from intake.ids import derived_id, new_id
from intake.uploads import PresignedUpload, UploadSigner, name_problem

_MEDIA_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+(\s*;.*)?", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)


class RegisterCommand(BaseModel):
    """A file that a client will upload. ``size`` in bytes; ``sha256`` in hexadecimal, checked when it has come."""

    model_config = ConfigDict(frozen=True)

    filename: str
    content_type: str
    size: int
    sha256: str | None = None


class Registration(BaseModel):
    """A registered document and where to post its file."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    document: Document
    url: str
    fields: dict[str, str] = Field(repr=False)


class Arrival(BaseModel):
    """A file that appeared in the bucket. ``etag`` tells two contents under one key apart."""

    model_config = ConfigDict(frozen=True)

    bucket: str
    key: str
    etag: str
    size: int


def register(
    command: RegisterCommand,
    *,
    tenant: str,
    bucket: str,
    documents: DocumentRepository,
    signer: UploadSigner,
    clock: Clock,
) -> Registration:
    """Record a document that is to come, and sign the upload of its file.

    Raises
    ------
    UnsupportedInputError
        With every field that is at fault.
    """
    errors = tuple(_errors(command))
    if errors:
        raise UnsupportedInputError("The document cannot be registered; see the fields.", errors=errors)
    now = clock.now()
    document_id = new_id("doc", now)
    key = upload_key(tenant, document_id, command.filename)
    upload: PresignedUpload = signer.sign(bucket, key, content_type=command.content_type, max_bytes=MAX_BYTES)
    document = Document(
        tenant=tenant,
        id=document_id,
        status=Status.UPLOADED,
        filename=command.filename,
        content_type=command.content_type,
        size=command.size,
        sha256=None if command.sha256 is None else command.sha256.lower(),
        key=key,
        created_at=now,
        stages=(StageRecord(stage=Status.UPLOADED, at=now),),
    )
    documents.add(document)
    return Registration(document=document, url=upload.url, fields=upload.fields)


def register_arrival(arrival: Arrival, *, documents: DocumentRepository, now: datetime) -> Document:
    """Return the document of a file that has arrived, recording it if it was dropped in without registration.

    The id of a drop-in is derived from bucket, key and content tag: an event that is delivered twice is one document,
    and a new content under an old name is a new one.

    Raises
    ------
    UnsupportedInputError
        The key belongs to no tenant.
    NotFoundError
        The key names a registered document that is not there.
    """
    place = read_upload_key(arrival.key)
    if place.document_id is not None:
        return documents.get(place.tenant, place.document_id)
    document = Document(
        tenant=place.tenant,
        id=derived_id("doc", arrival.bucket, arrival.key, arrival.etag),
        status=Status.UPLOADED,
        filename=place.filename,
        content_type=guess_type(place.filename) or GENERIC_TYPE,
        size=arrival.size,
        key=arrival.key,
        created_at=now,
        stages=(StageRecord(stage=Status.UPLOADED, at=now),),
    )
    try:
        documents.add(document)
    except ConflictError:
        return documents.get(document.tenant, document.id)
    return document


def _errors(command: RegisterCommand) -> list[FieldError]:
    errors: list[FieldError] = []
    if wrong := name_problem(command.filename):
        errors.append(FieldError(field="filename", message=wrong))
    if not _MEDIA_TYPE.fullmatch(command.content_type):
        errors.append(FieldError(field="content_type", message="Give a media type such as application/pdf."))
    if command.size <= 0:
        errors.append(FieldError(field="size", message="The file is empty."))
    elif command.size > MAX_BYTES:
        errors.append(FieldError(field="size", message=f"The file may have at most {MAX_BYTES} bytes (25 MB)."))
    if command.sha256 is not None and not _SHA256.fullmatch(command.sha256):
        errors.append(FieldError(field="sha256", message="Give 64 hexadecimal digits, or leave it out."))
    return errors
