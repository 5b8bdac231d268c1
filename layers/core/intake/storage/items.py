"""Reading and writing DynamoDB's typed values, for rows whose attributes are not known beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from intake.errors import TransientError

CONDITION_FAILED = "ConditionalCheckFailedException"


@contextmanager
def passing_errors(table: str) -> Iterator[None]:
    """Say a failure of DynamoDB as one that may pass, for a state machine to retry.

    Parameters
    ----------
    table
        What it is to a reader, at the start of a sentence: ``The ledger``.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise TransientError(f"{table} answered {error.response.get('Error', {}).get('Code', 'nothing')}.") from error
    except BotoCoreError as error:
        raise TransientError(f"{table} did not answer: {type(error).__name__}.") from error


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
