"""Translation memory in DynamoDB: lines of the cache, never held in a process, and a count of approvals by tenant.

The count, ``pk`` ``<tenant>#memory``, ``sk`` ``edition``, holds no words. A process reads it every few seconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cachetools import TTLCache

from intake.clock import Clock
from intake.gateway.cache import CacheLine, CacheStore
from intake.inputs.memory import PROVIDER, Remembered
from intake.observability import logger
from intake.storage.items import number

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

EDITION_MEMORY = timedelta(seconds=3)
"""How long an answer that was kept before an approval may still be given."""


class DynamoDBTranslationMemory:
    """`intake.inputs.memory.TranslationMemory` in the gateway's table."""

    def __init__(self, client: DynamoDBClient, table: str, lines: CacheStore, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._lines = lines
        self._clock = clock
        self._editions: TTLCache[str, int] = TTLCache(
            maxsize=1024, ttl=EDITION_MEMORY.total_seconds(), timer=lambda: clock.now().timestamp()
        )

    def recall(self, tenant: str, line: str) -> Remembered | None:
        try:
            found = self._lines.get(tenant, line)
        except Exception as error:  # noqa: BLE001 - without it, a provider is asked
            logger.error("translation memory cannot be read", error=type(error).__name__)
            return None
        if found is None or found.expires <= self._clock.now():
            return None
        return Remembered.model_validate_json(found.body)

    def keep(self, tenant: str, line: str, remembered: Remembered, expires_at: datetime) -> None:
        body = remembered.model_dump_json()
        self._lines.put(
            tenant, line, CacheLine(body=body, provider=PROVIDER, model="", cost_microusd=0, expires=expires_at)
        )
        # After the line: an answer that is made anew by then is made of it.
        self._client.update_item(
            TableName=self._table,
            Key={"pk": {"S": f"{tenant}#memory"}, "sk": {"S": "edition"}},
            UpdateExpression="ADD approved :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        self._editions.pop(tenant, None)

    def edition(self, tenant: str) -> int | None:
        known = self._editions.get(tenant)
        if known is None:
            try:
                known = self._editions[tenant] = self._read_edition(tenant)
            except Exception as error:  # noqa: BLE001 - without it, no earlier answer is given again
                logger.error("translation memory cannot be read", error=type(error).__name__)
                return None
        return known

    def _read_edition(self, tenant: str) -> int:
        item = self._client.get_item(
            TableName=self._table, Key={"pk": {"S": f"{tenant}#memory"}, "sk": {"S": "edition"}}, ConsistentRead=True
        )
        return number(item.get("Item", {}), "approved")
