"""The gateway's rows in DynamoDB: cache lines, circuits and ledgers, in one table.

========================  ==========================  ================================================================
pk                        sk                          attributes
========================  ==========================  ================================================================
``<tenant>#cache``        the cache key               ``body`` (zlib), provider, model, cost, ``expires_at`` (TTL)
``_platform#circuit``     ``<capability>#<provider>``  see `intake.gateway.breaker.Circuit`
``<tenant>#budget``       ``<provider>#<day>``        ``committed``, ``spent``, ``requests_<hour>``, ``lease_<id>``
========================  ==========================  ================================================================

No tenant is called ``_platform``: a tenant's name has no underscore.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from intake.errors import BudgetExceededError
from intake.gateway.breaker import Circuit
from intake.gateway.budget import Balance, Limits, Reservation, day_of, hour_of
from intake.gateway.cache import CacheLine
from intake.money import format_usd
from intake.providers.ports import Capability

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LARGEST_BODY = 380 * 1024
"""DynamoDB's limit for an item is 400 KB, of which keys and the other attributes take little."""
LEDGER_LIFE = timedelta(days=400)

_CONDITION_FAILED = "ConditionalCheckFailedException"
_LEASE = "lease_"
_CIRCUITS = {"S": "_platform#circuit"}


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
            expires=_moment(item["expires_at"]),
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
                "expires_at": _seconds(line.expires),
            },
        )


class DynamoDBCircuitStore:
    """`CircuitStore` in DynamoDB; moments are epoch seconds with fractions."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def read(self, capability: Capability, provider: str) -> Circuit:
        answer = self._client.get_item(
            TableName=self._table, Key=_circuit_key(capability, provider), ConsistentRead=True
        )
        return _circuit(answer.get("Item", {}))

    def add_failure(
        self, capability: Capability, provider: str, error: str, now: datetime, paused_until: datetime | None
    ) -> Circuit:
        expression = "ADD failures :one SET failed_at = :now, last_error = :error, good_probes = :zero"
        values = {":one": {"N": "1"}, ":zero": {"N": "0"}, ":now": _moment_value(now), ":error": {"S": error}}
        if paused_until is not None:
            expression += ", paused_until = :pause"
            values[":pause"] = _moment_value(paused_until)
        return self._update(capability, provider, f"{expression} REMOVE probe_until", values)

    def add_good_probe(self, capability: Capability, provider: str) -> Circuit:
        return self._update(capability, provider, "ADD good_probes :one REMOVE probe_until", {":one": {"N": "1"}})

    def take_probe(
        self, capability: Capability, provider: str, *, failed_before: datetime, now: datetime, until: datetime
    ) -> bool:
        return self._update_if(
            capability,
            provider,
            "SET probe_until = :until",
            "failed_at <= :before AND (attribute_not_exists(probe_until) OR probe_until <= :now)",
            {":until": _moment_value(until), ":before": _moment_value(failed_before), ":now": _moment_value(now)},
        )

    def end_probe(self, capability: Capability, provider: str) -> None:
        self._update(capability, provider, "REMOVE probe_until", {})

    def forget_failures(self, capability: Capability, provider: str, seen: Circuit) -> None:
        self._update_if(
            capability,
            provider,
            "SET failures = :zero, good_probes = :zero REMOVE probe_until, paused_until",
            "failures = :seen",
            {":zero": {"N": "0"}, ":seen": {"N": str(seen.failures)}},
        )

    def hold(self, capability: Capability, provider: str, reason: str, now: datetime) -> None:
        values = {":reason": {"S": reason}, ":now": _moment_value(now)}
        self._update(capability, provider, "SET held_because = :reason, held_at = :now", values)

    def resume(self, capability: Capability, provider: str) -> None:
        self._update(capability, provider, "REMOVE held_because, held_at", {})

    def _update(
        self, capability: Capability, provider: str, expression: str, values: Mapping[str, Any], **condition: str
    ) -> Circuit:
        if values:
            condition_and_values: dict[str, Any] = {**condition, "ExpressionAttributeValues": values}
        else:
            condition_and_values = {**condition}
        answer = self._client.update_item(
            TableName=self._table,
            Key=_circuit_key(capability, provider),
            UpdateExpression=expression,
            ReturnValues="ALL_NEW",
            **condition_and_values,
        )
        return _circuit(answer.get("Attributes", {}))

    def _update_if(
        self, capability: Capability, provider: str, expression: str, condition: str, values: Mapping[str, Any]
    ) -> bool:
        from botocore.exceptions import ClientError

        try:
            self._update(capability, provider, expression, values, ConditionExpression=condition)
        except ClientError as error:
            if error.response["Error"]["Code"] == _CONDITION_FAILED:
                return False
            raise
        return True


class DynamoDBLedger:
    """`Ledger` in DynamoDB: one item a tenant, provider and day.

    ``committed`` is what is spent plus what is reserved: the one number that the limit is held against. Each open
    reservation is an attribute of its own, so a write that botocore delivers twice finds its own trace and counts once.
    """

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def reserve(self, reservation: Reservation, limits: Limits, now: datetime) -> None:
        if reservation.amount_microusd > limits.microusd_per_day or limits.requests_per_hour == 0:
            raise _exceeded(reservation, limits, {})
        row = self._try_reserve(reservation, limits)
        if row is not None and self._give_back_expired(reservation, row, now):
            row = self._try_reserve(reservation, limits)
        if row is not None:
            raise _exceeded(reservation, limits, row)

    def settle(self, reservation: Reservation, cost_microusd: int, now: datetime) -> None:
        settled = self._close_lease(
            reservation.tenant,
            reservation.provider,
            reservation.day,
            lease=_LEASE + reservation.id,
            change=cost_microusd - reservation.amount_microusd,
            spent=cost_microusd,
        )
        # A lease that is gone before its end was closed by this very write, delivered twice: it has been counted.
        if not settled and now >= reservation.until:
            self._client.update_item(
                TableName=self._table,
                Key=_budget_key(reservation.tenant, reservation.provider, reservation.day),
                UpdateExpression="ADD committed :cost, spent :cost",
                ExpressionAttributeValues={":cost": {"N": str(cost_microusd)}},
            )

    def balance(self, tenant: str, provider: str, now: datetime) -> Balance:
        row = self._client.get_item(
            TableName=self._table, Key=_budget_key(tenant, provider, day_of(now)), ConsistentRead=True
        ).get("Item", {})
        return Balance(
            spent_microusd=_number(row, "spent"),
            reserved_microusd=sum(amount for amount, until in _leases(row).values() if until > now),
            requests_this_hour=_number(row, f"requests_{hour_of(now)}"),
        )

    def _try_reserve(self, reservation: Reservation, limits: Limits) -> Mapping[str, Any] | None:
        """Write the reservation; return None if that went well, else the row that stood in its way."""
        from botocore.exceptions import ClientError

        expires = reservation.until + LEDGER_LIFE
        try:
            self._client.update_item(
                TableName=self._table,
                Key=_budget_key(reservation.tenant, reservation.provider, reservation.day),
                UpdateExpression="ADD committed :amount, #requests :one SET #lease = :lease, expires_at = :expires",
                ConditionExpression=(
                    "attribute_not_exists(#lease)"
                    " AND (attribute_not_exists(committed) OR committed <= :room)"
                    " AND (attribute_not_exists(#requests) OR #requests < :most)"
                ),
                ExpressionAttributeNames={
                    "#lease": _LEASE + reservation.id,
                    "#requests": f"requests_{reservation.hour}",
                },
                ExpressionAttributeValues={
                    ":amount": {"N": str(reservation.amount_microusd)},
                    ":room": {"N": str(limits.microusd_per_day - reservation.amount_microusd)},
                    ":most": {"N": str(limits.requests_per_hour)},
                    ":one": {"N": "1"},
                    ":lease": {"L": [{"N": str(reservation.amount_microusd)}, _moment_value(reservation.until)]},
                    ":expires": _seconds(expires),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != _CONDITION_FAILED:
                raise
            row = cast("Mapping[str, Any]", error.response.get("Item", {}))
            return None if _LEASE + reservation.id in row else row
        return None

    def _give_back_expired(self, reservation: Reservation, row: Mapping[str, Any], now: datetime) -> bool:
        """Release the reservations of callers that died; say whether there were any."""
        expired = {lease: amount for lease, (amount, until) in _leases(row).items() if until <= now}
        for lease, amount in expired.items():
            self._close_lease(
                reservation.tenant, reservation.provider, reservation.day, lease=lease, change=-amount, spent=0
            )
        return bool(expired)

    def _close_lease(self, tenant: str, provider: str, day: str, *, lease: str, change: int, spent: int) -> bool:
        """Remove a lease and correct the sums, if the lease is still there."""
        from botocore.exceptions import ClientError

        try:
            self._client.update_item(
                TableName=self._table,
                Key=_budget_key(tenant, provider, day),
                UpdateExpression="ADD committed :change, spent :spent REMOVE #lease",
                ConditionExpression="attribute_exists(#lease)",
                ExpressionAttributeNames={"#lease": lease},
                ExpressionAttributeValues={":change": {"N": str(change)}, ":spent": {"N": str(spent)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _CONDITION_FAILED:
                return False
            raise
        return True


def _exceeded(reservation: Reservation, limits: Limits, row: Mapping[str, Any]) -> BudgetExceededError:
    if _number(row, f"requests_{reservation.hour}") >= limits.requests_per_hour:
        return BudgetExceededError(
            f"{reservation.provider}: {limits.requests_per_hour} requests an hour are allowed, and they are used up; "
            "wait for the next hour, or raise the limit."
        )
    room = max(0, limits.microusd_per_day - _number(row, "committed"))
    return BudgetExceededError(
        f"{reservation.provider}: the call may cost {format_usd(reservation.amount_microusd)}, and of today's "
        f"{format_usd(limits.microusd_per_day)} there are {format_usd(room)} left; wait for tomorrow (UTC), "
        "or raise the limit."
    )


def _cache_key(tenant: str, key: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#cache"}, "sk": {"S": key}}


def _circuit_key(capability: Capability, provider: str) -> dict[str, Any]:
    return {"pk": _CIRCUITS, "sk": {"S": f"{capability}#{provider}"}}


def _budget_key(tenant: str, provider: str, day: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#budget"}, "sk": {"S": f"{provider}#{day}"}}


def _circuit(item: Mapping[str, Any]) -> Circuit:
    return Circuit(
        failures=_number(item, "failures"),
        failed_at=_moment(item.get("failed_at")),
        last_error=_text(item, "last_error"),
        good_probes=_number(item, "good_probes"),
        probe_until=_moment(item.get("probe_until")),
        paused_until=_moment(item.get("paused_until")),
        held_because=_text(item, "held_because"),
        held_at=_moment(item.get("held_at")),
    )


def _leases(row: Mapping[str, Any]) -> dict[str, tuple[int, datetime]]:
    return {
        name: (int(value["L"][0]["N"]), _moment(value["L"][1]))
        for name, value in row.items()
        if name.startswith(_LEASE)
    }


def _number(item: Mapping[str, Any], name: str) -> int:
    return int(item[name]["N"]) if name in item else 0


def _text(item: Mapping[str, Any], name: str) -> str | None:
    return str(item[name]["S"]) if name in item else None


def _moment(value: Mapping[str, Any] | None) -> Any:
    return None if value is None else datetime.fromtimestamp(float(value["N"]), UTC)


def _moment_value(moment: datetime) -> Any:
    return {"N": f"{moment.timestamp():.6f}"}


def _seconds(moment: datetime) -> Any:
    """Return whole epoch seconds, as DynamoDB's time to live wants them."""
    return {"N": str(int(moment.timestamp()))}
