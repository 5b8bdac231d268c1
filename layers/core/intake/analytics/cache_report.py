"""What the cache is worth: hit rates, money and time saved, and what to do about it where the figures say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from intake.analytics.cache_use import SHORT_CHARACTERS, WHOLE_RESULTS, CacheRow, Counts
from intake.clock import day_of, iso
from intake.inputs.languages import language_name
from intake.providers.ports import Capability

PERIODS = {"today": 1, "7_days": 7, "30_days": 30}
"""Periods by name, in days, today included."""
ENOUGH_REQUESTS = 50
"""Evidence of fewer requests is thin: nothing is recommended by it."""
MOST = 0.5
"""The share from which one cause of misses is worth acting on."""

_DONE = {"transcribe": "transcriptions", "translate": "translations", "complete": "cleanings"}


def first_day(now: datetime) -> str:
    """Return the earliest day that a report looks at."""
    return day_of(now - timedelta(days=max(PERIODS.values()) - 1))


def report(rows: Mapping[CacheRow, Counts], *, phrase_languages: Collection[str], now: datetime) -> dict[str, Any]:
    """Report on the counters of one tenant.

    Parameters
    ----------
    phrase_languages
        Languages in which there are phrases to warm the cache with.

    Returns
    -------
    dict
        ``generated_at``, ``periods`` by name, and ``recommendations``, each with its ``evidence``: the figures that it
        follows from. Rates are from 0 to 1, or None where nothing was asked.
    """
    periods = {}
    for name, days in PERIODS.items():
        since = day_of(now - timedelta(days=days - 1))
        periods[name] = _period({row: counts for row, counts in rows.items() if row.day >= since})
    return {
        "generated_at": iso(now),
        "periods": periods,
        "recommendations": [
            *_phrases_to_warm(periods["7_days"], phrase_languages),
            *_without_use(periods["30_days"]),
        ],
    }


def _period(rows: Mapping[CacheRow, Counts]) -> dict[str, Any]:
    whole = _sum(counts for row, counts in rows.items() if row.capability in WHOLE_RESULTS)
    calls = _sum(counts for row, counts in rows.items() if row.capability not in WHOLE_RESULTS)
    looked_up = calls["memory"] + calls["table"] + calls["miss"]
    groups = sorted({(row.capability, row.pair) for row in rows if row.capability not in WHOLE_RESULTS})
    return {
        "saved_microusd": whole["saved_microusd"] + calls["saved_microusd"],
        "saved_ms": whole["saved_ms"] + calls["saved_ms"],
        "spent_microusd": calls["spent_microusd"],
        "layers": {
            "result": _layer(whole["hit"], whole["hit"] + whole["miss"]),
            "memory": _layer(calls["memory"], looked_up),
            "table": _layer(calls["table"], looked_up - calls["memory"]),
        },
        "capabilities": [
            {"capability": capability} | _shown(_sum(counts for row, counts in rows.items() if row[1] == capability))
            for capability in sorted({capability for capability, _pair in groups})
        ],
        "pairs": [
            {"capability": capability, "pair": pair}
            | _shown(_sum(counts for row, counts in rows.items() if row[1:] == (capability, pair)))
            for capability, pair in groups
        ],
    }


def _shown(counts: Counter[str]) -> dict[str, Any]:
    hits = counts["memory"] + counts["table"]
    return {
        **_layer(hits, hits + counts["miss"]),
        "short_misses": counts["short_miss"],
        "saved_microusd": counts["saved_microusd"],
        "saved_ms": counts["saved_ms"],
        "spent_microusd": counts["spent_microusd"],
    }


def _layer(hits: int, requests: int) -> dict[str, Any]:
    return {"requests": requests, "hits": hits, "hit_rate": round(hits / requests, 3) if requests else None}


def _sum(counts: Iterable[Counts]) -> Counter[str]:
    total: Counter[str] = Counter()
    for some in counts:
        total.update(some)
    return total


def _phrases_to_warm(week: Mapping[str, Any], phrase_languages: Collection[str]) -> list[dict[str, Any]]:
    """Find the pair of languages that most misses of translation are in, where they are short."""
    pairs = [pair for pair in week["pairs"] if pair["capability"] == Capability.TRANSLATE]
    misses = sum(pair["requests"] - pair["hits"] for pair in pairs)
    if misses < ENOUGH_REQUESTS:
        return []
    found = []
    for pair in pairs:
        share = pair["short_misses"] / misses
        if share < MOST:
            continue
        source, _, target = pair["pair"].partition("-")
        remedy = (
            f"warm the phrases in {language_name(source)} (POST /v1/phrases/warm)"
            if source in phrase_languages
            else f"list what is often said in {language_name(source)} (PUT /v1/phrases) and warm it"
        )
        found.append(
            {
                "kind": "warm_phrases",
                "text": f"{share:.0%} of {misses} translations that were not in the cache in 7 days are "
                f"{language_name(source)} to {language_name(target)} and shorter than {SHORT_CHARACTERS} characters: "
                f"{remedy}.",
                "evidence": {"misses": misses, "short_misses": pair["short_misses"], "pair": pair["pair"]},
            }
        )
    return found


def _without_use(month: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Find the capabilities whose answers are kept and never asked for again."""
    return [
        {
            "kind": "no_use",
            "text": f"The cache saves nothing for {_DONE[row['capability']]}: in 30 days none of {row['requests']} "
            "was asked for again. Expect no saving there.",
            "evidence": {"capability": row["capability"], "requests": row["requests"], "hits": row["hits"]},
        }
        for row in month["capabilities"]
        if row["requests"] >= ENOUGH_REQUESTS and row["hits"] == 0
    ]
