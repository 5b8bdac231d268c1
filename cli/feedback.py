"""``intake inputs feedback`` and ``approve``: what users say of a result, and which correction is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cli.client import Client, resource
from cli.connection import connect
from cli.errors import CliError, ExitCode
from cli.output import Output


@dataclass(frozen=True)
class Opinion:
    """What somebody says of an input."""

    rating: int | None = None
    text: str | None = field(default=None, repr=False)
    correction: str | None = field(default=None, repr=False)
    user: str | None = None

    @property
    def is_empty(self) -> bool:
        return self == Opinion()

    def body(self) -> dict[str, Any]:
        """Return it as the API names it."""
        said = {"rating": self.rating, "text": self.text, "corrected_text": self.correction, "user_id": self.user}
        return {name: value for name, value in said.items() if value is not None}


def give(output: Output, input_id: str, opinion: Opinion, *, url: str | None, key: str | None) -> None:
    """Rate an input, and correct its translation where that is wanted.

    Raises
    ------
    CliError
        The rating is missing (2); the input is not there or has no result yet, or the correction is not accepted (4).
    """
    if opinion.rating is None:
        raise CliError("Say how good the result is: --rating 1 to 5.", ExitCode.USAGE)
    with Client(connect(url, key)) as client:
        given = client.post(resource("inputs", input_id, "feedback"), opinion.body()).body
    _show(output, given)
    if given["correction"] == "waiting":
        output.note(f"The correction waits for an administrator: intake inputs approve {input_id}")


def list_all(output: Output, input_id: str, *, url: str | None, key: str | None) -> None:
    """Write all feedback to an input."""
    with Client(connect(url, key)) as client:
        found = client.get(resource("inputs", input_id, "feedback")).body
    if output.as_json:
        output.json(found)
        return
    if not found["items"]:
        output.note("Nobody has rated this input.")
    for given in found["items"]:
        _show(output, given)


def approve(output: Output, input_id: str, feedback_id: str | None, *, url: str | None, key: str | None) -> None:
    """Have a correction used from now on: the one that waits, or the named one."""
    body = {} if feedback_id is None else {"feedback_id": feedback_id}
    with Client(connect(url, key)) as client:
        approved = client.post(resource("inputs", input_id, "feedback", "approve"), body).body
    _show(output, approved)


def _show(output: Output, given: Mapping[str, Any]) -> None:
    if output.as_json:
        output.json(given)
        return
    rows = [
        ("input", given["input_id"]),
        ("rating", f"{given['rating']} of 5"),
        ("text", given["text"] or ""),
        ("corrected", given["corrected_text"] or ""),
        ("correction", given["correction"] or ""),
        ("given", given["updated_at"]),
    ]
    output.card(given["id"], rows)
