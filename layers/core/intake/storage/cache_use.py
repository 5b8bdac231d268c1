"""Counters of the cache in DynamoDB: ``pk`` is ``<tenant>#cache_use``, ``sk`` is ``<day>#<capability>#<pair>``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.analytics.cache_use import CacheRow, Counts
from intake.storage.items import seconds_value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROW_LIFE = timedelta(days=120)
"""Longer than the 30 days that a report looks at."""

_COUNTER = "n_"


class DynamoDBCacheUse:
    """`CacheUseStore` in the gateway's table: one item a tenant, day, capability and pair of languages."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, tenant: str, row: CacheRow, counts: Counts, now: datetime) -> None:
        self._client.update_item(**update(self._table, tenant, row, counts, now))

    def read(self, tenant: str, first_day: str, last_day: str) -> Mapping[CacheRow, Counts]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :tenant AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":tenant": _partition(tenant),
                ":first": {"S": first_day},
                # "$" follows "#": the last day is in it whole.
                ":last": {"S": f"{last_day}$"},
            },
        )
        return {
            CacheRow(*item["sk"]["S"].split("#", 2)): {
                name.removeprefix(_COUNTER): int(value["N"])
                for name, value in item.items()
                if name.startswith(_COUNTER)
            }
            for page in pages
            for item in page["Items"]
        }


def update(table: str, tenant: str, row: CacheRow, counts: Counts, now: datetime) -> Any:
    """Return the update that adds to a row, alone or as a part of a transaction."""
    names = [name for name, count in sorted(counts.items()) if count]
    added = ", ".join(f"#c{place} :c{place}" for place in range(len(names)))
    return {
        "TableName": table,
        "Key": {"pk": _partition(tenant), "sk": {"S": "#".join(row)}},
        "UpdateExpression": f"ADD {added} SET expires_at = :expires",
        "ExpressionAttributeNames": {f"#c{place}": _COUNTER + name for place, name in enumerate(names)},
        "ExpressionAttributeValues": {
            **{f":c{place}": {"N": str(counts[name])} for place, name in enumerate(names)},
            ":expires": seconds_value(now + ROW_LIFE),
        },
    }


def _partition(tenant: str) -> dict[str, str]:
    return {"S": f"{tenant}#cache_use"}
