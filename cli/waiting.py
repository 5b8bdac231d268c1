"""Waiting for an input, with what happens to it meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from cli.client import Client, resource
from cli.errors import CliError

SECONDS_FOR_AN_INPUT = 300
"""The input machine ends after five minutes."""
SECONDS_BETWEEN_LOOKS = 0.5

_SEEN = {
    "accepted": "accepted",
    "provider_chosen": "{stage} by {provider}",
    "retrying": "{stage}: {provider} failed ({error}), once more",
    "falling_back": "{stage}: {provider} failed ({error}), now {next_provider}",
    "stage_done": "{stage} done",
    "skipped": "{stage} not needed",
}


def finished(
    client: Client, found: dict[str, Any], step: Callable[[str], None], *, seconds: float = SECONDS_FOR_AN_INPUT
) -> dict[str, Any]:
    """Wait for an input that takes longer than a request may.

    Raises
    ------
    CliError
        It failed, or takes longer than so many seconds.
    """
    deadline = time.monotonic() + seconds
    while found["status"] not in {"completed", "failed"}:
        if time.monotonic() > deadline:
            raise CliError(
                f"{found['id']} is still {found['status']} after {seconds:.0f} s. "
                f"It goes on: `intake inputs show {found['id']}` tells how far it is."
            )
        time.sleep(SECONDS_BETWEEN_LOOKS)
        found = client.get(resource("inputs", found["id"])).body
        step(latest(found))
    if found["status"] == "failed":
        error = found.get("error") or {}
        raise CliError(error.get("detail") or f"{found['id']} failed.", problem=error)
    return found


def latest(found: Mapping[str, Any]) -> str:
    """Say what has happened to an input last; its status, where that is not told."""
    entry = (found.get("progress") or [{}])[-1]
    words = {name: str(value).replace("_", " ") for name, value in entry.items()}
    pattern = _SEEN.get(entry.get("kind", ""))
    return pattern.format_map(words) if pattern else str(found["status"])
