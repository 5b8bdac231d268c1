"""Results in the words of people: what came in, what came out, which provider and why, quality, cost, time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from cli.output import Row

Json = Mapping[str, Any]

_MARK = re.compile(r"</?mark>")


def input_rows(result: Json) -> list[Row]:
    """Describe a finished input."""
    quality, intent = result.get("quality") or {}, result.get("intent") or {}
    transcription, translation = result.get("transcription"), result.get("translation") or {}
    sanitized = result.get("sanitized") or {}
    return [
        ("heard" if transcription else "in", result.get("text") or ""),
        ("language", _language(result)),
        ("English", translation.get("text", "")),
        ("clean", _clean(translation.get("text", ""), sanitized.get("text", ""))),
        ("changes", _changes(sanitized)),
        ("intent", _intent(intent)),
        ("quality", _quality(quality)),
        ("review", "; ".join(quality.get("reasons", ())) if quality.get("requires_human_review") else ""),
        ("providers", "\n".join(_providers(result))),
        ("notice", result.get("notice") or ""),
        ("cost", usd(result.get("cost_microusd", 0)) + (" (from the cache)" if result.get("cache") == "hit" else "")),
        ("time", _time(result)),
    ]


def document_rows(document: Json) -> list[Row]:
    """Describe a document."""
    error = document.get("error") or {}
    return [
        ("id", document["id"]),
        ("status", document["status"]),
        ("file", f"{document['filename']} ({document['content_type']}, {size(document['size'])})"),
        ("pages", str(document.get("pages") or "")),
        ("passages", str(document.get("chunks") or "")),
        ("same as", document.get("duplicate_of") or ""),
        ("problem", f"{error['message']} ({error['stage']}: {error['code']})" if error else ""),
        ("not read", "\n".join(f"page {one['page']}: {one['error']}" for one in document.get("page_failures") or ())),
        ("notices", "\n".join(document.get("notices") or ())),
        ("providers", "\n".join(_document_providers(document))),
        ("cost", usd(document.get("cost_microusd", 0))),
        ("stages", stages(document)),
    ]


def stages(document: Json) -> str:
    """Say which stages a document went through, each with its time."""
    # Some statuses only say that work has begun: they take no time.
    return " · ".join(_stage(record) for record in document.get("stages", ()) if record.get("duration_ms"))


def plain(snippet: str) -> str:
    """Return a snippet, which comes as HTML with its found words marked, as plain text on one line."""
    return " ".join(unescape(_MARK.sub("", snippet)).split())


def around_first_mark(snippet: str, characters: int) -> str:
    """Return so much of a snippet, as plain text, as shows why it was found."""
    before, mark, after = snippet.partition("<mark>")
    lead = before[-(characters // 3) :]
    if len(lead) < len(before):
        lead = lead.partition(" ")[2]
    text = plain(lead + mark + after)
    return text if len(text) <= characters else text[:characters].rpartition(" ")[0] + "…"


def usd(microusd: int) -> str:
    """Show money: ``$0`` or ``$0.0123``."""
    return "$0" if microusd == 0 else f"${microusd / 1_000_000:.6f}".rstrip("0").ljust(5, "0")


def size(count: int) -> str:
    """Show bytes in the unit that fits."""
    if count >= 1024 * 1024:
        return f"{count / 1024 / 1024:.1f} MB"
    return f"{count / 1024:.0f} KB" if count >= 1024 else f"{count} bytes"


def milliseconds(value: float) -> str:
    """Show a duration: ``240 ms`` or ``3.2 s``."""
    return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"


def timings(by_stage: Mapping[str, float]) -> str:
    """Say how long each stage took; then the total, and how much of it the providers took."""
    sums = ("providers", "total")
    parts = [f"{name.replace('_', ' ')} {milliseconds(ms)}" for name, ms in by_stage.items() if name not in sums]
    if "total" in by_stage:
        providers = f", providers {milliseconds(by_stage['providers'])} of it" if "providers" in by_stage else ""
        parts.append(f"total {milliseconds(by_stage['total'])}{providers}")
    return " · ".join(parts)


def _time(result: Json) -> str:
    # An answer of the result cache had no run, and so no stages.
    return timings(result.get("timings_ms") or {}) or (
        "answered from the cache" if result.get("cache") == "hit" else ""
    )


def _language(result: Json) -> str:
    code, detection = result.get("source_language"), result.get("detection") or {}
    if code is None:
        reason = str(detection.get("undecided") or "not told").replace("_", " ")
        return f"undecided: {reason}"
    confidence = detection.get("confidence")
    how = "declared" if detection.get("declared") else "detected"
    return f"{code} ({how}, {confidence:.0%} sure)" if confidence is not None else code


def _clean(english: str, clean: str) -> str:
    return "as it is" if clean.split() == english.split() else clean


def _changes(sanitized: Json) -> str:
    kinds: dict[str, int] = {}
    for change in sanitized.get("modifications", ()):
        kinds[change["kind"]] = kinds.get(change["kind"], 0) + 1
    return ", ".join(f"{kind.replace('_', ' ')} ×{count}" for kind, count in kinds.items())


def _intent(intent: Json) -> str:
    if not intent:
        return ""
    question = f" - ask: {intent['clarifying_question']}" if intent.get("clarifying_question") else ""
    return f"{intent['label']}, urgency {intent['urgency']}{question}"


def _quality(quality: Json) -> str:
    if not quality:
        return ""
    parts = [
        f"{name.replace('_', ' ')} {score:.2f}"
        for name, score in quality.get("components", {}).items()
        if score is not None
    ]
    score = "" if quality["score"] is None else f"{quality['score']:.2f} "
    return f"{score}{quality['level']} ({', '.join(parts) or 'nothing measured'})"


def _providers(result: Json) -> list[str]:
    made = {
        "transcribe": result.get("transcription"),
        "translate": result.get("translation"),
        "sanitize": result.get("sanitized"),
    }
    lines = []
    for stage, outcome in made.items():
        plan = (result.get("routing") or {}).get(stage)
        if outcome is None:
            continue
        if outcome.get("provider") is None:
            lines.append(f"{stage}: none needed" + (f" ({plan['reason']})" if plan else ""))
            continue
        reason = _reason(plan, outcome["provider"])
        after = f"; after {outcome['fallback_reason']}" if outcome.get("fallback_reason") else ""
        lines.append(f"{stage}: {outcome['provider']}{reason}{after}")
    return lines


def _document_providers(document: Json) -> list[str]:
    used = {record["stage"]: record["provider"] for record in document.get("stages", ()) if record.get("provider")}
    lines = []
    for stage, route in (("parsed", document.get("parsers")), ("embedded", document.get("embedders"))):
        name = used.get(stage) or next((one["provider"] for one in (route or {}).get("providers", ())), None)
        if name is not None:
            lines.append(f"{stage} by {name}{_reason(route, name)}")
    return lines


def _reason(route: Json | None, name: str) -> str:
    choices = (route or {}).get("providers", ())
    return next((f" ({choice['reason']})" for choice in choices if choice["provider"] == name), "")


def _stage(record: Json) -> str:
    attempts = f" ×{record['attempts']}" if record.get("attempts", 1) > 1 else ""
    return f"{record['stage'].replace('_', ' ')} {milliseconds(record.get('duration_ms', 0))}{attempts}"
