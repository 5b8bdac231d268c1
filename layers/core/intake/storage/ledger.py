"""Budgets in DynamoDB: ``pk`` is ``<tenant>#budget``, ``sk`` is ``<provider>#<day>``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from intake.clock import day_of
from intake.errors import BudgetExceededError
from intake.gateway.budget import Balance, Limits, Reservation, hour_of
from intake.money import format_usd
from intake.storage.items import CONDITION_FAILED, moment, moment_value, number, passing_errors, seconds_value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LEDGER_LIFE = timedelta(days=400)

_LEDGER = "The ledger of budgets"
_LEASE = "lease_"


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
        with passing_errors(_LEDGER):
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
        with passing_errors(_LEDGER):
            row = self._client.get_item(
                TableName=self._table, Key=_budget_key(tenant, provider, day_of(now)), ConsistentRead=True
            ).get("Item", {})
        return Balance(
            spent_microusd=number(row, "spent"),
            reserved_microusd=sum(amount for amount, until in _leases(row).values() if until > now),
            requests_this_hour=number(row, f"requests_{hour_of(now)}"),
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
                    ":lease": {"L": [{"N": str(reservation.amount_microusd)}, moment_value(reservation.until)]},
                    ":expires": seconds_value(expires),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CONDITION_FAILED:
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
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                return False
            raise
        return True


def _exceeded(reservation: Reservation, limits: Limits, row: Mapping[str, Any]) -> BudgetExceededError:
    if number(row, f"requests_{reservation.hour}") >= limits.requests_per_hour:
        return BudgetExceededError(
            f"{reservation.provider}: {limits.requests_per_hour} requests an hour are allowed, and they are used up; "
            "wait for the next hour, or raise the limit."
        )
    room = max(0, limits.microusd_per_day - number(row, "committed"))
    return BudgetExceededError(
        f"{reservation.provider}: the call may cost {format_usd(reservation.amount_microusd)}, and of today's "
        f"{format_usd(limits.microusd_per_day)} there are {format_usd(room)} left; wait for tomorrow (UTC), "
        "or raise the limit."
    )


def _budget_key(tenant: str, provider: str, day: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#budget"}, "sk": {"S": f"{provider}#{day}"}}


def _leases(row: Mapping[str, Any]) -> dict[str, tuple[int, datetime]]:
    return {
        name: (int(value["L"][0]["N"]), moment(value["L"][1])) for name, value in row.items() if name.startswith(_LEASE)
    }
