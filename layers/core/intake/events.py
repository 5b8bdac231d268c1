"""What happened, as others are told: versioned events that carry ids, statuses and figures, and never a text.

A type and its data are a contract with subscribers. A field may be added at any time; one that is removed, renamed or
means something else takes a new ``version`` of its type, and a changelog line. `docs/events.md` lists them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from typing import ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, SerializeAsAny, field_serializer

from intake.clock import iso
from intake.ids import derived_id


class EventData(BaseModel, ABC):
    """What one type of event tells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: ClassVar[str]
    version: ClassVar[int] = 1

    @property
    @abstractmethod
    def subject(self) -> str:
        """The id of what the event is about: that ends once, and so it is told once."""


class InputEnded(EventData):
    """What every end of an input tells. Costs are in millionths of a US dollar."""

    input_id: str
    status: str
    spoken: bool
    source_language: str | None
    target_language: str
    cost_microusd: int

    @property
    def subject(self) -> str:
        return self.input_id


class InputCompleted(InputEnded):
    """An input was understood; ``degraded`` if not by the first choice of providers."""

    type = "input.completed"

    degraded: bool
    cache: str
    duration_ms: float


class InputFailed(InputEnded):
    """An input was not understood. ``error`` is the problem type that its sender is answered with."""

    type = "input.failed"

    error: str
    providers_failed: int


class DocumentEnded(EventData):
    """What every end of a document tells. Costs are in millionths of a US dollar, ``size`` is in bytes."""

    document_id: str
    status: str
    size: int
    pages: int | None
    cost_microusd: int

    @property
    def subject(self) -> str:
        return self.document_id


class DocumentCompleted(DocumentEnded):
    """A document can be found by search."""

    type = "document.completed"

    chunks: int


class DocumentFailed(DocumentEnded):
    """A document could not be processed, by no fault of its own: at which stage, and the code of its error."""

    type = "document.failed"

    stage: str
    code: str


class DocumentRejected(DocumentEnded):
    """A document cannot be read, and nothing but another file will help: at which stage it was found, and the code."""

    type = "document.rejected"

    stage: str
    code: str


class ProviderChange(EventData):
    """What every change of a provider tells: of which capability, and ``since`` when it was out of service."""

    provider: str
    capability: str
    since: str

    @property
    def subject(self) -> str:
        # It may fall out many times; each time begins at another moment.
        return f"{self.provider}#{self.capability}#{self.since}"


class ProviderDegraded(ProviderChange):
    """A provider is passed over: ``state`` is ``open`` after failures, of which ``error`` was the last, or ``held``."""

    type = "provider.degraded"

    state: str
    error: str | None


class ProviderRecovered(ProviderChange):
    """A provider may be called again, after its circuit ``was`` ``open`` or ``held``."""

    type = "provider.recovered"

    was: str


class BatchCompleted(EventData):
    """A batch has come to its end, well or badly: ``status`` says which. ``lines`` is None if its file was no batch."""

    type = "batch.completed"

    batch_id: str
    status: str
    lines: int | None
    completed: int
    failed: int
    duration_ms: float

    @property
    def subject(self) -> str:
        return self.batch_id


EVENT_TYPES: tuple[type[EventData], ...] = (
    InputCompleted,
    InputFailed,
    DocumentCompleted,
    DocumentFailed,
    DocumentRejected,
    ProviderDegraded,
    ProviderRecovered,
    BatchCompleted,
)


class Event(BaseModel):
    """One happening. Announced twice, it has the same ``id`` both times."""

    model_config = ConfigDict(frozen=True)

    id: str
    type: str
    version: int
    tenant: str
    occurred_at: datetime
    data: SerializeAsAny[EventData]

    @field_serializer("occurred_at")
    def _as_text(self, moment: datetime) -> str:
        return iso(moment)


def happened(data: EventData, *, tenant: str, at: datetime) -> Event:
    """Return the event of a happening. Its id follows from tenant, type and subject alone, not from the moment."""
    return Event(
        id=derived_id("evt", tenant, data.type, data.subject),
        type=data.type,
        version=data.version,
        tenant=tenant,
        occurred_at=at,
        data=data,
    )


class EventPublisher(Protocol):
    """Tells subscribers what happened, at least once each."""

    def publish(self, event: Event) -> None:
        """Hand an event over for delivery. Call it after the record is written, and again if the stage runs again.

        Raises
        ------
        TransientError
            It was not taken; a state machine runs the stage again.
        """
        ...
