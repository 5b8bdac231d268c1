"""Answering an identical input without a run: what may be answered from the cache, for how long, and how it is told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intake.inputs.memory import TranslationMemory
from intake.inputs.model import Input, Status
from intake.inputs.ports import ResultCache
from intake.inputs.presentation import as_public
from intake.inputs.results import QualityLevel

# The surer the answer, the longer it stands. What is not listed is never reused: a poor answer deserves another try.
_LIFETIME = {
    QualityLevel.EXCELLENT: timedelta(days=7),
    QualityLevel.GOOD: timedelta(days=1),
    QualityLevel.FAIR: timedelta(hours=1),
}

_STAGES = ("transcription", "translation", "sanitized")
"""Parts of an answer that providers made, each with its own cost."""


def lifetime(record: Input) -> timedelta | None:
    """Say for how long an answer may be given again, or None if never.

    Only completed answers made by the first choice of every route are reused: a degraded one would outlive the outage
    that caused it, and one that a person has to review must be reviewed each time.
    """
    if record.status is not Status.COMPLETED or record.record is None or record.assess is None:
        return None
    if record.fingerprint is None or record.record.degraded or record.assess.quality.requires_human_review:
        return None
    return _LIFETIME.get(record.assess.quality.level)


def remember(record: Input, results: ResultCache, *, now: datetime) -> None:
    """Store the answer for identical inputs, if it may be reused; never beyond the life of the input itself."""
    lasting = lifetime(record)
    if lasting is None or record.fingerprint is None:
        return
    # Whoever is given it again has not seen it made.
    answer = json.dumps(as_public(record) | {"progress": []}, ensure_ascii=False)
    results.put(record.tenant, record.fingerprint, answer, min(now + lasting, record.expires_at))


def of_this_edition(record: Input, memory: TranslationMemory) -> Input:
    """Return an accepted input with the key of its answer under the corrections approved so far.

    It has none, and its answer is not given again, where nobody can tell which were approved. The key is fixed when an
    input is accepted: an answer that is under way while a correction is approved is kept under the edition before.
    """
    if record.fingerprint is None:
        return record
    edition = memory.edition(record.tenant)
    if edition is None:
        return record.model_copy(update={"fingerprint": None})
    if edition == 0:
        return record
    key = hashlib.sha256(f"{record.fingerprint}#{edition}".encode()).hexdigest()
    return record.model_copy(update={"fingerprint": key})


def recall(tenant: str, fingerprint: str, results: ResultCache) -> dict[str, Any] | None:
    """Return the public answer to an identical input, or None.

    It is the earlier input's answer under the earlier input's id, marked as a cache hit that cost nothing and took no
    stage any time. What the earlier run cost, or would have cost without a cache, is what is saved; it says so in the
    sum and at each stage.
    """
    stored = results.get(tenant, fingerprint)
    if stored is None:
        return None
    answer: dict[str, Any] = json.loads(stored)
    reused = {stage: _as_reused(answer[stage]) for stage in _STAGES if answer[stage] is not None}
    saved_ms = answer["timings_ms"]["total"]
    return _as_reused(answer) | reused | {"cache": "hit", "timings_ms": {}, "saved_ms": saved_ms}


def _as_reused(made: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the cost of an answer, or of one of its stages, into what giving it again saves."""
    saved = made["cost_microusd"] + made["saved_microusd"]
    return {**made, "cache": "result", "cost_microusd": 0, "saved_microusd": saved}
