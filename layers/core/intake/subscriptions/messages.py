"""What is sent over a connection. Every message carries the version of this contract; see `docs/websocket.md`.

A field may be added at any time. One that is removed, renamed or means something else takes a new version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intake.errors import IntakeError

VERSION = 1


def subscribed(topic: Mapping[str, str], sequence: int | None) -> dict[str, Any]:
    """Answer a subscription; ``sequence`` is the number of the last entry there is, of an id."""
    return _message("subscribed", **topic, **({} if sequence is None else {"sequence": sequence}))


def unsubscribed(topic: Mapping[str, str]) -> dict[str, Any]:
    """Answer the end of a subscription."""
    return _message("unsubscribed", **topic)


def progress(kind: str, thing_id: str, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Tell entries of one thing, in order."""
    return _message("progress", kind=kind, id=thing_id, entries=list(entries))


def pong() -> dict[str, Any]:
    """Answer a ping."""
    return _message("pong")


def error(problem: IntakeError, action: str | None) -> dict[str, Any]:
    """Say why an action was not done, in the fields of a problem of the HTTP API."""
    fields = [field.model_dump() for field in getattr(problem, "errors", ())]
    told = {"type": problem.slug, "title": problem.title, "status": problem.http_status, "detail": problem.detail}
    return _message("error", action=action, problem=told | ({"errors": fields} if fields else {}))


def _message(message_type: str, /, **fields: Any) -> dict[str, Any]:
    return {"version": VERSION, "type": message_type, **fields}
