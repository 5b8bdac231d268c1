"""A bus in memory, under the same contract test as the one of EventBridge."""

from __future__ import annotations

from dataclasses import dataclass, field

from intake.errors import TransientError
from intake.events import Event


@dataclass
class MemoryEvents:
    """`intake.events.EventPublisher` in a list; ``is_down`` until somebody mends it."""

    published: list[Event] = field(default_factory=list)
    is_down: bool = False

    def publish(self, event: Event) -> None:
        if self.is_down:
            raise TransientError("The bus is down.")
        self.published.append(event)

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.published]
