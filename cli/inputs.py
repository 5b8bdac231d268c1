"""``intake inputs``: show one, erase some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cli.client import Client
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output, Row
from cli.summary import input_rows


def show(output: Output, input_id: str, *, url: str | None, key: str | None) -> None:
    """Write one input."""
    with Client(connect(url, key)) as client:
        found = client.get(f"/v1/inputs/{quote(input_id, safe='')}").body
    if output.as_json:
        output.json(found)
        return
    problem = (found.get("error") or {}).get("detail", "")
    rows = [("status", found["status"]), ("problem", problem), *input_rows(found)]
    output.card(found["id"], rows)


def erase(output: Output, input_ids: Sequence[str], user: str | None, *, url: str | None, key: str | None) -> None:
    """Ask for the erasure of inputs by their ids, or of all that one user has sent, and write how far each is.

    Raises
    ------
    CliError
        Neither or both were given (2), or an input does not exist (4).
    """
    if bool(input_ids) == bool(user):
        raise CliError("Name the inputs to erase by their ids, or a user by --user.", ExitCode.USAGE)
    with Client(connect(url, key)) as client:
        if user:
            erasures = [client.post("/v1/erasures", {"user_id": user}).body]
        else:
            erasures = [client.delete(f"/v1/inputs/{quote(input_id, safe='')}").body for input_id in input_ids]
    if output.as_json:
        output.json({"items": erasures})
        return
    for erasure in erasures:
        output.card(erasure["id"], _rows(erasure))


def _rows(erasure: dict[str, Any]) -> list[Row]:
    removed = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in erasure["removed"].items() if number)
    return [
        ("status", erasure["status"]),
        ("input", erasure["input_id"] or ""),
        ("inputs", str(erasure["inputs"] or "")),
        ("asked", erasure["requested_at"]),
        ("complete", erasure["completed_at"] or ""),
        ("removed", removed),
    ]
