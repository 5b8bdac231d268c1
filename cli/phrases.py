"""``intake phrases``: warm the cache with what members often say."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from cli.client import Client, resource
from cli.connection import connect
from cli.errors import CliError
from cli.output import Output, Row
from cli.summary import usd

SECONDS_FOR_A_WARM_UP = 3600
SECONDS_BETWEEN_LOOKS = 1.0


def warm(output: Output, languages: Sequence[str], *, url: str | None, key: str | None) -> None:
    """Begin a warm-up, wait until it has ended, and write what came of it.

    Raises
    ------
    CliError
        Another one runs already (4), or it failed (1).
    """
    body = {"languages": list(languages)} if languages else {}
    with Client(connect(url, key)) as client:
        begun = client.post("/v1/phrases/warm", body).body
        warm_up = _follow(output, client, begun["id"])
    if output.as_json:
        output.json(warm_up)
    else:
        output.card(f"Warm-up {warm_up['id']}", _rows(warm_up))
    if warm_up["status"] == "failed":
        raise CliError(warm_up["notice"] or f"{warm_up['id']} failed.")


def _follow(output: Output, client: Client, warm_up_id: str) -> dict[str, Any]:
    deadline = time.monotonic() + SECONDS_FOR_A_WARM_UP
    with output.working("warming the cache") as work:
        while True:
            warm_up = client.get(resource("phrases", "warm", warm_up_id)).body
            if warm_up["status"] != "running":
                return warm_up
            if warm_up["phrases"] is not None:
                work.step(f"{warm_up['phrases'] - warm_up['left']} of {warm_up['phrases']} phrases")
            if time.monotonic() > deadline:
                raise CliError(f"{warm_up_id} still runs after {SECONDS_FOR_A_WARM_UP} s.")
            time.sleep(SECONDS_BETWEEN_LOOKS)


def _rows(warm_up: dict[str, Any]) -> list[Row]:
    counts = ("phrases", "warmed", "already_warm", "skipped", "failed", "left")
    return [
        ("status", warm_up["status"]),
        ("notice", warm_up["notice"] or ""),
        ("languages", ", ".join(warm_up["languages"] or ())),
        *((name.replace("_", " "), str(warm_up[name] or "")) for name in counts),
        ("cost", usd(warm_up["cost_microusd"])),
        (
            "why not",
            "\n".join(f"{why['reason']} ({len(why['phrases'])} {why['outcome']})" for why in warm_up["reasons"]),
        ),
    ]
