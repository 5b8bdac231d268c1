"""One double a module, empty for each test, and the providers that call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from intake.providers.ports import AnyProvider, Capability
from intake.providers.remote import remote_providers
from intake.settings import Settings
from tests.doubles.control import Control
from tests.doubles.elevenlabs_server import running

Make = Callable[..., AnyProvider]


@pytest.fixture(scope="module")
def server() -> Iterator[Control]:
    with running() as control:
        yield control


@pytest.fixture
def double(server: Control) -> Control:
    server.reset()
    return server


@pytest.fixture
def make(double: Control) -> Make:
    """Return a function that makes the provider of a capability, under settings."""

    def made(capability: Capability, **settings: object) -> AnyProvider:
        values = {"ELEVENLABS_API_KEY": "xi-key", "ELEVENLABS_BASE_URL": double.address, **settings}
        providers = remote_providers(Settings.model_validate(values))
        return next(each for each in providers if (each.name, each.capability) == ("elevenlabs", capability))

    return made
