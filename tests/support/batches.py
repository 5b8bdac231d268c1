"""Batches of a tenant, as its own client sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.support.tenants import PATIENCE_SECONDS, Tenant, until

NDJSON = "application/x-ndjson"
_ENDED = ("completed", "completed_with_errors", "failed", "cancelled")


@dataclass(frozen=True)
class Batches:
    """Sends batches and reads them, page by page."""

    tenant: Tenant

    def send(self, body: bytes) -> Any:
        """Send lines as the body of a request."""
        answer = self.tenant.api.post("/v1/batches", content=body, headers={"content-type": NDJSON})
        assert answer.status_code == 202, answer.text
        return answer.json()

    def run(self, body: bytes, seconds: float = PATIENCE_SECONDS) -> Any:
        """Send lines, and return the batch when it has ended."""
        return self.ended(self.send(body)["id"], seconds)

    def show(self, batch_id: str) -> Any:
        answer = self.tenant.api.get(f"/v1/batches/{batch_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ended(self, batch_id: str, seconds: float = PATIENCE_SECONDS) -> Any:
        """Return a batch when nothing more will happen to it."""

        def look() -> Any:
            batch = self.show(batch_id)
            return batch if batch["status"] in _ENDED else None

        return until(look, f"the end of batch {batch_id}", seconds)

    def stop_run(self, batch_id: str) -> None:
        """End the run of a batch, as an operator would."""
        stack = self.tenant.stack
        states, machine = stack.client("stepfunctions"), stack.outputs["BatchMachine"]
        for run in states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
            if batch_id in states.describe_execution(executionArn=run["executionArn"])["input"]:
                states.stop_execution(executionArn=run["executionArn"])

    def errors(self, batch_id: str) -> list[Any]:
        return self._lines(f"/v1/batches/{batch_id}/errors")

    def results(self, batch_id: str) -> list[Any]:
        return self._lines(f"/v1/batches/{batch_id}/results")

    def _lines(self, path: str | None) -> list[Any]:
        found = []
        while path is not None:
            answer = self.tenant.api.get(path)
            assert answer.status_code == 200, answer.text
            found += [json.loads(line) for line in answer.text.splitlines()]
            path = answer.links.get("next", {}).get("url")
        return found
