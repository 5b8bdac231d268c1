"""Where documents are kept: the port that storage implements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from intake.documents.model import Document, Status


@dataclass(frozen=True)
class DocumentPage:
    """Some documents, newest first; ``cursor`` gets the next page, and is None at the end."""

    items: tuple[Document, ...]
    cursor: str | None


class DocumentRepository(Protocol):
    """Documents by tenant and id. No method reaches another tenant's."""

    def add(self, document: Document) -> None:
        """Store a new document.

        Raises
        ------
        ConflictError
            The tenant has a document with this id already; it is left as it is.
        """
        ...

    def get(self, tenant: str, document_id: str) -> Document:
        """Return a document as last written, never an older state of it.

        Raises
        ------
        NotFoundError
            The tenant has no such document.
        """
        ...

    def replace(self, document: Document) -> Document:
        """Write a changed document over the version it came from, and return it with its new version.

        Raises
        ------
        ConflictError
            The stored document has another version, or is gone: somebody else was faster.
        """
        ...

    def page(
        self, tenant: str, *, status: Status | None = None, limit: int = 50, cursor: str | None = None
    ) -> DocumentPage:
        """List a tenant's documents, newest first; ``limit`` bounds the items, of 1 to 200.

        Raises
        ------
        UnsupportedInputError
            The cursor is not one that this method gave.
        """
        ...

    def claim_content(self, tenant: str, sha256: str, document_id: str, *, instead_of: str | None = None) -> str:
        """Make a document the owner of its bytes unless another one is, and return the id of the owner.

        ``instead_of`` names an owner that has come to nothing and gives way. Safe to repeat; of two at once one wins.
        """
        ...
