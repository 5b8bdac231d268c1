"""The files of a document: its upload, and what the stages derive from it.

Derived files are written once, whole, and carry what they cost: a stage that runs again finds its result instead of
paying for it a second time.
"""

from __future__ import annotations

import hashlib
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from intake.documents.model import Document
from intake.documents.ports import Objects
from intake.errors import ConflictError, NotFoundError, UnsupportedInputError
from intake.uploads import safe_name, tenant_and_path

ModelT = TypeVar("ModelT", bound=BaseModel)


class PageText(BaseModel):
    """The text of one page as chunks and search know it. ``number`` counts from 1."""

    model_config = ConfigDict(frozen=True)

    number: int
    text: str = Field(repr=False)
    error: str | None = None


class ParsedText(BaseModel):
    """What one parser made of a document."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    provider: str
    model: str
    cost_microusd: int
    duration_ms: int
    pages: tuple[PageText, ...] = Field(repr=False)


class Chunk(BaseModel):
    """A passage: characters ``start`` to ``end`` of the text of ``page``, and exactly those."""

    model_config = ConfigDict(frozen=True)

    id: str
    page: int
    start: int
    end: int
    tokens: int
    text: str = Field(repr=False)


class ChunkList(BaseModel):
    """The passages of a document, in reading order."""

    model_config = ConfigDict(frozen=True)

    chunks: tuple[Chunk, ...] = Field(repr=False)


class BatchFacts(BaseModel):
    """What one batch of vectors is, and what it cost."""

    model_config = ConfigDict(frozen=True)

    chunk_ids: tuple[str, ...]
    provider: str
    model: str
    dimension: int
    cost_microusd: int
    duration_ms: int
    attempts: int


class UploadPlace(BaseModel):
    """What the key of an uploaded file says. ``document_id`` is None for a file dropped in without registration."""

    model_config = ConfigDict(frozen=True)

    tenant: str
    document_id: str | None
    filename: str


def upload_key(tenant: str, document_id: str, filename: str) -> str:
    """Return where a registered file is uploaded; the name is made safe for a key, and kept readable."""
    return f"uploads/{tenant}/{document_id}/{safe_name(filename)}"


def read_upload_key(key: str) -> UploadPlace:
    """Tell tenant, document and name from the key of an uploaded file.

    Raises
    ------
    UnsupportedInputError
        The key is not ``uploads/<tenant>/…/<filename>``: nobody's document.
    """
    place = tenant_and_path(key)
    if place is None:
        raise UnsupportedInputError("A file must be uploaded under uploads/<tenant>/; this one belongs to no tenant.")
    tenant, folders = place
    registered = len(folders) == 2 and folders[0].startswith("doc_")
    return UploadPlace(tenant=tenant, document_id=folders[0] if registered else None, filename=folders[-1])


class DocumentFiles:
    """Reads and writes the files of documents in one bucket."""

    def __init__(self, objects: Objects, bucket: str) -> None:
        self._objects = objects
        self._bucket = bucket

    def upload(self, document: Document) -> bytes:
        """Return the bytes of the uploaded file as they are now; NotFoundError if it is not there."""
        return self._objects.get(self._bucket, document.key)

    def validated_upload(self, document: Document) -> bytes:
        """Return the bytes of the uploaded file as they were validated.

        Raises
        ------
        NotFoundError
            The file is not there.
        ConflictError
            The file was overwritten after its validation: what was not validated is not worked on.
        """
        body = self.upload(document)
        if hashlib.sha256(body).hexdigest() != document.sha256:
            raise ConflictError(f"The file of document {document.id} was changed after it had been validated.")
        return body

    def keep_parsed(self, document: Document, parsed: ParsedText) -> None:
        self._keep(document, _parsed_name(parsed.provider), parsed)

    def parsed(self, document: Document, provider: str) -> ParsedText | None:
        """Return what a parser made of these very bytes, or None if it has not been asked."""
        found = self._find(document, _parsed_name(provider), ParsedText)
        return found if found is not None and found.sha256 == document.sha256 else None

    def keep_chunks(self, document: Document, chunks: ChunkList) -> None:
        self._keep(document, "chunks.json", chunks)

    def chunks(self, document: Document) -> ChunkList:
        """Return the passages of a document; NotFoundError if there are none yet."""
        found = self._find(document, "chunks.json", ChunkList)
        if found is None:
            raise NotFoundError(f"Document {document.id} has no chunks.")
        return found

    def keep_vectors(self, document: Document, batch: int, facts: BatchFacts, packed: bytes) -> str:
        """Write the vectors of one batch: a line of JSON, then the float32 as they came; return the key."""
        key = _derived_key(document, f"vectors-{batch:05d}.f32")
        self._objects.put(self._bucket, key, facts.model_dump_json().encode() + b"\n" + packed)
        return key

    def vectors(self, document: Document, batch: int) -> tuple[BatchFacts, bytes] | None:
        """Return the vectors of one batch, or None if it has not been embedded."""
        try:
            body = self._objects.get(self._bucket, _derived_key(document, f"vectors-{batch:05d}.f32"))
        except NotFoundError:
            return None
        head, _, packed = body.partition(b"\n")
        return BatchFacts.model_validate_json(head), packed

    def _keep(self, document: Document, name: str, value: BaseModel) -> None:
        body = value.model_dump_json().encode()
        self._objects.put(self._bucket, _derived_key(document, name), body, content_type="application/json")

    def _find(self, document: Document, name: str, kind: type[ModelT]) -> ModelT | None:
        try:
            body = self._objects.get(self._bucket, _derived_key(document, name))
        except NotFoundError:
            return None
        try:
            return kind.model_validate_json(body)
        except ValidationError:  # written by another version of Intake: made again, not misread
            return None


def _derived_key(document: Document, name: str) -> str:
    return f"derived/{document.tenant}/{document.id}/{name}"


def _parsed_name(provider: str) -> str:
    return f"parsed-{safe_name(provider)}.json"
