"""Cache lines in DynamoDB: ``pk`` is ``<tenant>#cache``, ``sk`` the key; bodies are compressed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from intake.gateway.cache import CacheLine
from intake.storage.items import moment, number, seconds_value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LARGEST_BODY = 380 * 1024
"""DynamoDB's limit for an item is 400 KB, of which keys and the other attributes take little."""


class DynamoDBCacheStore:
    """`CacheStore` in DynamoDB; bodies are compressed."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, tenant: str, key: str) -> CacheLine | None:
        item = self._client.get_item(TableName=self._table, Key=_cache_key(tenant, key)).get("Item")
        if item is None:
            return None
        return CacheLine(
            body=zlib.decompress(item["body"]["B"]).decode(),
            provider=item["provider"]["S"],
            model=item["model"]["S"],
            cost_microusd=int(item["cost"]["N"]),
            duration_ms=number(item, "duration_ms"),
            expires=moment(item["expires_at"]),
        )

    def put(self, tenant: str, key: str, line: CacheLine) -> None:
        body = zlib.compress(line.body.encode(), level=1)
        if len(body) > LARGEST_BODY:
            return
        self._client.put_item(
            TableName=self._table,
            Item={
                **_cache_key(tenant, key),
                "body": {"B": body},
                "provider": {"S": line.provider},
                "model": {"S": line.model},
                "cost": {"N": str(line.cost_microusd)},
                "duration_ms": {"N": str(round(line.duration_ms))},
                "expires_at": seconds_value(line.expires),
            },
        )

    def erase(self, tenant: str, key: str) -> bool:
        removed = self._client.delete_item(TableName=self._table, Key=_cache_key(tenant, key), ReturnValues="ALL_OLD")
        return "Attributes" in removed


def _cache_key(tenant: str, key: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#cache"}, "sk": {"S": key}}
