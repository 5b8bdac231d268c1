"""Where words are found in a running stack: every item, every version of every object, every run, queue and log."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator
from typing import Any

from tests.support.stack import RunningStack


def traces(stack: RunningStack, words: Collection[str]) -> list[str]:
    """Return each place that holds one of the words, and the word. Case does not matter."""
    wanted = {word.lower().encode(): word for word in words}
    return [
        f"{place}: {word}"
        for place, content in _everything(stack)
        for needle, word in wanted.items()
        if needle in content.lower()
    ]


def _everything(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    yield from _items(stack)
    yield from _objects(stack)
    yield from _runs(stack)
    yield from _messages(stack)
    yield from _logs(stack)


def _items(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    dynamodb = stack.client("dynamodb")
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                key = "/".join(str(item[name]["S"]) for name in ("pk", "sk") if name in item)
                yield f"{table} {key}", b"\n".join(_values(item))


def _values(value: Any) -> Iterator[bytes]:
    """Yield everything in an item as bytes, what is compressed unpacked too."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name.encode()
            yield from _values(inner)
    elif isinstance(value, list | set):
        for inner in value:
            yield from _values(inner)
    elif isinstance(value, bytes):
        yield value
        yield _unpacked(value)
    else:
        # JSON in a string may write a letter as an escape.
        yield str(value).encode()
        yield str(value).encode().decode("unicode_escape", errors="replace").encode("utf-8", errors="replace")


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompress(body, wbits=zlib.MAX_WBITS | 32)  # zlib or gzip
    except zlib.error:
        return b""


def _objects(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    s3 = stack.client("s3")
    for bucket in (bucket["Name"] for bucket in s3.list_buckets()["Buckets"]):
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            for version in page.get("Versions", []):
                which = {"Bucket": bucket, "Key": version["Key"], "VersionId": version["VersionId"]}
                body = s3.get_object(**which)["Body"].read()
                yield f"{bucket} {version['Key']}", b"\n".join([version["Key"].encode(), body, _unpacked(body)])
            for mark in page.get("DeleteMarkers", []):
                yield f"{bucket} {mark['Key']} (deleted)", mark["Key"].encode()


def _runs(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    states = stack.client("stepfunctions")
    for machine in states.list_state_machines()["stateMachines"]:
        if machine["type"] != "STANDARD":
            continue  # Express keeps no history.
        for run in states.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]:
            arn = run["executionArn"]
            yield arn, _json(states.describe_execution(executionArn=arn))
            yield f"{arn} history", _json(states.get_execution_history(executionArn=arn, maxResults=1000)["events"])


def _messages(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    sqs = stack.client("sqs")
    for queue in sqs.list_queues().get("QueueUrls", []):
        while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=30).get(
            "Messages"
        ):
            yield queue, _json(found)


def _logs(stack: RunningStack) -> Iterator[tuple[str, bytes]]:
    for file in (stack.state_directory / "logs").rglob("*"):
        if file.is_file():
            yield str(file.relative_to(stack.state_directory)), file.read_bytes()
    logs = stack.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
            yield group["logGroupName"], _json(page["events"])


def _json(content: Any) -> bytes:
    return json.dumps(content, default=str, ensure_ascii=False).encode()
