"""Jobs in DynamoDB: ``pk`` is ``<tenant>#job#<subject>``, ``sk`` the provider; a second item finds it by reference."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from intake.gateway.jobs import Job
from intake.storage.items import passing_errors, seconds_value, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TABLE = "The table of jobs"
_CHANGING = {"note", "service_id", "ended", "error"}


class DynamoDBJobStore:
    """`JobStore` in DynamoDB. What changes after the start is an attribute of its own; the rest is one JSON."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def open(self, job: Job) -> bool:
        key, expires = _key(job.tenant, job.subject, job.provider), seconds_value(job.expires_at)
        row = {
            **key,
            "body": {"S": job.model_dump_json(exclude=_CHANGING)},
            "note": {"S": job.note},
            "expires_at": expires,
        }
        finder = {**_finder(job.reference), "owner": {"M": key}, "expires_at": expires}
        absent = "attribute_not_exists(pk)"
        with passing_errors(_TABLE):
            try:
                self._client.transact_write_items(
                    TransactItems=[
                        {"Put": {"TableName": self._table, "Item": row, "ConditionExpression": absent}},
                        {"Put": {"TableName": self._table, "Item": finder}},
                    ]
                )
            except self._client.exceptions.TransactionCanceledException as error:
                if _has_met_another(error.response):
                    return False
                raise
        return True

    def get(self, tenant: str, subject: str, provider: str) -> Job | None:
        return self._read(_key(tenant, subject, provider))

    def find(self, reference: str) -> Job | None:
        found = self._item(_finder(reference))
        if found is None:
            return None
        job = self._read(found["owner"]["M"])
        # A job that was started anew for the same input has another reference, and this one is of the past.
        return job if job is not None and job.reference == reference else None

    def note(self, job: Job, note: str) -> None:
        self._update(job, "SET note = :note", {":note": {"S": note}})

    def name(self, job: Job, service_id: str) -> None:
        self._update(job, "SET service_id = :id", {":id": {"S": service_id}})

    def end(self, job: Job, error: str | None) -> bool:
        values: dict[str, Any] = {":true": {"BOOL": True}}
        if error is None:
            return self._update(job, "SET ended = :true", values, "attribute_not_exists(ended)")
        values[":error"] = {"S": error}
        return self._update(job, "SET ended = :true, failed_with = :error", values, "attribute_not_exists(ended)")

    def drop(self, job: Job) -> None:
        with passing_errors(_TABLE):
            for key in (_key(job.tenant, job.subject, job.provider), _finder(job.reference)):
                self._client.delete_item(TableName=self._table, Key=key)

    def _read(self, key: Mapping[str, Any]) -> Job | None:
        item = self._item(key)
        return None if item is None else _job(item)

    def _item(self, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        # A class that the machine does not know would send a recording to the next provider while this one works on it.
        with passing_errors(_TABLE):
            return self._client.get_item(TableName=self._table, Key=dict(key), ConsistentRead=True).get("Item")

    def _update(
        self,
        job: Job,
        expression: str,
        values: dict[str, Any],
        condition: str = "attribute_exists(pk)",
    ) -> bool:
        """Change the row if it is there and the condition holds, and say whether it did."""
        with passing_errors(_TABLE):
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=_key(job.tenant, job.subject, job.provider),
                    UpdateExpression=expression,
                    ConditionExpression=f"attribute_exists(pk) AND {condition}",
                    ExpressionAttributeValues=values,
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return False
        return True


def _key(tenant: str, subject: str, provider: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#job#{subject}"}, "sk": {"S": provider}}


def _finder(reference: str) -> dict[str, Any]:
    return {"pk": {"S": f"_platform#job#{reference}"}, "sk": {"S": "job"}}


def _job(item: Mapping[str, Any]) -> Job:
    changing = {"service_id": text(item, "service_id"), "ended": "ended" in item, "error": text(item, "failed_with")}
    return Job.model_validate({**json.loads(item["body"]["S"]), "note": text(item, "note"), **changing})


def _has_met_another(answer: Mapping[str, Any]) -> bool:
    return any(reason.get("Code") == "ConditionalCheckFailed" for reason in answer.get("CancellationReasons", ()))
