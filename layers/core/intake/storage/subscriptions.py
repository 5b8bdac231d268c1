"""Subscriptions and tickets in DynamoDB.

| pk | sk | what |
|---|---|---|
| ``<tenant>#topic#<topic>`` | ``<connection>`` | the connection is subscribed |
| ``<tenant>#connection#<connection>`` | ``topic#<topic>`` | the same, found by its connection |
| ``<tenant>#connection#<connection>`` | ``seen#<id>`` | ``sequence`` of the last entry that was sent |
| ``<tenant>#ticket`` | ``<hash>`` | a ticket that was not used yet |

Every row expires a little after the connection must have ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from intake.clock import Clock
from intake.errors import TransientError
from intake.storage.items import CONDITION_FAILED, number, seconds_value
from intake.tenancy.api_keys import Role
from intake.tenancy.tickets import Ticket

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LONGEST_CONNECTION = timedelta(hours=2)
"""API Gateway closes every connection after this."""

_MARGIN = timedelta(minutes=15)
_TOPIC, _SEEN = "topic#", "seen#"


class DynamoDBSubscriptions:
    """`intake.subscriptions.ports.SubscriptionStore` over the table of connections."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def add(self, tenant: str, connection: str, topic: str) -> None:
        # First the row by which it is removed: a subscription that nothing ends would be tried until it expires.
        self._put(_connection(tenant, connection), _TOPIC + topic)
        self._put(_topic(tenant, topic), connection)

    def remove(self, tenant: str, connection: str, topic: str) -> None:
        self._delete(_topic(tenant, topic), connection)
        self._delete(_connection(tenant, connection), _TOPIC + topic)
        self._delete(_connection(tenant, connection), _SEEN + topic)

    def topics(self, tenant: str, connection: str) -> tuple[str, ...]:
        found = self._sort_keys(_connection(tenant, connection), _TOPIC)
        return tuple(sort_key.removeprefix(_TOPIC) for sort_key in found)

    def subscribers(self, tenant: str, topic: str) -> tuple[str, ...]:
        return tuple(self._sort_keys(_topic(tenant, topic)))

    def seen(self, tenant: str, connection: str, thing_id: str) -> int:
        key = _key(_connection(tenant, connection), _SEEN + thing_id)
        with _translated():
            found = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return number(found.get("Item", {}), "sequence")

    def set_seen(self, tenant: str, connection: str, thing_id: str, sequence: int) -> None:
        self._put(_connection(tenant, connection), _SEEN + thing_id, {"sequence": {"N": str(sequence)}})

    def advance_seen(self, tenant: str, connection: str, thing_id: str, sequence: int) -> None:
        with _translated(CONDITION_FAILED):
            self._client.update_item(
                TableName=self._table,
                Key=_key(_connection(tenant, connection), _SEEN + thing_id),
                UpdateExpression="SET #sequence = :sequence, expires_at = :expires",
                ConditionExpression="attribute_not_exists(#sequence) OR #sequence < :sequence",
                ExpressionAttributeNames={"#sequence": "sequence"},
                ExpressionAttributeValues={":sequence": {"N": str(sequence)}, ":expires": self._expires()},
            )

    def forget(self, tenant: str, connection: str) -> None:
        partition = _connection(tenant, connection)
        for sort_key in self._sort_keys(partition):
            if sort_key.startswith(_TOPIC):
                self._delete(_topic(tenant, sort_key.removeprefix(_TOPIC)), connection)
            self._delete(partition, sort_key)

    def _put(self, partition: str, sort_key: str, more: Mapping[str, Any] | None = None) -> None:
        item: dict[str, Any] = {**_key(partition, sort_key), "expires_at": self._expires(), **(more or {})}
        with _translated():
            self._client.put_item(TableName=self._table, Item=item)

    def _delete(self, partition: str, sort_key: str) -> None:
        with _translated():
            self._client.delete_item(TableName=self._table, Key=_key(partition, sort_key))

    def _sort_keys(self, partition: str, prefix: str = "") -> list[str]:
        condition, values = "pk = :pk", {":pk": {"S": partition}}
        if prefix:
            condition, values = f"{condition} AND begins_with(sk, :prefix)", {**values, ":prefix": {"S": prefix}}
        with _translated():
            pages = self._client.get_paginator("query").paginate(
                TableName=self._table,
                KeyConditionExpression=condition,
                ExpressionAttributeValues=values,
                ProjectionExpression="sk",
                ConsistentRead=True,
            )
            return [item["sk"]["S"] for page in pages for item in page["Items"]]

    def _expires(self) -> Any:
        return seconds_value(self._clock.now() + LONGEST_CONNECTION + _MARGIN)


class DynamoDBTickets:
    """`intake.tenancy.tickets.TicketStore` over the table of connections."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def add(self, ticket: Ticket) -> None:
        with _translated():
            self._client.put_item(
                TableName=self._table,
                Item={
                    **_key(_tickets(ticket.tenant), ticket.ticket_hash),
                    "role": {"S": ticket.role.value},
                    "key_id": {"S": ticket.key_id},
                    "expires_at": seconds_value(ticket.expires),
                },
            )

    def take(self, tenant: str, ticket_hash: str) -> Ticket | None:
        with _translated():
            taken = self._client.delete_item(
                TableName=self._table, Key=_key(_tickets(tenant), ticket_hash), ReturnValues="ALL_OLD"
            )
        item = taken.get("Attributes")
        if not item:
            return None
        return Ticket(
            tenant=tenant,
            ticket_hash=ticket_hash,
            role=Role(item["role"]["S"]),
            key_id=item["key_id"]["S"],
            expires=datetime.fromtimestamp(number(item, "expires_at"), UTC),
        )


@contextmanager
def _translated(*expected: str) -> Iterator[None]:
    """Say a failure of the table as one that may pass, but for expected ones, which mean nothing."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "nothing")
        if code not in expected:
            raise TransientError(f"The table of connections answered {code}.") from error
    except BotoCoreError as error:
        raise TransientError(f"The table of connections did not answer: {type(error).__name__}.") from error


def _key(partition: str, sort_key: str) -> Any:
    return {"pk": {"S": partition}, "sk": {"S": sort_key}}


def _connection(tenant: str, connection: str) -> str:
    return f"{tenant}#connection#{connection}"


def _topic(tenant: str, topic: str) -> str:
    return f"{tenant}#topic#{topic}"


def _tickets(tenant: str) -> str:
    return f"{tenant}#ticket"
