"""Tenants of a running stack, as their own clients see it: over HTTP with a key, and by files dropped into buckets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest

from intake.clock import SystemClock
from intake.storage.tenancy import DynamoApiKeys
from intake.tenancy.api_keys import Role, issue
from tests.support.stack import RunningStack

PATIENCE_SECONDS = 90.0
"""Far above what anything here takes: a machine that is busy with other tests must not fail them."""
SECONDS_BETWEEN_LOOKS = 0.05

ResultT = TypeVar("ResultT")


def until(found: Callable[[], ResultT | None], what: str, seconds: float = PATIENCE_SECONDS) -> ResultT:
    """Return what is found as soon as it is."""
    deadline = time.monotonic() + seconds
    while (result := found()) is None:
        assert time.monotonic() < deadline, f"{what} did not come within {seconds:g} s"
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return result


@cache
def _keys(_endpoint: str, table: str) -> DynamoApiKeys:
    """Return the keys of one stack, made once: a connection takes half a second, and every test has its own tenant."""
    return DynamoApiKeys(table)


def new_tenant(stack: RunningStack, name: str, role: Role = Role.OPERATOR) -> Tenant:
    """Let the product issue a key on the stack's own table."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", stack.endpoints["aws_endpoint_url"])
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("AWS_ACCESS_KEY_ID", "000000000000")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "local")
        keys = _keys(stack.endpoints["aws_endpoint_url"], stack.outputs["TenancyTable"])
        key = issue(name, role, label="tests", keys=keys, clock=SystemClock())
    headers = {"x-api-key": key.plain}
    client = httpx.Client(base_url=stack.endpoints["api_url"], headers=headers, timeout=PATIENCE_SECONDS)
    return Tenant(name, stack, client)


@dataclass(frozen=True)
class Tenant:
    """One tenant and the client of its own."""

    name: str
    stack: RunningStack
    api: httpx.Client

    def register(self, filename: str, body: bytes, content_type: str = "application/pdf", **declared: Any) -> Any:
        """Announce a document; ``declared`` overrides what is said of it. Return the answer with its upload form."""
        size = {"size": len(body)}
        announced = {"filename": filename, "content_type": content_type} | size | declared
        response = self.api.post("/v1/documents", json=announced)
        assert response.status_code == 201, response.text
        return response.json()

    def post_file(self, registered: Any, body: bytes) -> httpx.Response:
        """Post a file by the form of its registration, straight to S3."""
        form = registered["upload"]
        file = (registered["filename"], body, registered["content_type"])
        return httpx.post(form["url"], data=form["fields"], files={"file": file}, timeout=PATIENCE_SECONDS)

    def upload(self, filename: str, body: bytes, content_type: str = "application/pdf", **declared: Any) -> Any:
        """Register a document, post its file, and return it when it has come to its end."""
        registered = self.register(filename, body, content_type, **declared)
        posted = self.post_file(registered, body)
        assert posted.status_code == 204, posted.text
        return self.ended(registered["id"])

    def write(self, text: str) -> Any:
        """Upload a text under a name that occurs nowhere else, and return the document when it has ended."""
        return self.upload(f"{uuid4().hex}.txt", text.encode(), "text/plain")

    def drop(self, filename: str, body: bytes, bucket: str = "DocumentsBucket") -> None:
        """Put a file into the tenant's folder of a bucket, as any S3 client does."""
        key = f"uploads/{self.name}/{filename}"
        self.stack.client("s3").put_object(Bucket=self.stack.outputs[bucket], Key=key, Body=body)

    def understand(self, **request: Any) -> Any:
        """Send a text or a recording, and return its result, also where that takes longer than a caller can wait."""
        response = self.api.post("/v1/inputs", **request)
        if response.status_code == 202:
            return until(
                lambda: self._understood(str(response.url.join(response.headers["location"]))), "the result of an input"
            )
        assert response.status_code == 200, response.text
        return response.json()

    def _understood(self, location: str) -> Any:
        result = self.api.get(location).json()
        assert result["status"] != "failed", result
        return result if result["status"] == "completed" else None

    def document(self, document_id: str) -> Any:
        response = self.api.get(f"/v1/documents/{document_id}")
        assert response.status_code == 200, response.text
        return response.json()

    def ended(self, document_id: str) -> Any:
        """Return a document when nothing more will happen to it."""

        def look() -> Any:
            document = self.document(document_id)
            return document if has_ended(document) else None

        return until(look, f"the end of document {document_id}")

    def dropped(self, filename: str) -> Any:
        """Return a dropped document when it has come to its end."""

        def look() -> str | None:
            return next((item["id"] for item in self.documents() if item["filename"] == filename), None)

        return self.ended(until(look, f"the document {filename}"))

    def documents(self) -> list[Any]:
        items: list[Any] = self.api.get("/v1/documents", params={"limit": 100}).json()["items"]
        return items

    def inputs(self) -> list[Any]:
        items: list[Any] = self.api.get("/v1/inputs", params={"limit": 100}).json()["items"]
        return items

    def search(self, query: str, **more: Any) -> list[Any]:
        response = self.api.post("/v1/search", json={"query": query, **more})
        assert response.status_code == 200, response.text
        results: list[Any] = response.json()["results"]
        return results

    def run_of(self, document_id: str) -> str:
        """Return how the run of the document machine ended that a document's upload started."""

        def look() -> str | None:
            states = self.stack.client("stepfunctions")
            machine = self.stack.outputs["DocumentMachine"]
            for run in states.list_executions(stateMachineArn=machine, maxResults=200)["executions"]:
                started_by = states.describe_execution(executionArn=run["executionArn"])["input"]
                if document_id in started_by and run["status"] != "RUNNING":
                    return str(run["status"])
            return None

        return until(look, f"the end of the run of {document_id}")


def has_ended(document: Any) -> bool:
    status = document["status"]
    return status in ("complete", "rejected", "duplicate", "cancelled") or status.startswith("failed_")
