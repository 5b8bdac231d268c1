"""``intake inputs``: list them, show one, erase some, and see what was masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cli.client import Client, resource
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output, Row
from cli.summary import input_rows


def list_all(output: Output, *, limit: int, cursor: str | None, url: str | None, key: str | None) -> None:
    """Write one page of inputs."""
    with Client(connect(url, key)) as client:
        page = client.get("/v1/inputs", {"limit": limit, "cursor": cursor}).body
    if output.as_json:
        output.json(page)
        return
    rows = [
        (
            item["id"],
            item["status"],
            "voice" if item["spoken"] else "text",
            item["source_language"] or "",
            item["target_language"],
            item["created_at"],
        )
        for item in page["items"]
    ]
    output.table("Inputs", ("id", "status", "kind", "from", "to", "created"), rows)
    output.more(page)


def show(output: Output, input_id: str, *, url: str | None, key: str | None) -> None:
    """Write one input."""
    with Client(connect(url, key)) as client:
        found = client.get(resource("inputs", input_id)).body
    if output.as_json:
        output.json(found)
        return
    problem = (found.get("error") or {}).get("detail", "")
    rows = [("status", found["status"]), ("problem", problem), *input_rows(found)]
    output.card(found["id"], rows)


def erase(
    output: Output,
    input_ids: Sequence[str],
    user: str | None,
    *,
    yes: bool,
    no_input: bool,
    url: str | None,
    key: str | None,
) -> None:
    """Ask for the erasure of inputs by their ids, or of all that one user has sent, and write how far each is.

    Raises
    ------
    CliError
        Neither or both were given, or it was not confirmed (2); an input does not exist (4): the others before it are
        shown all the same.
    """
    if bool(input_ids) == bool(user):
        raise CliError("Name the inputs to erase by their ids, or a user by --user.", ExitCode.USAGE)
    if not yes:
        _confirm(output, input_ids, user, no_input=no_input)
    erasures: list[dict[str, Any]] = []
    with Client(connect(url, key)) as client:
        try:
            if user:
                erasures.append(client.post("/v1/erasures", {"user_id": user}).body)
            for input_id in input_ids:
                erasures.append(client.delete(resource("inputs", input_id)).body)
        finally:
            # There is no way back: what was begun is told, whatever became of the rest.
            _show_erasures(output, erasures)


def reveal(output: Output, input_id: str, reason: str, *, url: str | None, key: str | None) -> None:
    """Write what each placeholder of an input stands for."""
    with Client(connect(url, key)) as client:
        shown = client.post(resource("inputs", input_id, "reveal"), {"reason": reason}).body
    if output.as_json:
        output.json(shown)
        return
    placeholders = shown["placeholders"]
    if not placeholders:
        output.note("Nothing was masked in this input.")
        return
    output.card(shown["id"], list(placeholders.items()))


def _confirm(output: Output, input_ids: Sequence[str], user: str | None, *, no_input: bool) -> None:
    what = f"all that {user} has sent" if user else f"{len(input_ids)} input{'s'[: len(input_ids) > 1]}"
    unasked = f"This would erase {what}, without a way back. Say --yes to do it unasked."
    if no_input:
        raise CliError(unasked, ExitCode.USAGE)
    output.confirm(f"Erase {what}? There is no way back.", unasked=unasked)


def _show_erasures(output: Output, erasures: Sequence[dict[str, Any]]) -> None:
    if not erasures:
        return
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
