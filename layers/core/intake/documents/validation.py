"""Validation: whether a file can be read, and whether it is new."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from intake.clock import Clock
from intake.documents.announcement import announce
from intake.documents.files import DocumentFiles
from intake.documents.images import inspect_image
from intake.documents.media_types import IMAGES, PDF, TEXTS, decode_text, guess_type, in_words, sniff
from intake.documents.model import MAX_BYTES, MAX_PAGES, Document, DocumentError, Stage, StageRecord, Status
from intake.documents.ports import PdfInspector
from intake.documents.progress import StageClock, move
from intake.documents.registration import Arrival, register_arrival
from intake.documents.repository import DocumentRepository
from intake.errors import DocumentRejectedError, NotFoundError
from intake.events import EventPublisher


class _Bucket(BaseModel):
    name: str


class _Object(BaseModel):
    key: str
    etag: str
    size: int = Field(0, ge=0)


class ValidateCommand(BaseModel):
    """Either a registered document, or the ``detail`` of the event by which S3 tells of a new object."""

    model_config = ConfigDict(frozen=True)

    tenant: str | None = None
    document_id: str | None = None
    bucket: _Bucket | None = None
    object: _Object | None = None
    attempt: int = Field(1, ge=1)

    @model_validator(mode="after")
    def _names_a_document(self) -> ValidateCommand:
        if not (self.tenant and self.document_id) and not (self.bucket and self.object):
            raise ValueError("give tenant and document_id, or the bucket and object of an S3 event")
        return self

    def document(self, documents: DocumentRepository, clock: Clock) -> Document:
        """Return the document that is meant; one that was dropped in is registered now."""
        if self.tenant and self.document_id:
            return documents.get(self.tenant, self.document_id)
        assert self.bucket is not None
        assert self.object is not None
        arrival = Arrival(
            bucket=self.bucket.name, key=self.object.key, etag=self.object.etag.strip('"'), size=self.object.size
        )
        return register_arrival(arrival, documents=documents, now=clock.now())


def validate(
    command: ValidateCommand,
    *,
    documents: DocumentRepository,
    files: DocumentFiles,
    inspect_pdf: PdfInspector,
    events: EventPublisher,
    clock: Clock,
) -> dict[str, Any]:
    """Check a file, and record it as validated, rejected or duplicate. A rejection is told.

    Returns
    -------
    dict
        ``outcome`` is ``validated`` while there is work to do; else the status in which the document has ended.

    Raises
    ------
    NotFoundError
        The document or its file is not there.
    """
    timer = StageClock(clock)
    document = command.document(documents, clock)
    if document.status is Status.UPLOADED:
        document = _judge(document, documents, files, inspect_pdf, timer, command.attempt)
    if document.status is Status.REJECTED:
        announce(document, events)
    outcome = document.status if document.status.is_final else Status.VALIDATED
    return {"outcome": outcome.value, "tenant": document.tenant, "document_id": document.id}


def _judge(
    document: Document,
    documents: DocumentRepository,
    files: DocumentFiles,
    inspect_pdf: PdfInspector,
    timer: StageClock,
    attempt: int,
) -> Document:
    def record(status: Status, note: str | None = None) -> StageRecord:
        return StageRecord(stage=status, at=timer.now(), duration_ms=timer.elapsed_ms(), attempts=attempt, note=note)

    facts: dict[str, Any] = {}
    try:
        body = files.upload(document)
        facts = {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
        _check_content(document, body, facts["sha256"])
        media_type, pages, has_text_layer = _inspect(document, body, inspect_pdf)
    except DocumentRejectedError as rejection:
        error = DocumentError(stage=Stage.VALIDATE, code=rejection.code, message=rejection.detail)
        return move(documents, document, record(Status.REJECTED), error=error, **facts)
    owner = _owner_of_content(document, facts["sha256"], documents)
    if owner != document.id:
        return move(documents, document, record(Status.DUPLICATE), duplicate_of=owner, **facts)
    notice = _misnamed(document.filename, media_type)
    return move(
        documents,
        document,
        record(Status.VALIDATED, notice),
        content_type=media_type,
        pages=pages,
        has_text_layer=has_text_layer,
        notices=() if notice is None else (notice,),
        **facts,
    )


def _check_content(document: Document, body: bytes, sha256: str) -> None:
    if not body:
        raise DocumentRejectedError("The file is empty.", code="empty")
    if len(body) > MAX_BYTES:
        raise DocumentRejectedError("The file is larger than 25 MB.", code="too_large")
    if document.sha256 is not None and document.sha256 != sha256:
        raise DocumentRejectedError(
            "The file is not the one that was announced: its SHA-256 differs. Upload it again.",
            code="checksum_mismatch",
        )


def _inspect(document: Document, body: bytes, inspect_pdf: PdfInspector) -> tuple[str, int | None, bool]:
    """Return media type, pages and whether there is a text layer; pages of plain text are not known before parsing."""
    media_type = sniff(body, hint=guess_type(document.filename) or document.content_type)
    if media_type == PDF:
        facts = inspect_pdf(body)
        _check_pages(facts.pages)
        return media_type, facts.pages, facts.has_text_layer
    if media_type in IMAGES:
        image = inspect_image(body)
        _check_pages(image.pages)
        return media_type, image.pages, image.has_text_layer
    if media_type in TEXTS:
        if not (decode_text(body) or "").strip():
            raise DocumentRejectedError("The file has no text in it.", code="empty")
        return media_type, None, True
    raise DocumentRejectedError(
        f"The file is {in_words(media_type)}, which cannot be read. Send a PDF, a PNG, JPEG or TIFF image, "
        "plain text or Markdown.",
        code="unsupported_type",
    )


def _check_pages(pages: int) -> None:
    if pages < 1:
        raise DocumentRejectedError("The document has no pages.", code="empty")
    if pages > MAX_PAGES:
        raise DocumentRejectedError(
            f"The document has {pages} pages; at most {MAX_PAGES} are read.", code="too_many_pages"
        )


def _owner_of_content(document: Document, sha256: str, documents: DocumentRepository) -> str:
    """Return the document these bytes belong to: the tenant's first one that did not come to nothing."""
    owner = documents.claim_content(document.tenant, sha256, document.id)
    if owner == document.id or _still_stands(document.tenant, owner, documents):
        return owner
    return documents.claim_content(document.tenant, sha256, document.id, instead_of=owner)


def _still_stands(tenant: str, document_id: str, documents: DocumentRepository) -> bool:
    try:
        status = documents.get(tenant, document_id).status
    except NotFoundError:
        return False
    return not (status.is_failure or status in (Status.CANCELLED, Status.REJECTED))


def _misnamed(filename: str, media_type: str) -> str | None:
    by_name = guess_type(filename)
    if by_name is None or by_name == media_type or {by_name, media_type} <= TEXTS:
        return None
    return f"The file is named as {in_words(by_name)}, but is {in_words(media_type)}; it was read as what it is."
