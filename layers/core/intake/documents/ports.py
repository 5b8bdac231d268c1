"""What the stages of a document need from outside, besides the repository and the index."""

from __future__ import annotations

from typing import Any, Protocol

from intake.gateway.outcome import Outcome, Route
from intake.providers.ports import Capability, Need


class Caller(Protocol):
    """The gateway's way to one provider."""

    def call(self, capability: Capability, provider_name: str, request: Any, *, tenant: str) -> Outcome[Any]:
        """Ask one provider, once; see `intake.gateway.gateway.Gateway.call`."""
        ...


class Router(Protocol):
    """The gateway's choice among providers."""

    def route(self, capability: Capability, need: Need, *, tenant: str) -> Route:
        """Order the providers for a job; see `intake.gateway.gateway.Gateway.route`."""
        ...


class Objects(Protocol):
    """Files by bucket and key; see `intake.storage.objects.ObjectStore`."""

    def get(self, bucket: str, key: str) -> bytes:
        """Return the bytes of an object; NotFoundError where there is none."""
        ...

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = ...) -> None:
        """Write an object, whole or not at all."""
        ...


class PdfFacts(Protocol):
    """What is known of a PDF before its text is read."""

    @property
    def pages(self) -> int: ...

    @property
    def has_text_layer(self) -> bool: ...


class PdfInspector(Protocol):
    """Opens a PDF safely, and says what it is."""

    def __call__(self, document: bytes) -> PdfFacts:
        """Inspect a PDF.

        Raises
        ------
        DocumentRejectedError
            It is damaged, encrypted or cannot be opened within the limits of memory and time.
        """
        ...
