"""Phrases and warm-ups in the gateway's table.

===============================  ====================  ==================================================
``pk``                           ``sk``                what
===============================  ====================  ==================================================
``<tenant>#phrases``             ``own``               the tenant's own phrases, all in one item
``_platform#warm_up_schedule``   ``<tenant>``          the tenant's wish to have phrases warmed each day
``<tenant>#warm_up``             ``<id>``              a warm-up as it was begun
``<tenant>#warm_up``             ``<id>#planned``      which phrases it is about
``<tenant>#warm_up``             ``<id>#ended``        when it ended, and why if badly
``<tenant>#warm_up``             ``_running``          which one runs, and until when at the longest
``<tenant>#warm_up#<id>``        ``<phrase id>``       what came of one phrase
===============================  ====================  ==================================================

No tenant is called ``_platform``: a tenant's name has no underscore. The wishes stand together so that the daily run
need not look through all tenants. Nothing of a warm-up is ever changed: what is known later is an item of its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.clock import Clock
from intake.errors import ConflictError, NotFoundError
from intake.phrases.model import LIFE, LONGEST_RUN, Phrase, PhraseResult, Schedule, WarmUp
from intake.storage.items import CONDITION_FAILED, seconds_value, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SCHEDULES = {"S": "_platform#warm_up_schedule"}
_RUNNING = {"S": "_running"}
_PLAN, _END = "#planned", "#ended"


class DynamoDBPhrases:
    """`PhraseRepository` in DynamoDB."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def own(self, tenant: str) -> tuple[Phrase, ...]:
        item = self._client.get_item(TableName=self._table, Key=_own_key(tenant), ConsistentRead=True).get("Item")
        if item is None:
            return ()
        return tuple(Phrase.model_validate(phrase) for phrase in json.loads(item["phrases"]["S"]))

    def put_own(self, tenant: str, phrases: Sequence[Phrase]) -> None:
        listed = json.dumps([phrase.model_dump(mode="json") for phrase in phrases], ensure_ascii=False)
        self._client.put_item(TableName=self._table, Item={**_own_key(tenant), "phrases": {"S": listed}})

    def schedule(self, tenant: str) -> Schedule:
        key = {"pk": _SCHEDULES, "sk": {"S": tenant}}
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return Schedule(tenant=tenant) if item is None else Schedule.model_validate_json(item["schedule"]["S"])

    def put_schedule(self, schedule: Schedule) -> None:
        self._client.put_item(
            TableName=self._table,
            Item={
                "pk": _SCHEDULES,
                "sk": {"S": schedule.tenant},
                "enabled": {"BOOL": schedule.enabled},
                "schedule": {"S": schedule.model_dump_json()},
            },
        )

    def enabled_schedules(self) -> list[Schedule]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :schedules",
            FilterExpression="enabled = :yes",
            ExpressionAttributeValues={":schedules": _SCHEDULES, ":yes": {"BOOL": True}},
        )
        return [Schedule.model_validate_json(item["schedule"]["S"]) for page in pages for item in page["Items"]]


class DynamoDBWarmUps:
    """`WarmUpRepository` in DynamoDB."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def begin(self, warm_up: WarmUp) -> None:
        from botocore.exceptions import ClientError

        until = warm_up.created_at + LONGEST_RUN
        try:
            self._client.transact_write_items(
                TransactItems=[
                    {
                        "Put": {
                            "TableName": self._table,
                            "Item": {
                                **_key(warm_up.tenant, warm_up.id),
                                "warm_up": {"S": warm_up.model_dump_json(exclude={"planned", "ended_at", "failure"})},
                                "expires_at": seconds_value(warm_up.expires_at),
                            },
                            "ConditionExpression": "attribute_not_exists(pk)",
                        }
                    },
                    {
                        "Put": {
                            "TableName": self._table,
                            "Item": {
                                **_partition(warm_up.tenant),
                                "sk": _RUNNING,
                                "id": {"S": warm_up.id},
                                "expires_at": seconds_value(until),
                            },
                            # DynamoDB forgets a slot some hours after its end; until then its end is what counts.
                            "ConditionExpression": "attribute_not_exists(pk) OR expires_at <= :now",
                            "ExpressionAttributeValues": {":now": seconds_value(warm_up.created_at)},
                        }
                    },
                ]
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            raise ConflictError(self._in_the_way(warm_up)) from error

    def get(self, tenant: str, warm_up_id: str) -> WarmUp:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="pk = :warm_ups AND begins_with(sk, :id)",
            ExpressionAttributeValues={":warm_ups": _partition(tenant)["pk"], ":id": {"S": warm_up_id}},
            ConsistentRead=True,
        )
        parts = {item["sk"]["S"]: item for item in answer["Items"]}
        begun = parts.get(warm_up_id)
        if begun is None or "warm_up" not in begun or int(begun["expires_at"]["N"]) <= self._clock.now().timestamp():
            raise NotFoundError(f"There is no warm-up {warm_up_id}.")
        planned = text(parts.get(warm_up_id + _PLAN, {}), "planned")
        end = parts.get(warm_up_id + _END, {})
        return WarmUp.model_validate_json(begun["warm_up"]["S"]).model_copy(
            update={
                "planned": None if planned is None else tuple(planned.split()),
                "ended_at": _moment(text(end, "ended")),
                "failure": text(end, "failure"),
            }
        )

    def plan(self, tenant: str, warm_up_id: str, phrase_ids: Sequence[str]) -> tuple[str, ...]:
        self._put_first(
            {
                **_key(tenant, warm_up_id + _PLAN),
                "planned": {"S": " ".join(phrase_ids)},
                "expires_at": seconds_value(self._clock.now() + LIFE),
            }
        )
        return self.get(tenant, warm_up_id).planned or ()

    def keep(self, tenant: str, warm_up_id: str, result: PhraseResult, expires_at: datetime) -> PhraseResult:
        is_first = self._put_first(
            {
                **_result_key(tenant, warm_up_id, result.phrase_id),
                "result": {"S": result.model_dump_json()},
                "expires_at": seconds_value(expires_at),
            }
        )
        return result if is_first else self.result(tenant, warm_up_id, result.phrase_id) or result

    def result(self, tenant: str, warm_up_id: str, phrase_id: str) -> PhraseResult | None:
        key = _result_key(tenant, warm_up_id, phrase_id)
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return None if item is None else PhraseResult.model_validate_json(item["result"]["S"])

    def results(self, tenant: str, warm_up_id: str) -> list[PhraseResult]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="pk = :results",
            ExpressionAttributeValues={":results": {"S": f"{tenant}#warm_up#{warm_up_id}"}},
            ConsistentRead=True,
        )
        return [PhraseResult.model_validate_json(item["result"]["S"]) for page in pages for item in page["Items"]]

    def end(self, tenant: str, warm_up_id: str, at: datetime, failure: str | None = None) -> None:
        item: dict[str, Any] = {
            **_key(tenant, warm_up_id + _END),
            "ended": {"S": at.isoformat()},
            "expires_at": seconds_value(at + LIFE),
        }
        if failure is not None:
            item["failure"] = {"S": failure}
        self._put_first(item)
        self._free(tenant, warm_up_id)

    def _put_first(self, item: Mapping[str, Any]) -> bool:
        """Put an item where there is none, and say whether there was none."""
        from botocore.exceptions import ClientError

        try:
            self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                return False
            raise
        return True

    def _free(self, tenant: str, warm_up_id: str) -> None:
        """Let the next warm-up of the tenant begin."""
        from botocore.exceptions import ClientError

        try:
            self._client.delete_item(
                TableName=self._table,
                Key={**_partition(tenant), "sk": _RUNNING},
                ConditionExpression="id = :id",
                ExpressionAttributeValues={":id": {"S": warm_up_id}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != CONDITION_FAILED:
                raise

    def _in_the_way(self, warm_up: WarmUp) -> str:
        key = {**_partition(warm_up.tenant), "sk": _RUNNING}
        slot = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {})
        return f"The warm-up {text(slot, 'id') or warm_up.id} is running. Wait for its end: GET /v1/phrases/warm/<id>."


def _own_key(tenant: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#phrases"}, "sk": {"S": "own"}}


def _partition(tenant: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#warm_up"}}


def _key(tenant: str, warm_up_id: str) -> dict[str, Any]:
    return {**_partition(tenant), "sk": {"S": warm_up_id}}


def _result_key(tenant: str, warm_up_id: str, phrase_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#warm_up#{warm_up_id}"}, "sk": {"S": phrase_id}}


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
