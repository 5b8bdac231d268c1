"""Reading and writing DynamoDB's typed values, for rows whose attributes are not known beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

CONDITION_FAILED = "ConditionalCheckFailedException"


def number(item: Mapping[str, Any], name: str) -> int:
    """Return a whole number, 0 where there is none."""
    return int(item[name]["N"]) if name in item else 0


def text(item: Mapping[str, Any], name: str) -> str | None:
    """Return a string, or None where there is none."""
    return str(item[name]["S"]) if name in item else None


def moment(value: Mapping[str, Any] | None) -> Any:
    """Return a moment that was stored as epoch seconds, or None."""
    return None if value is None else datetime.fromtimestamp(float(value["N"]), UTC)


def moment_value(when: datetime) -> Any:
    """Store a moment as epoch seconds with fractions."""
    return {"N": f"{when.timestamp():.6f}"}


def seconds_value(when: datetime) -> Any:
    """Store a moment as whole epoch seconds, as DynamoDB's time to live wants them."""
    return {"N": str(int(when.timestamp()))}
