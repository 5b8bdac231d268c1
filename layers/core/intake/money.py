"""Money as whole micro-dollars, of which a cent is 10,000, so that sums are exact; and what providers bill."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from pydantic import BaseModel, ConfigDict

MICROUSD_PER_USD = 1_000_000


class Usage(BaseModel):
    """What one call consumed, in the units providers bill by.

    A provider reports the units it charges for and leaves the others at zero; ``prices`` turns them into money.
    """

    model_config = ConfigDict(frozen=True)

    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    audio_milliseconds: int = 0
    pages: int = 0


class Charge(BaseModel):
    """What one call was charged, under the id of its reservation: noted twice, it is one charge."""

    model_config = ConfigDict(frozen=True)

    call: str
    microusd: int


def microusd(usd: str | Decimal) -> int:
    """Convert dollars to micro-dollars, rounding up: what is owed is never understated."""
    return int((Decimal(usd) * MICROUSD_PER_USD).to_integral_value(ROUND_CEILING))


def format_usd(amount_microusd: int) -> str:
    """Show an amount to people: ``$0.0123``, or ``$0`` for nothing; at most six decimals, at least two."""
    if amount_microusd == 0:
        return "$0"
    whole, fraction = f"{Decimal(amount_microusd) / MICROUSD_PER_USD:.6f}".split(".")
    return f"${whole}.{fraction.rstrip('0').ljust(2, '0')}"
