"""An input as clients of the HTTP API see it; the field names are a promise (more may be added, none renamed)."""

from __future__ import annotations

from typing import Any

from intake.clock import iso
from intake.errors import error_slug
from intake.inputs.agent_prompt import agent_prompt
from intake.inputs.languages import AUTO
from intake.inputs.model import Input
from intake.inputs.progress import entries
from intake.inputs.repository import InputSummary
from intake.inputs.results import Plan, ProviderResult
from intake.progress import numbered


def as_public(record: Input) -> dict[str, Any]:
    """Return the JSON of an input; what no stage has made yet is null."""
    done = record.record
    return {
        "id": record.id,
        "batch_id": record.batch.id if record.batch else None,
        "status": record.status.value,
        "created_at": iso(record.created_at),
        "completed_at": iso(done.completed_at) if done else None,
        "source_language": record.source_language,
        "target_language": record.target_language,
        "text": record.text,
        "audio": _audio(record),
        "transcript": record.transcribe.text if record.transcribe else None,
        "transcription": _transcription(record),
        "detection": _detection(record),
        "translation": _translation(record),
        "sanitized": _sanitized(record),
        "intent": record.assess.intent.model_dump(mode="json") if record.assess else None,
        "quality": record.assess.quality.model_dump(mode="json") if record.assess else None,
        "agent_prompt": agent_prompt(record) if done else None,
        "routing": {stage: _explained(plan) for stage, plan in record.plans().items()},
        "cache": done.cache if done else None,
        "degraded": done.degraded if done else False,
        "notice": done.notice if done else None,
        "cost_microusd": cost_microusd(record),
        "saved_microusd": saved_microusd(record),
        "saved_ms": round(sum(result.saved_ms for result in record.provider_results().values()), 1),
        "timings_ms": done.timings_ms if done else {},
        "progress": numbered(entries(record)),
        "error": _error(record),
    }


def as_public_summary(summary: InputSummary) -> dict[str, Any]:
    """Return one line of a list of inputs."""
    return {
        "id": summary.id,
        "status": summary.status.value,
        "created_at": iso(summary.created_at),
        "source_language": None if summary.language == AUTO else summary.language,
        "target_language": summary.target_language,
        "spoken": summary.spoken,
    }


def cost_microusd(record: Input) -> int:
    """Add up what an input's calls cost, those that failed too: the sum of its charges."""
    answered = sum(result.cost_microusd for result in record.provider_results().values())
    return answered + sum(charge.microusd for charge in record.failed_charges)


def saved_microusd(record: Input) -> int:
    """Add up what those of its answers that came from the gateway's cache cost when they were made."""
    return sum(result.saved_microusd for result in record.provider_results().values())


def _provenance(result: ProviderResult) -> dict[str, Any]:
    return {
        "provider": result.provider,
        "model": result.model,
        "attempts": result.attempts,
        "fallback_reason": result.fallback_reason,
        "cost_microusd": result.cost_microusd,
        "saved_microusd": result.saved_microusd,
        "cache": result.cache.value,
    }


def _audio(record: Input) -> dict[str, Any] | None:
    made = record.prepare_audio
    if made is None:
        return None
    reduced = None if made.denoised is None else {"snr_db": made.denoised.snr_db}
    return made.measures.model_dump() | {"noise_reduction": reduced, "warnings": list(made.warnings)}


def _transcription(record: Input) -> dict[str, Any] | None:
    if record.transcribe is None:
        return None
    heard = record.transcribe
    return _provenance(heard) | {
        "language": heard.language,
        "confidence": heard.confidence,
        "duration_seconds": heard.duration_seconds,
    }


def _detection(record: Input) -> dict[str, Any] | None:
    if record.detect_language is None:
        return None
    return record.detect_language.model_dump(mode="json", exclude={"duration_ms"})


def _translation(record: Input) -> dict[str, Any] | None:
    made = record.translation
    if made is None:
        return None
    return {"text": made.text} | _provenance(made) | {"confidence": made.confidence, "note": made.note}


def _sanitized(record: Input) -> dict[str, Any] | None:
    if record.sanitize is None:
        return None
    clean = record.sanitize
    return (
        {"text": clean.text, "modifications": [change.model_dump(mode="json") for change in clean.modifications]}
        | _provenance(clean)
        | {"masked": clean.masked, "injection_signals": list(clean.injection_signals)}
    )


def _explained(plan: Plan) -> dict[str, Any]:
    route = plan.route
    return {
        "needed": plan.needed,
        "reason": plan.reason,
        "experiment": plan.experiment.model_dump(mode="json") if plan.experiment else None,
        "providers": [choice.model_dump(mode="json") for choice in route.providers] if route else [],
        "passed_over": [
            choice.model_dump(mode="json", include={"provider", "reason"})
            for choice in (route.passed_over if route else ())
        ],
    }


def _error(record: Input) -> dict[str, Any] | None:
    failure = record.failure
    if failure is None or record.record is not None:
        return None
    return {
        "type": error_slug(failure.error),
        "detail": failure.detail,
        "errors": [problem.model_dump(mode="json") for problem in failure.errors],
        "failures": [attempt.model_dump(mode="json") for attempt in failure.failures],
    }
