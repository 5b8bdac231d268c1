"""Circuits in DynamoDB: ``pk`` is ``_platform#circuit``, ``sk`` is ``<capability>#<provider>``.

No tenant is called ``_platform``: a tenant's name has no underscore.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from intake.gateway.circuit import Circuit, EndedHold
from intake.providers.ports import Capability
from intake.storage.items import CONDITION_FAILED, moment, moment_value, number, passing_errors, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CIRCUITS = {"S": "_platform#circuit"}


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
        values = {":one": {"N": "1"}, ":zero": {"N": "0"}, ":now": moment_value(now), ":error": {"S": error}}
        if paused_until is not None:
            expression += ", paused_until = :pause"
            values[":pause"] = moment_value(paused_until)
        return self._update(capability, provider, f"{expression} REMOVE probe_until", values)

    def add_good_probe(self, capability: Capability, provider: str) -> Circuit:
        return self._update(capability, provider, "ADD good_probes :one REMOVE probe_until", {":one": {"N": "1"}})

    def take_probe(
        self, capability: Capability, provider: str, *, failed_before: datetime, now: datetime, until: datetime
    ) -> bool:
        taken = self._update_if(
            capability,
            provider,
            "SET probe_until = :until",
            "failed_at <= :before AND (attribute_not_exists(probe_until) OR probe_until <= :now)",
            {":until": moment_value(until), ":before": moment_value(failed_before), ":now": moment_value(now)},
        )
        return taken is not None

    def end_probe(self, capability: Capability, provider: str) -> None:
        self._update(capability, provider, "REMOVE probe_until", {})

    def mark_open(self, capability: Capability, provider: str, *, threshold: int, now: datetime) -> bool:
        marked = self._update_if(
            capability,
            provider,
            "SET opened_at = :now",
            "attribute_not_exists(opened_at) AND failures >= :threshold",
            {":now": moment_value(now), ":threshold": {"N": str(threshold)}},
        )
        return marked is not None

    def forget_failures(self, capability: Capability, provider: str, seen: Circuit) -> bool:
        forgotten = self._update_if(
            capability,
            provider,
            "SET failures = :zero, good_probes = :zero REMOVE probe_until, paused_until, opened_at",
            "failures = :seen",
            {":zero": {"N": "0"}, ":seen": {"N": str(seen.failures)}},
        )
        return forgotten is not None

    def hold(self, capability: Capability, provider: str, reason: str, *, by: str, now: datetime) -> Circuit:
        with passing_errors("The table of circuits"):
            return self._update(
                capability,
                provider,
                "SET held_because = :reason, held_by = :by, held_at = if_not_exists(held_at, :now)",
                {":reason": {"S": reason}, ":by": {"S": by}, ":now": moment_value(now)},
            )

    def resume(
        self, capability: Capability, provider: str, reason: str | None, *, by: str, now: datetime
    ) -> Circuit | None:
        values: dict[str, Any] = {":by": {"S": by}, ":now": moment_value(now)}
        keep = "SET last_reason = held_because, last_since = held_at, last_by = held_by"
        keep += ", last_end = :now, last_ended_by = :by"
        forget = "REMOVE held_because, held_at, held_by"
        if reason is None:
            forget += ", last_ended_because"
        else:
            keep += ", last_ended_because = :reason"
            values[":reason"] = {"S": reason}
        with passing_errors("The table of circuits"):
            return self._update_if(
                capability, provider, f"{keep} {forget}", "attribute_exists(held_because)", values, returns="ALL_OLD"
            )

    def _update(
        self,
        capability: Capability,
        provider: str,
        expression: str,
        values: Mapping[str, Any],
        *,
        returns: Literal["ALL_NEW", "ALL_OLD"] = "ALL_NEW",
        **condition: str,
    ) -> Circuit:
        if values:
            condition_and_values: dict[str, Any] = {**condition, "ExpressionAttributeValues": values}
        else:
            condition_and_values = {**condition}
        answer = self._client.update_item(
            TableName=self._table,
            Key=_circuit_key(capability, provider),
            UpdateExpression=expression,
            ReturnValues=returns,
            **condition_and_values,
        )
        return _circuit(answer.get("Attributes", {}))

    def _update_if(
        self,
        capability: Capability,
        provider: str,
        expression: str,
        condition: str,
        values: Mapping[str, Any],
        *,
        returns: Literal["ALL_NEW", "ALL_OLD"] = "ALL_NEW",
    ) -> Circuit | None:
        """Update the row if the condition holds, and return it; None if it does not."""
        from botocore.exceptions import ClientError

        try:
            return self._update(
                capability, provider, expression, values, returns=returns, ConditionExpression=condition
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                return None
            raise


def _circuit_key(capability: Capability, provider: str) -> dict[str, Any]:
    return {"pk": _CIRCUITS, "sk": {"S": f"{capability}#{provider}"}}


def _circuit(item: Mapping[str, Any]) -> Circuit:
    return Circuit(
        failures=number(item, "failures"),
        failed_at=moment(item.get("failed_at")),
        last_error=text(item, "last_error"),
        good_probes=number(item, "good_probes"),
        probe_until=moment(item.get("probe_until")),
        paused_until=moment(item.get("paused_until")),
        opened_at=moment(item.get("opened_at")),
        held_because=text(item, "held_because"),
        held_at=moment(item.get("held_at")),
        held_by=text(item, "held_by"),
        last_hold=_last_hold(item) if "last_end" in item else None,
    )


def _last_hold(item: Mapping[str, Any]) -> EndedHold:
    return EndedHold(
        reason=text(item, "last_reason") or "",
        since=moment(item["last_since"]),
        by=text(item, "last_by") or "",
        ended_because=text(item, "last_ended_because"),
        ended_at=moment(item["last_end"]),
        ended_by=text(item, "last_ended_by") or "",
    )
