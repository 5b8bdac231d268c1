"""Documents and segments in memory, under the same contract tests as the adapters."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.documents.model import Document, Status
from intake.documents.repository import DocumentPage
from intake.documents.vectors import Segment
from intake.errors import ConflictError, FieldError, NotFoundError, UnsupportedInputError


@dataclass
class MemoryDocuments:
    """`intake.documents.repository.DocumentRepository` in dictionaries."""

    records: dict[tuple[str, str], Document] = field(default_factory=dict)
    owners: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, document: Document) -> None:
        if (document.tenant, document.id) in self.records:
            raise ConflictError(f"There is a document {document.id} already.")
        self.records[document.tenant, document.id] = document

    def get(self, tenant: str, document_id: str) -> Document:
        if (tenant, document_id) not in self.records:
            raise NotFoundError(f"There is no document {document_id}.")
        return self.records[tenant, document_id]

    def replace(self, document: Document) -> Document:
        stored = self.records.get((document.tenant, document.id))
        if stored is None or stored.version != document.version:
            raise ConflictError(f"Document {document.id} has changed meanwhile.")
        written = document.model_copy(update={"version": document.version + 1})
        self.records[document.tenant, document.id] = written
        return written

    def page(
        self, tenant: str, *, status: Status | None = None, limit: int = 50, cursor: str | None = None
    ) -> DocumentPage:
        if cursor is not None and not cursor.isdigit():
            raise UnsupportedInputError(
                "The cursor is not valid.", errors=(FieldError(field="cursor", message="Bad."),)
            )
        start = int(cursor or 0)
        found = [
            document
            for (owner, _id), document in self.records.items()
            if owner == tenant and status in (None, document.status)
        ]
        found.sort(key=lambda document: (document.created_at, document.id), reverse=True)
        items = tuple(found[start : start + limit])
        return DocumentPage(items, str(start + limit) if len(found) > start + limit else None)

    def claim_content(self, tenant: str, sha256: str, document_id: str, *, instead_of: str | None = None) -> str:
        owner = self.owners.setdefault((tenant, sha256), document_id)
        if owner == instead_of:
            owner = self.owners[tenant, sha256] = document_id
        return owner


@dataclass
class MemoryVectorStore:
    """`intake.documents.vectors.VectorStore` in a dictionary."""

    kept: dict[tuple[str, str, str], Segment] = field(default_factory=dict)

    def put_segment(self, segment: Segment) -> None:
        self.kept[segment.tenant, segment.model.slug, segment.document_id] = segment

    def delete_segment(self, tenant: str, document_id: str) -> None:
        self.kept = {key: segment for key, segment in self.kept.items() if (key[0], key[2]) != (tenant, document_id)}

    def segments(self, tenant: str, document_ids: frozenset[str] | None = None) -> list[Segment]:
        return [
            segment
            for (owner, _model, document_id), segment in sorted(self.kept.items(), key=lambda entry: entry[0])
            if owner == tenant and (document_ids is None or document_id in document_ids)
        ]
