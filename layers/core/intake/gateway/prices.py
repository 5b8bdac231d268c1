"""What providers charge: a dated table with its sources, and the sum of one call in micro-dollars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, Decimal

from pydantic import BaseModel, ConfigDict

from intake.errors import ConfigurationError
from intake.money import MICROUSD_PER_USD, Usage

_MILLION = 1_000_000


class Price(BaseModel):
    """The price of one model from one day on, in dollars for a million units of each kind."""

    model_config = ConfigDict(frozen=True)

    provider: str
    model: str
    effective: date
    source: str
    input_tokens: Decimal = Decimal(0)
    output_tokens: Decimal = Decimal(0)
    characters: Decimal = Decimal(0)
    audio_milliseconds: Decimal = Decimal(0)
    pages: Decimal = Decimal(0)

    def cost_microusd(self, usage: Usage) -> int:
        """Return the cost of a call, rounded up to a whole micro-dollar."""
        millionths = (
            self.input_tokens * usage.input_tokens
            + self.output_tokens * usage.output_tokens
            + self.characters * usage.characters
            + self.audio_milliseconds * usage.audio_milliseconds
            + self.pages * usage.pages
        )
        return int((millionths * MICROUSD_PER_USD / _MILLION).to_integral_value(ROUND_CEILING))


_OPENAI = "OpenAI price list, read November 2026"
_GEMINI = "Gemini API price list, read November 2026"
_ELEVENLABS = "unverified: ElevenLabs' prices as a third party lists them, mid-2026; plans differ"
_HOUR = Decimal("3.6")
"""An hour in millions of milliseconds."""

PUBLISHED = (
    # Inputs over 272,000 tokens cost double; Intake's requests stay far below.
    Price(
        provider="openai",
        model="gpt-5.6-luna",
        effective=date(2026, 8, 1),
        source=_OPENAI,
        input_tokens=Decimal("0.20"),
        output_tokens=Decimal("1.20"),
    ),
    Price(
        provider="openai",
        model="gpt-5.4-nano",
        effective=date(2026, 8, 1),
        source=_OPENAI,
        input_tokens=Decimal("0.20"),
        output_tokens=Decimal("1.25"),
    ),
    Price(
        provider="openai",
        model="gpt-5.4-mini",
        effective=date(2026, 8, 1),
        source=_OPENAI,
        input_tokens=Decimal("0.75"),
        output_tokens=Decimal("4.50"),
    ),
    Price(
        provider="openai",
        model="text-embedding-3-small",
        effective=date(2026, 8, 1),
        source=_OPENAI,
        input_tokens=Decimal("0.02"),
    ),
    Price(
        provider="openai",
        model="text-embedding-3-large",
        effective=date(2026, 8, 1),
        source=_OPENAI,
        input_tokens=Decimal("0.13"),
    ),
    Price(
        provider="openai",
        model="gpt-transcribe",
        effective=date(2026, 8, 1),
        source=_OPENAI,
        audio_milliseconds=Decimal("0.27") / _HOUR,  # $0.0045 a minute
    ),
    Price(
        provider="openai",
        model="whisper-1",
        effective=date(2026, 8, 1),
        source=_OPENAI,
        audio_milliseconds=Decimal("0.36") / _HOUR,  # $0.006 a minute
    ),
    Price(
        provider="openai",
        model="gpt-4o-mini-transcribe",
        effective=date(2026, 8, 1),
        source="unverified: by the token so as to give OpenAI's own $0.003 a minute; its page of the model says 1.25",
        input_tokens=Decimal("3.00"),
        output_tokens=Decimal("5.00"),
    ),
    Price(
        provider="flash",
        model="gemini-2.5-flash-lite",
        effective=date(2026, 11, 1),
        source=_GEMINI,
        input_tokens=Decimal("0.10"),
        output_tokens=Decimal("0.40"),
    ),
    Price(
        provider="flash",
        model="gemini-3.1-flash-lite",
        effective=date(2026, 11, 1),
        source=_GEMINI,
        input_tokens=Decimal("0.25"),
        output_tokens=Decimal("1.50"),
    ),
    Price(
        provider="flash",
        model="gemini-3.5-flash-lite",
        effective=date(2026, 11, 1),
        source=_GEMINI,
        input_tokens=Decimal("0.30"),
        output_tokens=Decimal("2.50"),
    ),
    Price(
        provider="flash",
        model="gemini-3.8-flash",
        effective=date(2026, 11, 1),
        source=_GEMINI,
        input_tokens=Decimal("0.75"),
        output_tokens=Decimal("3.75"),
    ),
    Price(
        provider="flash",
        model="gemini-3.8-flash",
        effective=date(2027, 1, 1),
        source=_GEMINI,
        input_tokens=Decimal("1.50"),
        output_tokens=Decimal("7.50"),
    ),
    Price(
        provider="elevenlabs",
        model="scribe_v2",
        effective=date(2026, 7, 1),
        source=_ELEVENLABS,
        audio_milliseconds=Decimal("0.22") / _HOUR,
    ),
    Price(
        provider="elevenlabs",
        model="scribe_v1",
        effective=date(2026, 7, 1),
        source=_ELEVENLABS,
        audio_milliseconds=Decimal("0.22") / _HOUR,
    ),
    Price(
        provider="elevenlabs",
        model="eleven_flash_v2_5",
        effective=date(2026, 7, 1),
        source=_ELEVENLABS,
        characters=Decimal(50),
    ),
    Price(
        provider="amazon_translate",
        model="real-time",
        effective=date(2026, 11, 1),
        source="unverified: $15 for a million characters is commonly stated",
        characters=Decimal(15),
    ),
    Price(
        provider="amazon_polly",
        model="neural",
        effective=date(2026, 10, 1),
        source="Amazon Polly price list, a copy of October 2026",
        characters=Decimal(16),
    ),
)


class PriceList:
    """Finds the price in force on a day."""

    def __init__(self, prices: Iterable[Price] = PUBLISHED) -> None:
        self._prices = sorted(prices, key=lambda price: price.effective, reverse=True)

    def lookup(self, provider: str, model: str, day: date) -> Price | None:
        """Return the latest price of a model that is in force on a day, or None."""
        for price in self._prices:
            if (price.provider, price.model) == (provider, model) and price.effective <= day:
                return price
        return None

    def find(self, provider: str, model: str, day: date) -> Price:
        """Return the price in force, as `lookup` does.

        Raises
        ------
        ConfigurationError
            The model has no price: a call whose cost is unknown is not made.
        """
        price = self.lookup(provider, model, day)
        if price is None:
            raise ConfigurationError(
                f"{provider} has no price for the model {model}: choose a priced model, or add its price to the table."
            )
        return price
