"""The remote providers, wired as in a deployment, against the double."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.providers.ports import AnyProvider, Capability
from intake.providers.remote import remote_providers
from intake.settings import Settings
from tests.doubles.control import Control
from tests.doubles.openai_server import running


@pytest.fixture(scope="module")
def server() -> Iterator[Control]:
    with running() as control:
        yield control


@pytest.fixture
def double(server: Control) -> Control:
    server.reset()
    return server


class Remote:
    """Finds a provider by capability and name."""

    def __init__(self, double: Control, **settings: object) -> None:
        self.settings = Settings.model_validate(
            {
                "OPENAI_API_KEY": "sk-openai",
                "OPENAI_BASE_URL": double.openai_base_url,
                "FLASH_API_KEY": "key-flash",
                "FLASH_BASE_URL": double.flash_base_url,
                "INTAKE_PROVIDER_TIMEOUT_SECONDS": 5,
                **settings,
            }
        )
        self.all = {(provider.capability, provider.name): provider for provider in remote_providers(self.settings)}

    def __call__(self, capability: Capability, name: str = "openai") -> AnyProvider:
        return self.all[capability, name]


@pytest.fixture
def remote(double: Control) -> Remote:
    return Remote(double)
