"""Tell subscribers of what was written: the streams of the tables of inputs, with batches, and of documents."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from intake.observability import lambda_handler
from intake.runtime import services
from intake.storage.streams import changes


class StreamBatch(BaseModel):
    """Records of a DynamoDB stream that holds keys only."""

    model_config = ConfigDict(extra="ignore")

    records: list[dict[str, Any]] = Field(alias="Records")


@lambda_handler(StreamBatch)
def handler(batch: StreamBatch) -> dict[str, Any]:
    """Push to everybody who listens; see `intake.subscriptions.delivery.Delivery.push`."""
    return {"told": services().delivery.push(changes(batch.records))}
