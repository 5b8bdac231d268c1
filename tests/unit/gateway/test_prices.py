"""What a call costs by the published prices, and who is asked first for it."""

from __future__ import annotations

from datetime import date

import pytest

from intake.gateway.prices import PriceList
from intake.gateway.routing import Preference, in_order
from intake.money import Usage
from intake.providers.ports import Capability
from intake.providers.remote import remote_providers
from intake.settings import Settings

TODAY = date(2026, 11, 20)
MINUTE = Usage(audio_milliseconds=60_000)
THOUSAND = Usage(characters=1_000)


@pytest.mark.parametrize(
    ("provider", "model", "usage", "microusd"),
    [
        ("elevenlabs", "scribe_v2", MINUTE, 3_667),
        ("openai", "gpt-transcribe", MINUTE, 4_500),
        ("openai", "whisper-1", MINUTE, 6_000),
        ("openai", "gpt-4o-mini-transcribe", Usage(input_tokens=600, output_tokens=200), 2_800),
        ("elevenlabs", "eleven_flash_v2_5", THOUSAND, 50_000),
        ("amazon_translate", "real-time", THOUSAND, 15_000),
        ("amazon_polly", "neural", THOUSAND, 16_000),
    ],
)
def test_a_call_costs_what_the_price_list_says(provider: str, model: str, usage: Usage, microusd: int) -> None:
    assert PriceList().find(provider, model, TODAY).cost_microusd(usage) == microusd


@pytest.mark.parametrize(
    ("capability", "preference", "expected"),
    [
        (Capability.TRANSCRIBE, Preference.BALANCED, ["elevenlabs", "openai"]),
        (Capability.TRANSCRIBE, Preference.COST, ["elevenlabs", "openai"]),
        (Capability.TRANSLATE, Preference.BALANCED, ["flash", "openai", "amazon_translate"]),
        (Capability.TRANSLATE, Preference.COST, ["flash", "openai", "amazon_translate"]),
        (Capability.SYNTHESIZE, Preference.BALANCED, ["elevenlabs", "amazon_polly"]),
        (Capability.SYNTHESIZE, Preference.COST, ["amazon_polly", "elevenlabs"]),
    ],
)
def test_remote_providers_are_asked_in_the_order_of_the_preference(
    capability: Capability, preference: Preference, expected: list[str]
) -> None:
    able = [each for each in remote_providers(Settings.model_validate({})) if each.capability is capability]

    assert [provider.name for provider in in_order(able, capability, preference)] == expected
