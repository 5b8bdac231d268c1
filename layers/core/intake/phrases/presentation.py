"""Phrases and warm-ups as clients of the HTTP API see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from intake.clock import iso
from intake.phrases.model import LONGEST_RUN, Phrase, PhraseOutcome, PhraseResult, Schedule, WarmUp


def as_public_phrases(common: Iterable[Phrase], own: Iterable[Phrase]) -> dict[str, Any]:
    """Return the JSON of the list of phrases, the tenant's own first."""
    items = [
        {"id": phrase.id, "source": source, "language": phrase.language, "label": phrase.label.value}
        | {"text": phrase.text}
        for source, listed in (("own", own), ("common", common))
        for phrase in listed
    ]
    return {"items": items}


def as_public_schedule(schedule: Schedule) -> dict[str, Any]:
    """Return the JSON of a tenant's wish; ``languages`` is null for all."""
    return {
        "enabled": schedule.enabled,
        "languages": list(schedule.languages) or None,
        "target_language": schedule.target_language,
    }


def as_public_warm_up(warm_up: WarmUp, results: list[PhraseResult], now: datetime) -> dict[str, Any]:
    """Return the JSON of a warm-up: how far it is, and what came of each phrase that is not simply warm now."""
    total = None if warm_up.planned is None else len(warm_up.planned)
    counts = {outcome.value: sum(1 for result in results if result.outcome is outcome) for outcome in PhraseOutcome}
    return {
        "id": warm_up.id,
        "status": _status(warm_up, now),
        "created_at": iso(warm_up.created_at),
        "ended_at": iso(warm_up.ended_at) if warm_up.ended_at else None,
        "scheduled": warm_up.scheduled,
        "languages": list(warm_up.languages) or None,
        "target_language": warm_up.target_language,
        "phrases": total,
        **counts,
        "left": None if total is None else total - len(results),
        "cost_microusd": sum(result.cost_microusd for result in results),
        "reasons": _reasons(results),
        "notice": _notice(warm_up, now),
    }


def _status(warm_up: WarmUp, now: datetime) -> str:
    if warm_up.failure is not None or _was_cut_off(warm_up, now):
        return "failed"
    return "running" if warm_up.ended_at is None else "completed"


def _was_cut_off(warm_up: WarmUp, now: datetime) -> bool:
    return warm_up.ended_at is None and now >= warm_up.created_at + LONGEST_RUN


def _notice(warm_up: WarmUp, now: datetime) -> str | None:
    if _was_cut_off(warm_up, now):
        return "It took too long and was cut off. What is warm stays warm; begin another one for the rest."
    return warm_up.failure


def _reasons(results: Iterable[PhraseResult]) -> list[dict[str, Any]]:
    """Group what was skipped or failed by its reason, the commonest first."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for result in results:
        if result.reason is not None:
            groups[result.outcome.value, result.reason].append(result.phrase_id)
    return [
        {"outcome": outcome, "reason": reason, "phrases": sorted(ids)}
        for (outcome, reason), ids in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    ]
