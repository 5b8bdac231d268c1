"""A document, its states, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from intake.clock import iso
from intake.errors import ConflictError
from intake.gateway.outcome import Route

MAX_BYTES = 25 * 1024 * 1024
MAX_PAGES = 500


class Stage(StrEnum):
    """The work that brings a document from one status to the next, named as its state in the machine."""

    VALIDATE = "validate"
    PARSE = "parse"
    VALIDATE_PARSE = "validate_parse"
    CHUNK = "chunk"
    EMBED = "embed"
    INDEX = "index"
    FINISH = "finish"


class Status(StrEnum):
    """How far a document has come."""

    UPLOADED = "uploaded"
    """Known, and its file is expected or there."""
    VALIDATED = "validated"
    PARSING = "parsing"
    PARSED = "parsed"
    PARSE_VALIDATED = "parse_validated"
    CHUNKED = "chunked"
    EMBEDDING = "embedding"
    EMBEDDED = "embedded"
    COMPLETE = "complete"
    REJECTED = "rejected"
    """The file itself is at fault."""
    DUPLICATE = "duplicate"
    """The tenant has the same bytes already."""
    CANCELLED = "cancelled"
    FAILED_VALIDATE = "failed_validate"
    FAILED_PARSE = "failed_parse"
    FAILED_VALIDATE_PARSE = "failed_validate_parse"
    FAILED_CHUNK = "failed_chunk"
    FAILED_EMBED = "failed_embed"
    FAILED_INDEX = "failed_index"
    FAILED_FINISH = "failed_finish"

    @property
    def is_failure(self) -> bool:
        return self.name.startswith("FAILED_")

    @property
    def is_final(self) -> bool:
        """Whether no stage will touch the document any more."""
        return self not in _NEXT_STAGE


WAY = (
    Status.UPLOADED,
    Status.VALIDATED,
    Status.PARSING,
    Status.PARSED,
    Status.PARSE_VALIDATED,
    Status.CHUNKED,
    Status.EMBEDDING,
    Status.EMBEDDED,
    Status.COMPLETE,
)
"""The statuses of a document with which all goes well, in order."""

_NEXT_STAGE: Mapping[Status, Stage] = {
    Status.UPLOADED: Stage.VALIDATE,
    Status.VALIDATED: Stage.PARSE,
    Status.PARSING: Stage.PARSE,
    Status.PARSED: Stage.VALIDATE_PARSE,
    Status.PARSE_VALIDATED: Stage.CHUNK,
    Status.CHUNKED: Stage.EMBED,
    Status.EMBEDDING: Stage.EMBED,
    Status.EMBEDDED: Stage.INDEX,
}

_FORWARD: Mapping[Status, frozenset[Status]] = {
    Status.UPLOADED: frozenset({Status.VALIDATED, Status.REJECTED, Status.DUPLICATE}),
    Status.VALIDATED: frozenset({Status.PARSING, Status.REJECTED}),
    # A parser that failed, or whose text is below the bar, is followed by the next one; if that fails, the text stands.
    Status.PARSING: frozenset({Status.PARSING, Status.PARSED, Status.PARSE_VALIDATED, Status.REJECTED}),
    Status.PARSED: frozenset({Status.PARSING, Status.PARSE_VALIDATED, Status.REJECTED}),
    Status.PARSE_VALIDATED: frozenset({Status.CHUNKED}),
    Status.CHUNKED: frozenset({Status.EMBEDDING}),
    Status.EMBEDDING: frozenset({Status.EMBEDDED}),
    Status.EMBEDDED: frozenset({Status.COMPLETE}),
}


class StageRecord(BaseModel):
    """One change of status: what was reached, when, how long it took, at which attempt and cost."""

    model_config = ConfigDict(frozen=True)

    stage: Status
    at: datetime
    duration_ms: int = 0
    attempts: int = 1
    cost_microusd: int = 0
    provider: str | None = None
    note: str | None = None


class DocumentError(BaseModel):
    """Why a document did not become searchable. ``code`` is stable; ``message`` is for people."""

    model_config = ConfigDict(frozen=True)

    stage: Stage
    code: str
    message: str


class PageFailure(BaseModel):
    """A page that gave no text, and why."""

    model_config = ConfigDict(frozen=True)

    page: int
    error: str


class Document(BaseModel):
    """A document of a tenant. Immutable: a change is a new value, written only over the version it came from."""

    model_config = ConfigDict(frozen=True)

    tenant: str
    id: str
    status: Status
    filename: str
    content_type: str
    """As declared until validation, then as found in the bytes."""
    size: int
    """Bytes; as declared until validation."""
    key: str
    """Where the file is in the bucket of documents."""
    created_at: datetime
    sha256: str | None = None
    pages: int | None = None
    has_text_layer: bool = True
    chunks: int | None = None
    duplicate_of: str | None = None
    error: DocumentError | None = None
    notices: tuple[str, ...] = ()
    """What its owner should know although all went well, in words."""
    page_failures: tuple[PageFailure, ...] = ()
    parsers: Route | None = None
    embedders: Route | None = None
    parser: str | None = None
    stages: tuple[StageRecord, ...] = ()
    version: int = Field(0, ge=0)
    """Counts the writes; the repository refuses a write that is not based on the stored version."""

    @property
    def cost_microusd(self) -> int:
        return sum(record.cost_microusd for record in self.stages)

    @property
    def next_stage(self) -> Stage | None:
        """The work that is due, or None if there is none."""
        return _NEXT_STAGE.get(self.status)

    def has_reached(self, status: Status) -> bool:
        """Say whether the document has this status, or has left it behind on the way to ``complete``."""
        if self.status in WAY and status in WAY:
            return WAY.index(self.status) >= WAY.index(status)
        return self.status is status

    def times(self, status: Status) -> int:
        """Count how often a status was entered."""
        return sum(record.stage is status for record in self.stages)

    def moved(self, record: StageRecord, **facts: Any) -> Document:
        """Return the document in the status of ``record``, with the facts that were found on the way.

        Raises
        ------
        ConflictError
            The status may not follow the present one.
        """
        if record.stage not in self._possible():
            raise ConflictError(f"Document {self.id} is {self.status}, so it cannot become {record.stage}.")
        return self.model_copy(update={"status": record.stage, "stages": (*self.stages, record), **facts})

    def _possible(self) -> frozenset[Status]:
        stage = self.next_stage
        if stage is None:
            return frozenset()
        failures = {Status(f"failed_{stage}")}
        if stage is Stage.INDEX:
            failures.add(Status.FAILED_FINISH)
        return _FORWARD[self.status] | failures | {Status.CANCELLED}

    def public(self) -> dict[str, JsonValue]:
        """Return the shape that clients see."""
        shape: dict[str, JsonValue] = {
            "id": self.id,
            "status": self.status.value,
            "filename": self.filename,
            "content_type": self.content_type,
            "size": self.size,
            "sha256": self.sha256,
            "pages": self.pages,
            "chunks": self.chunks,
            "cost_microusd": self.cost_microusd,
            "created_at": iso(self.created_at),
            "parser": self.parser,
            "stages": [
                record.model_dump(mode="json", exclude={"at"}, exclude_none=True) | {"at": iso(record.at)}
                for record in self.stages
            ],
            "page_failures": [failure.model_dump() for failure in self.page_failures],
            "notices": list(self.notices),
        }
        if self.duplicate_of is not None:
            shape["duplicate_of"] = self.duplicate_of
        if self.error is not None:
            shape["error"] = self.error.model_dump(mode="json")
        if self.parsers is not None:
            shape["parsers"] = self.parsers.model_dump(mode="json")
        if self.embedders is not None:
            shape["embedders"] = self.embedders.model_dump(mode="json")
        return shape
