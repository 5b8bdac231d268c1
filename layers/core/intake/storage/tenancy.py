"""API keys in DynamoDB: ``pk`` is ``<tenant>#api_key``, ``sk`` the hash of the key."""

from __future__ import annotations

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError
from pynamodb.models import Model

from intake.clock import iso
from intake.errors import ConflictError
from intake.storage.items import CONDITION_FAILED
from intake.storage.tables import bind
from intake.tenancy.api_keys import ApiKey, Role


class _KeyItem(Model):
    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    key_id = UnicodeAttribute()
    role = UnicodeAttribute()
    label = UnicodeAttribute()
    created = UnicodeAttribute()
    expires = UnicodeAttribute(null=True)
    # The table forgets an expired key some hours after; until then `expires` is what refuses it.
    expires_at = NumberAttribute(null=True)


class DynamoApiKeys:
    """`intake.tenancy.api_keys.ApiKeyRepository` over the tenancy table."""

    def __init__(self, table_name: str) -> None:
        self._items = bind(_KeyItem, table_name)

    def add(self, key: ApiKey) -> None:
        item = self._items(
            _partition(key.tenant),
            key.key_hash,
            key_id=key.key_id,
            role=key.role.value,
            label=key.label,
            created=iso(key.created),
            expires=None if key.expires is None else iso(key.expires),
            expires_at=None if key.expires is None else int(key.expires.timestamp()),
        )
        try:
            item.save(condition=self._items.pk.does_not_exist())
        except PutError as error:
            if error.cause_response_code == CONDITION_FAILED:
                raise ConflictError(f"The key {key.key_id} is stored already.") from error
            raise

    def find(self, tenant: str, key_hash: str) -> ApiKey | None:
        try:
            item = self._items.get(_partition(tenant), key_hash, consistent_read=True)
        except self._items.DoesNotExist:
            return None
        return ApiKey(
            tenant=tenant,
            key_id=item.key_id,
            key_hash=item.sk,
            role=Role(item.role),
            label=item.label,
            created=datetime.fromisoformat(item.created),
            expires=_moment(item.expires),
        )


def _partition(tenant: str) -> str:
    return f"{tenant}#api_key"


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
