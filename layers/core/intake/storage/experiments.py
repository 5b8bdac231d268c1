"""Experiments in DynamoDB: ``pk`` is ``<tenant>#experiments``, ``sk`` the id.

A copy of the active one is under ``active#<capability>``: there is room for one. No words of members are held.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cachetools import TTLCache

from intake.clock import Clock
from intake.errors import ConflictError, NotFoundError, TransientError
from intake.experiments.model import Experiment, ExperimentStatus
from intake.observability import logger
from intake.providers.ports import Capability
from intake.storage.statistics import transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MEMORY = timedelta(seconds=3)
"""How long a process trusts what it has read of the active experiment."""


class DynamoDBExperiments:
    """`intake.experiments.model.ExperimentRepository` in the gateway's table."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._active: TTLCache[tuple[str, Capability], Experiment | None] = TTLCache(
            maxsize=1024, ttl=MEMORY.total_seconds(), timer=lambda: clock.now().timestamp()
        )

    def create(self, experiment: Experiment) -> None:
        slot = _active_key(experiment.tenant, experiment.capability)
        body = {"experiment": {"S": experiment.model_dump_json()}, "id": {"S": experiment.id}}
        new = "attribute_not_exists(pk)"
        puts = [
            {"Put": {"TableName": self._table, "Item": {**key, **body}, "ConditionExpression": new}}
            for key in (slot, _key(experiment.tenant, experiment.id))
        ]
        if not self._written(puts):
            active = self._read(slot)
            named = f"{active.name} ({active.id})" if active else "Another experiment"
            raise ConflictError(f"{named} is active for {experiment.capability}. Stop it first.")
        self._active.pop((experiment.tenant, experiment.capability), None)

    def get(self, tenant: str, experiment_id: str) -> Experiment:
        found = self._read(_key(tenant, experiment_id))
        if found is None:
            raise NotFoundError(f"There is no experiment {experiment_id}.")
        return found

    def list(self, tenant: str) -> list[Experiment]:
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :pk AND begins_with(sk, :sort)",
            ExpressionAttributeValues={":pk": _key(tenant, "")["pk"], ":sort": {"S": "exp_"}},
            ScanIndexForward=False,
        )
        return [Experiment.model_validate_json(item["experiment"]["S"]) for item in found["Items"]]

    def stop(self, tenant: str, experiment_id: str, now: datetime) -> Experiment:
        known = self.get(tenant, experiment_id)
        if known.status is ExperimentStatus.STOPPED:
            return known
        stopped = known.model_copy(update={"status": ExperimentStatus.STOPPED, "stopped_at": now})
        item = {**_key(tenant, experiment_id), "experiment": {"S": stopped.model_dump_json()}, "id": {"S": stopped.id}}
        writes = [
            {"Put": {"TableName": self._table, "Item": item}},
            {
                "Delete": {
                    "TableName": self._table,
                    "Key": _active_key(tenant, known.capability),
                    "ConditionExpression": "id = :id",
                    "ExpressionAttributeValues": {":id": {"S": experiment_id}},
                }
            },
        ]
        self._active.pop((tenant, known.capability), None)
        # Where the condition fails, somebody else has stopped it meanwhile.
        return stopped if self._written(writes) else self.get(tenant, experiment_id)

    def active(self, tenant: str, capability: Capability) -> Experiment | None:
        key = (tenant, capability)
        if key not in self._active:
            try:
                self._active[key] = self._read(_active_key(tenant, capability))
            except Exception as error:  # noqa: BLE001 - an experiment must not stop the work that it looks at
                logger.error("experiments cannot be read", error=type(error).__name__)
                return None
        return self._active.get(key)

    def _read(self, key: Any) -> Experiment | None:
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return None if item is None else Experiment.model_validate_json(item["experiment"]["S"])

    def _written(self, writes: Sequence[Any]) -> bool:
        outcome = transact(self._client, writes)
        if outcome is None:
            raise TransientError("Somebody changes experiments at the same moment. Send it again in a few seconds.")
        return outcome


def _key(tenant: str, experiment_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#experiments"}, "sk": {"S": experiment_id}}


def _active_key(tenant: str, capability: Capability) -> dict[str, Any]:
    return _key(tenant, f"active#{capability}")
