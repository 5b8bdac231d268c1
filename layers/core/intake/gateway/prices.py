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


def _tokens(provider: str, model: str, effective: str, source: str, read: str, written: str = "0") -> Price:
    """Price a model by the token: dollars for a million read, and for a million written."""
    return Price(
        provider=provider,
        model=model,
        effective=date.fromisoformat(effective),
        source=source,
        input_tokens=Decimal(read),
        output_tokens=Decimal(written),
    )


def _characters(provider: str, model: str, effective: str, source: str, dollars: str) -> Price:
    """Price a model by the character: dollars for a million."""
    day = date.fromisoformat(effective)
    return Price(provider=provider, model=model, effective=day, source=source, characters=Decimal(dollars))


def _hour(provider: str, model: str, effective: str, source: str, dollars: str) -> Price:
    """Price a model by the length of the sound: dollars for an hour."""
    day, millisecond = date.fromisoformat(effective), Decimal(dollars) / _MILLIONS_IN_AN_HOUR
    return Price(provider=provider, model=model, effective=day, source=source, audio_milliseconds=millisecond)


_MILLIONS_IN_AN_HOUR = Decimal("3.6")
"""Millions of milliseconds."""

_OPENAI = "OpenAI price list, read November 2026"
_MINI_TRANSCRIBE = (
    "unverified: by the token so as to give OpenAI's own $0.003 a minute; its page of the model says 1.25"
)
_GEMINI = "Gemini API price list, read November 2026"
_ELEVENLABS = "unverified: ElevenLabs' prices as a third party lists them, mid-2026; plans differ"
_TRANSLATE = "unverified: $15 for a million characters is commonly stated"
_TRANSCRIBE = "unverified: $0.024 a minute is commonly stated"
_POLLY = "Amazon Polly price list, a copy of October 2026"

PUBLISHED = (
    # Inputs over 272,000 tokens cost double; Intake's requests stay far below.
    _tokens("openai", "gpt-5.6-luna", "2026-08-01", _OPENAI, "0.20", "1.20"),
    _tokens("openai", "gpt-5.4-nano", "2026-08-01", _OPENAI, "0.20", "1.25"),
    _tokens("openai", "gpt-5.4-mini", "2026-08-01", _OPENAI, "0.75", "4.50"),
    _tokens("openai", "text-embedding-3-small", "2026-08-01", _OPENAI, "0.02"),
    _tokens("openai", "text-embedding-3-large", "2026-08-01", _OPENAI, "0.13"),
    _hour("openai", "gpt-transcribe", "2026-08-01", _OPENAI, "0.27"),
    _hour("openai", "whisper-1", "2026-08-01", _OPENAI, "0.36"),
    _tokens("openai", "gpt-4o-mini-transcribe", "2026-08-01", _MINI_TRANSCRIBE, "3.00", "5.00"),
    _tokens("flash", "gemini-2.5-flash-lite", "2026-11-01", _GEMINI, "0.10", "0.40"),
    _tokens("flash", "gemini-3.1-flash-lite", "2026-11-01", _GEMINI, "0.25", "1.50"),
    _tokens("flash", "gemini-3.5-flash-lite", "2026-11-01", _GEMINI, "0.30", "2.50"),
    _tokens("flash", "gemini-3.8-flash", "2026-11-01", _GEMINI, "0.75", "3.75"),
    _tokens("flash", "gemini-3.8-flash", "2027-01-01", _GEMINI, "1.50", "7.50"),
    _hour("elevenlabs", "scribe_v2", "2026-07-01", _ELEVENLABS, "0.22"),
    _hour("elevenlabs", "scribe_v1", "2026-07-01", _ELEVENLABS, "0.22"),
    _characters("elevenlabs", "eleven_flash_v2_5", "2026-07-01", _ELEVENLABS, "50"),
    _characters("amazon_translate", "real-time", "2026-11-01", _TRANSLATE, "15"),
    _hour("amazon_transcribe", "standard", "2026-11-01", _TRANSCRIBE, "1.44"),
    _characters("amazon_polly", "neural", "2026-10-01", _POLLY, "16"),
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
