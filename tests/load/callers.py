"""Many callers of one running stack, and what became of each of their inputs."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

from intake.clock import SystemClock
from intake.gateway.prices import PriceList
from intake.money import Usage
from tests.doubles.service import ServiceDouble
from tests.support.stack import RunningStack
from tests.support.tenants import until

CALLERS = 8
SECONDS_OF_PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """What a caller got: ``seconds`` from the first byte of the request to the last of the answer."""

    status: int
    body: Any
    started: float
    seconds: float

    @property
    def is_result(self) -> bool:
        return self.status == 200 and self.body["status"] == "completed"


def send_all(
    stack: RunningStack, texts: list[str], after_each: Callable[[int], None] = lambda _answered: None
) -> list[Answer]:
    """Send Spanish texts from `CALLERS` callers at once; tell after each how many are answered."""
    headers = {"x-api-key": stack.endpoints["admin_api_key"]}
    answers: list[Answer] = []
    with httpx.Client(base_url=stack.endpoints["api_url"], headers=headers, timeout=SECONDS_OF_PATIENCE) as client:

        def send(text: str) -> None:
            started = time.monotonic()
            response = client.post("/v1/inputs", json={"text": text, "source_language": "es"})
            if response.status_code == 202:
                response = until(lambda: _ended(client, response.json()["id"]), "the end of an input")
            answers.append(Answer(response.status_code, response.json(), started, time.monotonic() - started))
            after_each(len(answers))

        with ThreadPoolExecutor(CALLERS) as threads:
            list(threads.map(send, texts))
    return answers


def _ended(client: httpx.Client, input_id: str) -> httpx.Response | None:
    """Return a result that took longer than its caller could wait, once it is there."""
    response = client.get(f"/v1/inputs/{input_id}")
    return response if response.json()["status"] in ("completed", "failed") else None


def charged_microusd(stack: RunningStack, tenant: str = "demo") -> int:
    """Return what the ledger says a tenant was charged, at all providers; no reservation may be open any more."""
    rows = stack.client("dynamodb").query(
        TableName=stack.outputs["GatewayTable"],
        KeyConditionExpression="pk = :tenant",
        ExpressionAttributeValues={":tenant": {"S": f"{tenant}#budget"}},
    )["Items"]
    return sum(int(row["spent"]["N"]) for row in rows if "spent" in row)


def billed_microusd(double: ServiceDouble, provider: str, model: str) -> int:
    """Return what a double's answers cost by the price list, each rounded up as a charge is."""
    price = PriceList().find(provider, model, SystemClock().now().date())
    return sum(
        price.cost_microusd(Usage(input_tokens=usage["prompt_tokens"], output_tokens=usage["completion_tokens"]))
        for usage in double.billed
    )
