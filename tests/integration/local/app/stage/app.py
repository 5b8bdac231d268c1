"""Do as the provider's name says: the stage of a machine with a provider loop."""

import os
import signal
import sys
import time
from typing import Any

import boto3
from shared.errors import ProviderRefusedError, TransientError  # type: ignore[import-not-found] # the layer's

VERSION = "first"


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    provider = event.get("provider", "works")
    sys.stdout.write(f"provider {provider}\n")
    sys.stdout.flush()
    if provider == "refuses":
        raise ProviderRefusedError("not this one")
    if provider == "fails_once" and _calls(event["id"]) == 1:
        raise TransientError("not this time")
    if provider == "kills_its_worker_once" and _calls(event["id"]) == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if provider == "exits":
        sys.exit(7)
    if provider == "says_too_much":
        return {"text": "x" * 262_144}
    if provider == "hangs":
        time.sleep(60)  # the function's timeout is 2 s
    return {"provider": provider, "item": event.get("item"), "version": VERSION, "pid": os.getpid()}


def _calls(key: str) -> int:
    table: Any = boto3.resource("dynamodb").Table(os.environ["ITEMS_TABLE"])
    answer = table.update_item(
        Key={"pk": key},
        UpdateExpression="ADD calls :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    return int(answer["Attributes"]["calls"])
