"""Counters of providers in DynamoDB, one item a row and period.

``pk`` is ``_platform#measured#<capability>`` for all tenants, ``<tenant>#measured#<capability>`` for one; ``sk`` is
``<pair>#<period>``. Attributes are ``<provider>:<counter>``. That an input was counted is an item of its own, ``pk``
``<tenant>#counted``, ``sk`` the input's id: it holds no words, and ends by itself after the input has.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.analytics.cache_use import CacheRow, Counts
from intake.errors import TransientError
from intake.gateway.statistics import Moments, Row, StatisticsStore, Tallies, Tally
from intake.storage.cache_use import update
from intake.storage.items import CONDITION_FAILED, seconds_value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROW_LIFE = timedelta(days=120)
"""Longer than the three months of ratings that count."""
MARK_LIFE = timedelta(days=45)
"""Longer than an input lives, and any replay of its events."""
ATTEMPTS = 6
LONGEST_PAUSE_SECONDS = 1.0

_SUCCESSES, _LOG_MS, _RATINGS, _MARKS, _ERROR = "successes", "log_ms", "ratings", "marks", "error"
_MEASURE = "measure"
_MOMENTS = ("count", "total", "squares")
_COUNTERS = (_SUCCESSES, _LOG_MS, _RATINGS, _MARKS)


@dataclass
class DynamoDBStatistics(StatisticsStore):
    """`StatisticsStore` in the gateway's table.

    Parameters
    ----------
    pause
        Waits for so many seconds. All calls of a day in one pair of languages meet in one item; where two
        transactions do, one is turned down at once and must come again.
    """

    client: DynamoDBClient
    table: str
    pause: Callable[[float], None] = field(default=time.sleep)

    def read(self, rows: Sequence[Row]) -> Mapping[Row, Tallies]:
        keys = {(key["pk"]["S"], key["sk"]["S"]): row for row in rows for key in (row_key(row),)}
        answer = self.client.batch_get_item(RequestItems={self.table: {"Keys": [row_key(row) for row in rows]}})
        if answer.get("UnprocessedKeys"):
            raise TransientError("The table of statistics is busy.")
        return {keys[item["pk"]["S"], item["sk"]["S"]]: _tallies(item) for item in answer["Responses"][self.table]}

    def add_once(
        self,
        tenant: str,
        subject: str,
        additions: Mapping[Row, Tallies],
        now: datetime,
        *,
        cache_use: Mapping[CacheRow, Counts] | None = None,
    ) -> bool:
        mark = {
            "Put": {
                "TableName": self.table,
                "Item": {
                    "pk": {"S": f"{tenant}#counted"},
                    "sk": {"S": subject},
                    "expires_at": seconds_value(now + MARK_LIFE),
                },
                "ConditionExpression": "attribute_not_exists(pk)",
            }
        }
        writes = [
            mark,
            *(addition(self.table, row, tallies, now) for row, tallies in additions.items()),
            *({"Update": update(self.table, tenant, row, counts, now)} for row, counts in (cache_use or {}).items()),
        ]
        for attempt in range(ATTEMPTS):
            outcome = transact(self.client, writes)
            if outcome is not None:
                return outcome
            self.pause(random.uniform(0, min(LONGEST_PAUSE_SECONDS, 0.05 * 2**attempt)))
        raise TransientError("Too many are counting at once.")


def transact(client: DynamoDBClient, writes: Sequence[Any]) -> bool | None:
    """Write all or nothing: True where it was written, False where a condition failed, None where others were writing.

    Raises
    ------
    TransientError
        The table did not take it.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        client.transact_write_items(TransactItems=list(writes))
    except client.exceptions.TransactionCanceledException as error:
        reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
        if CONDITION_FAILED.removesuffix("Exception") in reasons:
            return False
        if "TransactionConflict" in reasons:
            return None
        raise TransientError(f"The table did not take it: {', '.join(sorted(map(str, reasons)))}.") from error
    except (ClientError, BotoCoreError) as error:
        raise TransientError(f"The table did not answer: {type(error).__name__}.") from error
    return True


def row_key(row: Row) -> dict[str, Any]:
    """Return the key of a row."""
    scope = row.tenant or "_platform"
    return {"pk": {"S": f"{scope}#measured#{row.capability}"}, "sk": {"S": f"{row.pair}#{row.period}"}}


def addition(table: str, row: Row, tallies: Tallies, now: datetime) -> dict[str, Any]:
    """Return the update of a transaction that adds to a row."""
    counters = [counter for provider, tally in sorted(tallies.items()) for counter in _counters(provider, tally)]
    names = {f"#c{place}": name for place, (name, _value) in enumerate(counters)}
    values = {f":c{place}": {"N": f"{value:.6f}"} for place, (_name, value) in enumerate(counters)}
    added = ", ".join(f"#c{place} :c{place}" for place in range(len(counters)))
    return {
        "Update": {
            "TableName": table,
            "Key": row_key(row),
            "UpdateExpression": f"ADD {added} SET expires_at = :expires",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {**values, ":expires": seconds_value(now + ROW_LIFE)},
        }
    }


def _counters(provider: str, tally: Tally) -> Iterator[tuple[str, float]]:
    for name in _COUNTERS:
        value = getattr(tally, name)
        if value:
            yield f"{provider}:{name}", value
    for error, count in sorted(tally.errors.items()):
        yield f"{provider}:{_ERROR}:{error}", count
    for measure, moments in sorted(tally.measures.items()):
        for part in _MOMENTS:
            yield f"{provider}:{_MEASURE}:{measure}:{part}", getattr(moments, part)


def _tallies(item: Mapping[str, Any]) -> dict[str, Tally]:
    found: dict[str, dict[str, Any]] = {}
    for attribute, value in item.items():
        provider, separator, counter = attribute.partition(":")
        if not separator:
            continue
        counts = found.setdefault(provider, {"errors": {}, "measures": {}})
        name, _, detail = counter.partition(":")
        if name == _ERROR:
            counts["errors"][detail] = float(value["N"])
        elif name == _MEASURE:
            measure, _, part = detail.partition(":")
            counts["measures"].setdefault(measure, {})[part] = float(value["N"])
        elif name in _COUNTERS:
            counts[name] = float(value["N"])
    for counts in found.values():
        counts["measures"] = {measure: Moments(**parts) for measure, parts in counts["measures"].items()}
    return {provider: Tally(**counts) for provider, counts in found.items()}
