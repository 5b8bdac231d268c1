"""Feedback in DynamoDB: items ``feedback#<id>`` in their input's partition, written with the counters they move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.errors import ConflictError, TransientError
from intake.gateway.statistics import Row, Tally
from intake.inputs.feedback import Feedback
from intake.storage.interactions import partition
from intake.storage.items import seconds_value
from intake.storage.statistics import ATTEMPTS, addition, transact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_SORT = "feedback#"


class DynamoDBFeedback:
    """`intake.inputs.feedback.FeedbackRepository` over the tables of inputs and of the gateway."""

    def __init__(self, client: DynamoDBClient, interactions_table: str, gateway_table: str) -> None:
        self._client = client
        self._interactions = interactions_table
        self._gateway = gateway_table

    def list(self, tenant: str, input_id: str) -> Sequence[Feedback]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            # A page holds 1 MB, and a long correction 20 KB.
            pages = self._client.get_paginator("query").paginate(
                TableName=self._interactions,
                KeyConditionExpression="pk = :pk AND begins_with(sk, :sort)",
                ExpressionAttributeValues={":pk": {"S": partition(tenant, input_id)}, ":sort": {"S": _SORT}},
                ConsistentRead=True,
            )
            found = [item["feedback"]["S"] for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise TransientError(f"The table of inputs did not answer: {type(error).__name__}.") from error
        return [Feedback.model_validate_json(stored) for stored in found]

    def save(self, feedback: Feedback, counts: Mapping[Row, Mapping[str, Tally]], now: datetime) -> None:
        pk = {"S": partition(feedback.tenant, feedback.input_id)}
        writes: list[Any] = [
            {
                "ConditionCheck": {
                    "TableName": self._interactions,
                    "Key": {"pk": pk, "sk": {"S": "input"}},
                    "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(erased_at)",
                }
            },
            {
                "Put": {
                    "TableName": self._interactions,
                    "Item": {
                        "pk": pk,
                        "sk": {"S": f"{_SORT}{feedback.id}"},
                        "feedback": {"S": feedback.model_dump_json()},
                        "version": {"N": str(feedback.version)},
                        "expires_at": seconds_value(feedback.expires_at),
                    },
                    **_unchanged(feedback.version - 1),
                }
            },
            *(
                addition(self._gateway, row, tallies, now)
                for row, tallies in counts.items()
                if not all(tally.is_empty for tally in tallies.values())
            ),
        ]
        for _attempt in range(ATTEMPTS):
            outcome = transact(self._client, writes)
            if outcome is None:
                continue
            if not outcome:
                raise ConflictError("The feedback was changed meanwhile, or its input erased. Read it, and try again.")
            return
        raise TransientError("Too many are rating at once. Send it again in a few seconds.")


def _unchanged(version: int) -> dict[str, Any]:
    """Return the condition that feedback is as it was read; version 0 was not there."""
    if version == 0:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :version",
        "ExpressionAttributeValues": {":version": {"N": str(version)}},
    }
