"""One double a module, empty for each test, and the providers that call it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from intake.providers.ports import AnyProvider, Capability
from intake.providers.remote import remote_providers
from intake.settings import Settings
from tests.doubles.amazon_server import running
from tests.doubles.control import Control

Make = Callable[..., AnyProvider]
NAMES = {Capability.TRANSLATE: "amazon_translate", Capability.SYNTHESIZE: "amazon_polly"}


@pytest.fixture(scope="module")
def server() -> Iterator[Control]:
    with running() as control:
        yield control


@pytest.fixture
def double(server: Control) -> Control:
    server.reset()
    return server


@pytest.fixture
def make(double: Control, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that makes the provider of a capability, under settings."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-key")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")

    def made(capability: Capability, **settings: object) -> AnyProvider:
        values = {
            "INTAKE_AWS_AI": "on",
            "AWS_ENDPOINT_URL_TRANSLATE": double.address,
            "AWS_ENDPOINT_URL_POLLY": double.address,
            **settings,
        }
        providers = remote_providers(Settings.model_validate(values))
        return next(each for each in providers if each.name == NAMES[capability])

    return made
