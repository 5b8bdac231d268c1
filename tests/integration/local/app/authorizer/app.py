"""Let two keys in, each for its tenant."""

from typing import Any

TENANTS = {"key-a": "tenant-a", "key-b": "tenant-b"}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    tenant = TENANTS.get(event["headers"].get("x-api-key", ""))
    return {"isAuthorized": tenant is not None, "context": {"tenant": tenant or ""}}
