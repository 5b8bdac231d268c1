"""The remote providers of a deployment whose services are a double."""

from __future__ import annotations

from intake.providers.ports import AnyProvider, Capability
from intake.providers.remote import remote_providers
from intake.settings import Settings
from tests.doubles.control import Control


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
