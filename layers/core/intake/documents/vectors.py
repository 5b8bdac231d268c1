"""The index of a tenant: one segment for each document and model, and the port behind which segments are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pydantic import BaseModel, ConfigDict, Field

from intake.documents.lexical import Postings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_UNSAFE = re.compile(r"[^a-z0-9.-]+")


class EmbeddingModel(BaseModel):
    """Which vectors these are: only vectors of one provider, model and dimension may be compared."""

    model_config = ConfigDict(frozen=True)

    provider: str
    model: str
    dimension: int

    @property
    def slug(self) -> str:
        """A name for a folder: ``openai.text-embedding-3-small.1536``."""
        return _UNSAFE.sub("-", f"{self.provider}.{self.model}.{self.dimension}".lower())


class Passage(BaseModel):
    """A passage that can be found: characters ``start`` to ``end`` of the text of ``page``."""

    model_config = ConfigDict(frozen=True)

    id: str
    page: int
    start: int
    end: int
    text: str = Field(repr=False)


@dataclass(frozen=True)
class Segment:
    """The passages of one document with their vectors of one model: row ``n`` of ``vectors`` is passage ``n``.

    ``vectors`` is float32, one unit vector a row.
    """

    tenant: str
    document_id: str
    filename: str
    model: EmbeddingModel
    passages: Sequence[Passage]
    postings: Postings
    vectors: NDArray[np.float32]


class VectorStore(Protocol):
    """The segments of all tenants. No method reaches another tenant's."""

    def put_segment(self, segment: Segment) -> None:
        """Write a segment, whole or not at all, over the one of the same document and model."""
        ...

    def delete_segment(self, tenant: str, document_id: str) -> None:
        """Remove a document's segments of all models; that there are none is no error."""
        ...

    def segments(self, tenant: str, document_ids: frozenset[str] | None = None) -> list[Segment]:
        """Return a tenant's segments of all models in a stable order, of all documents or of those named."""
        ...
