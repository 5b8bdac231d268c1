"""Erasures in DynamoDB, in the interactions table, and the tombstones that they leave in place of inputs.

An erasure has a partition of its own, ``<tenant>#erasure#<id>``: the item ``erasure``, and one item ``input#<id>`` for
each input that waits for the second pass. A tombstone stands where the input stood, under its key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intake.clock import Clock, iso
from intake.errors import NotFoundError, TransientError
from intake.inputs.erasures import TOMBSTONE_LIFE, Erasure, ErasureStatus, Removed, Tombstone
from intake.inputs.model import StoredFile
from intake.storage.interactions import INPUT, partition, user_key
from intake.storage.items import CONDITION_FAILED, moment, number, seconds_value, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ERASURE, _LISTED = "erasure", "input#"
_COUNTS = {name: f"removed_{name}" for name in Removed.model_fields}
_LEFT = {"pk", "sk", "lines", "erased_at", "erased_by", "erased_files", "erasure_id", "expires_at", *_COUNTS.values()}
"""What a tombstone has; every other attribute of an input is removed, whoever wrote it."""


class DynamoErasures:
    """`intake.inputs.erasures.ErasureRepository` over the interactions table."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def open(self, erasure: Erasure) -> Erasure:
        facts = {
            "status": erasure.status.value,
            "requested_at": iso(erasure.requested_at),
            "requested_by": erasure.requested_by,
            "input_id": erasure.input_id,
            # Not "user": with that, it would be in the index of inputs.
            "subject": erasure.user,
        }
        item = {name: {"S": value} for name, value in facts.items() if value is not None}
        key = _key(erasure.tenant, erasure.id, _ERASURE)
        self._put_new({**key, **item, "expires_at": seconds_value(erasure.expires_at)})
        return self.get(erasure.tenant, erasure.id)

    def get(self, tenant: str, erasure_id: str) -> Erasure:
        item = self._item(_key(tenant, erasure_id, _ERASURE))
        if not item or number(item, "expires_at") <= self._clock.now().timestamp():
            raise NotFoundError(f"There is no erasure {erasure_id}.")
        fields = {name: text(item, name) for name in ("status", "requested_at", "requested_by", "completed_at")}
        return Erasure.model_validate(
            fields
            | {
                "tenant": tenant,
                "id": erasure_id,
                "input_id": text(item, "input_id"),
                "user": text(item, "subject"),
                "inputs": number(item, "inputs"),
                "removed": {name: number(item, attribute) for name, attribute in _COUNTS.items()},
                "expires_at": moment(item["expires_at"]),
            }
        )

    def user(self, tenant: str, user_id: str) -> str:
        return user_key(tenant, user_id)

    def inputs_of(self, erasure: Erasure, *, limit: int) -> Sequence[str]:
        found = self._call(
            "query",
            IndexName="by_user",
            KeyConditionExpression="#user = :user AND created < :requested",
            ExpressionAttributeNames={"#user": "user"},
            ExpressionAttributeValues={
                ":user": {"S": erasure.user or ""},
                ":requested": {"S": iso(erasure.requested_at)},
            },
            Limit=limit,
        )
        return [item["pk"]["S"].rpartition("#")[2] for item in found["Items"]]

    def enlist(self, erasure: Erasure, input_id: str) -> None:
        key = _key(erasure.tenant, erasure.id, _LISTED + input_id)
        if self._put_new({**key, "expires_at": seconds_value(erasure.expires_at)}):
            self._add(_key(erasure.tenant, erasure.id, _ERASURE), {"inputs": 1})

    def enlisted(self, erasure: Erasure, *, limit: int) -> Sequence[str]:
        keys = self._keys(_key(erasure.tenant, erasure.id, _LISTED), limit=limit)
        return [key["sk"]["S"].removeprefix(_LISTED) for key in keys]

    def bury(self, erasure: Erasure, input_id: str) -> Tombstone:
        item = self._item(_input_key(erasure.tenant, input_id))
        if not item:
            raise NotFoundError(f"There is no input {input_id}.")
        # A stage may write between the read and the write. After the write none can: a second round finds the rest.
        while words := set(item) - _LEFT:
            item = self._stripped(erasure, input_id, item, sorted(words))
        return _tombstone(item, erasure.tenant, input_id)

    def tombstone(self, tenant: str, input_id: str) -> Tombstone:
        item = self._item(_input_key(tenant, input_id))
        if "erased_at" not in item:
            raise NotFoundError(f"The input {input_id} is not erased.")
        return _tombstone(item, tenant, input_id)

    def clear(self, tenant: str, input_id: str) -> int:
        whole = {"pk": {"S": partition(tenant, input_id)}, "sk": {"S": ""}}
        keys = [key for key in self._keys(whole) if key["sk"]["S"] != INPUT]
        for key in keys:
            self._call("delete_item", Key=key)
        return len(keys)

    def count(self, erasure: Erasure, input_id: str, removed: Removed) -> None:
        if removed:
            amounts = {attribute: getattr(removed, name) for name, attribute in _COUNTS.items()}
            self._add(_input_key(erasure.tenant, input_id), amounts)
            self._add(_key(erasure.tenant, erasure.id, _ERASURE), amounts)

    def settle(self, erasure: Erasure, input_id: str) -> None:
        self._update_if_there(
            _input_key(erasure.tenant, input_id),
            UpdateExpression="REMOVE #lines, erased_files",
            ExpressionAttributeNames={"#lines": "lines"},
        )
        self._call("delete_item", Key=_key(erasure.tenant, erasure.id, _LISTED + input_id))

    def close(self, erasure: Erasure, completed_at: datetime) -> None:
        self._update_if_there(
            _key(erasure.tenant, erasure.id, _ERASURE),
            UpdateExpression="SET #status = :erased, completed_at = :now",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":erased": {"S": ErasureStatus.ERASED.value}, ":now": {"S": iso(completed_at)}},
        )

    def _stripped(self, erasure: Erasure, input_id: str, item: Mapping[str, Any], words: Sequence[str]) -> Any:
        """Make a tombstone of an input, or strip one of what was written meanwhile; return it as it now is."""
        facts = {"expires_at": seconds_value(self._clock.now() + TOMBSTONE_LIFE)}
        if "erased_at" not in item:
            told = {"erased_at": iso(erasure.requested_at), "erased_by": erasure.requested_by, "erasure_id": erasure.id}
            told["erased_files"] = json.dumps(_files(json.loads(text(item, "accepted") or "{}")))
            facts |= {name: {"S": value} for name, value in told.items()}
        names = {f"#w{place}": name for place, name in enumerate(words)}
        changes = ", ".join(f"{name} = :{name}" for name in facts)
        return self._update_if_there(
            _input_key(erasure.tenant, input_id),
            UpdateExpression=f"SET {changes} REMOVE {', '.join(names)}",
            ExpressionAttributeNames=names,
            ExpressionAttributeValues={f":{name}": value for name, value in facts.items()},
        )

    def _update_if_there(self, key: Any, **update: Any) -> dict[str, Any]:
        """Change an item that exists, and return it as it now is; empty where there is none."""
        changed = self._call(
            "update_item", Key=key, ConditionExpression="attribute_exists(pk)", ReturnValues="ALL_NEW", **update
        )
        return dict(changed.get("Attributes", {}))

    def _add(self, key: Any, amounts: Mapping[str, int]) -> None:
        self._update_if_there(
            key,
            UpdateExpression="ADD " + ", ".join(f"{name} :{name}" for name in amounts),
            ExpressionAttributeValues={f":{name}": {"N": str(amount)} for name, amount in amounts.items()},
        )

    def _item(self, key: Any) -> dict[str, Any]:
        return dict(self._call("get_item", Key=key, ConsistentRead=True).get("Item", {}))

    def _keys(self, start: Any, *, limit: int | None = None) -> list[Any]:
        """Return the keys of a partition whose sort key begins as the given one does."""
        prefix = start["sk"]["S"]
        asked: dict[str, Any] = {
            "KeyConditionExpression": "pk = :pk" + (" AND begins_with(sk, :sk)" if prefix else ""),
            "ExpressionAttributeValues": {":pk": start["pk"]} | ({":sk": start["sk"]} if prefix else {}),
            "ProjectionExpression": "pk, sk",
            "ConsistentRead": True,
        }
        if limit is not None:
            asked["Limit"] = limit
        page = self._call("query", **asked)
        found = list(page["Items"])
        while limit is None and "LastEvaluatedKey" in page:
            page = self._call("query", ExclusiveStartKey=page["LastEvaluatedKey"], **asked)
            found += page["Items"]
        return found

    def _put_new(self, item: Any) -> bool:
        """Write an item, and say whether there was none; one that is there is left as it is."""
        return "failed" not in self._call("put_item", Item=item, ConditionExpression="attribute_not_exists(pk)")

    def _call(self, operation: str, **arguments: Any) -> dict[str, Any]:
        """Ask the table; ``{"failed"}`` where a condition did not hold. What fails otherwise is worth another try."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            answer: dict[str, Any] = getattr(self._client, operation)(TableName=self._table, **arguments)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code == CONDITION_FAILED:
                return {"failed": code}
            raise TransientError(f"The table of inputs answered {code}.") from error
        except BotoCoreError as error:
            raise TransientError("The table of inputs did not answer.") from error
        return answer


def _key(tenant: str, erasure_id: str, sort_key: str) -> dict[str, Any]:
    return {"pk": {"S": f"{tenant}#erasure#{erasure_id}"}, "sk": {"S": sort_key}}


def _input_key(tenant: str, input_id: str) -> dict[str, Any]:
    return {"pk": {"S": partition(tenant, input_id)}, "sk": {"S": INPUT}}


def _tombstone(item: Mapping[str, Any], tenant: str, input_id: str) -> Tombstone:
    return Tombstone(
        tenant=tenant,
        input_id=input_id,
        erasure_id=text(item, "erasure_id") or "",
        erased_at=datetime.fromisoformat(text(item, "erased_at") or ""),
        erased_by=text(item, "erased_by") or "",
        lines=tuple(sorted(item.get("lines", {"SS": []})["SS"])),
        files=tuple(StoredFile.model_validate(file) for file in json.loads(text(item, "erased_files") or "[]")),
    )


def _files(accepted: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return where the files are that an input was made of, each once."""
    named = [accepted[name] for name in ("uploaded", "audio") if accepted.get(name)]
    places = dict.fromkeys((file["bucket"], file["key"]) for file in named)
    return [{"bucket": bucket, "key": key} for bucket, key in places]
