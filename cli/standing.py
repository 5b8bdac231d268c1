"""How the service stands: its providers, their budgets, and what the cache saves; and metrics as a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.client import Client
from cli.errors import CliError, ExitCode
from cli.output import Output, Row
from cli.summary import milliseconds, usd

Json = Mapping[str, Any]

_MEASURED = ("id", "status", "source_language", "target_language", "cache", "degraded", "cost_microusd", "timings_ms")
"""Fields of an input that hold no word of anybody's."""


def standing(client: Client) -> dict[str, Any]:
    """Return what the API says of its providers and its cache."""
    return {"providers": client.get("/v1/providers").body, "cache": client.get("/v1/dashboard/cache").body}


def show(output: Output, found: Json) -> None:
    """Write how the service stands."""
    if output.as_json:
        output.json(found)
        return
    providers = found["providers"]
    show_providers(output, f"Providers in the mode {providers['mode']}", providers["items"])
    output.card("Cache, last seven days", _cache_rows(found["cache"]))


def show_providers(output: Output, title: str, providers: Iterable[Json]) -> None:
    """Write providers, each with its state and what is used of its budget."""
    columns = ("work", "provider", "state", "spent today", "calls this hour", "why not")
    output.table(title, columns, [_row(one) for one in providers])


def export(path: Path, found: Json, inputs: Iterable[Json]) -> None:
    """Write what was measured, on the inputs of this command and by the service, without a word of any text.

    Raises
    ------
    CliError
        The file cannot be written.
    """
    metrics = {"inputs": [_metrics(one) for one in inputs], **found}
    try:
        path.write_text(json.dumps(metrics, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CliError(f"{path} cannot be written: {error.strerror}.", ExitCode.USAGE) from None


def _metrics(result: Json) -> dict[str, Any]:
    quality, intent = result.get("quality") or {}, result.get("intent") or {}
    stages = ("transcription", "translation", "sanitized")
    return {
        **{name: result.get(name) for name in _MEASURED},
        "quality": {name: quality.get(name) for name in ("score", "level", "components", "requires_human_review")},
        "intent": intent.get("label"),
        "providers": {
            stage: {name: made.get(name) for name in ("provider", "attempts", "fallback_reason", "confidence")}
            for stage in stages
            if (made := result.get(stage))
        },
    }


def _row(provider: Json) -> Sequence[str]:
    budget = provider.get("budget")
    spent = f"{usd(budget['day']['spent_microusd'])} of {usd(budget['day']['limit_microusd'])}" if budget else ""
    calls = f"{budget['hour']['used_requests']} of {budget['hour']['limit_requests']}" if budget else ""
    known = provider["usable"] or provider.get("hold")
    state = provider["circuit"]["state"] if known else "off"
    return provider["capability"], provider["name"], state, spent, calls, provider.get("obstacle") or ""


def _cache_rows(found: Json) -> list[Row]:
    week = found["periods"]["7_days"]
    layers = week["layers"]
    return [
        *((f"{name} hits", _rate(layers[name])) for name in ("result", "memory", "table")),
        ("saved", f"{usd(week['saved_microusd'])}, {milliseconds(week['saved_ms'])}"),
        ("advice", "\n".join(advice["text"] for advice in found["recommendations"])),
    ]


def _rate(layer: Json) -> str:
    return f"{layer['hit_rate']:.0%} of {layer['requests']}" if layer["requests"] else ""
