"""What a call costs by the published prices."""

from __future__ import annotations

from datetime import date

import pytest

from intake.gateway.prices import PriceList
from intake.money import Usage

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
