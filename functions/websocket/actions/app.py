"""The WebSocket API: what happens when somebody connects, asks for something, or leaves."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from intake.observability import lambda_handler
from intake.runtime import services
from intake.subscriptions.actions import Caller, act


class _Proved(BaseModel):
    """What the authorizer found when the connection was opened."""

    tenant: str = Field(min_length=2)


class _Context(BaseModel):
    connection: str = Field(alias="connectionId")
    event_type: Literal["CONNECT", "MESSAGE", "DISCONNECT"] = Field(alias="eventType")
    proved: _Proved = Field(alias="authorizer")


class Frame(BaseModel):
    """An event of a WebSocket API of API Gateway."""

    model_config = ConfigDict(extra="ignore")

    context: _Context = Field(alias="requestContext")
    body: str | None = None


@lambda_handler(Frame)
def handler(frame: Frame) -> dict[str, Any]:
    """Do what a frame asks; answers go over the connection. See `intake.subscriptions.actions.act`."""
    context = frame.context
    if context.event_type == "MESSAGE":
        act(Caller(context.proved.tenant, context.connection), frame.body or "", services().delivery)
    elif context.event_type == "DISCONNECT":
        services().subscriptions.forget(context.proved.tenant, context.connection)
    return {"statusCode": 200}
