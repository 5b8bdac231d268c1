"""The environment of a stack whose two remote providers are doubles, with room for any load."""

from __future__ import annotations

from tests.doubles.control import Control

FLASH_MODEL = "gemini-3.5-flash-lite"
OPENAI_MODEL = "gpt-5.6-luna"


def variables(flash: Control, openai: Control) -> dict[str, str]:
    """Return the variables of a stack in the mode ``real``."""
    return {
        "FLASH_API_KEY": "load-flash",
        "FLASH_BASE_URL": flash.flash_base_url,
        "FLASH_MODEL": FLASH_MODEL,
        "OPENAI_API_KEY": "load-openai",
        "OPENAI_BASE_URL": openai.openai_base_url,
        "OPENAI_MODEL": OPENAI_MODEL,
        "INTAKE_BUDGET_REQUESTS_PER_HOUR": "1000000",
        "INTAKE_BUDGET_USD_PER_DAY": "1000",
    }
