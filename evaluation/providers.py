"""Which providers of this deployment can be measured: all that lack nothing, remote ones with their keys."""

from __future__ import annotations

from collections.abc import Iterator

from intake.providers.ports import AnyProvider, Capability
from intake.runtime import services


def configured(capability: Capability) -> Iterator[tuple[AnyProvider, str | None]]:
    """Yield the providers of a capability, each with what it lacks in words, or None if it can be asked."""
    for provider in services().providers:
        if provider.capability is capability:
            yield provider, provider.missing()
