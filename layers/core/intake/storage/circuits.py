"""Circuits in DynamoDB: ``pk`` is ``_platform#circuit``, ``sk`` is ``<capability>#<provider>``.

No tenant is called ``_platform``: a tenant's name has no underscore.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.gateway.breaker import Circuit
from intake.providers.ports import Capability
from intake.storage.items import CONDITION_FAILED, moment, moment_value, number, text

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
        return self._update_if(
            capability,
            provider,
            "SET probe_until = :until",
            "failed_at <= :before AND (attribute_not_exists(probe_until) OR probe_until <= :now)",
            {":until": moment_value(until), ":before": moment_value(failed_before), ":now": moment_value(now)},
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
        values = {":reason": {"S": reason}, ":now": moment_value(now)}
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
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                return False
            raise
        return True


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
        held_because=text(item, "held_because"),
        held_at=moment(item.get("held_at")),
    )
