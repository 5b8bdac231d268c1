"""Answer with what arrived."""

import json
import os
from typing import Any


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    authorizer = event.get("requestContext", {}).get("authorizer", {})
    body = {
        "path": event.get("rawPath"),
        "query": event.get("queryStringParameters"),
        "body": event.get("body"),
        "tenant": authorizer.get("lambda", {}).get("tenant"),
        "stage": os.environ["INTAKE_STAGE"],
        "providers": os.environ["INTAKE_PROVIDERS"],
        "pid": os.getpid(),
    }
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(body)}
