"""Answers of the API as the command line gets them."""

from __future__ import annotations

from typing import Any

COMPLETED: dict[str, Any] = {
    "id": "inp_1",
    "status": "completed",
    "source_language": "es",
    "target_language": "en",
    "text": "Hola, tuve un accidente el 14 de octubre y quiero una reclamación.",
    "transcript": None,
    "transcription": None,
    "detection": {"language": "es", "confidence": 0.98, "declared": False},
    "translation": {
        "text": "Hello, I had an accident on 14 October and want a claim.",
        "provider": "apertium",
        "attempts": 2,
        "fallback_reason": "flash: ProviderTimeoutError",
    },
    "sanitized": {
        "text": "Hello, I had an accident on 14 October and want a claim.",
        "provider": "rules",
        "modifications": [{"kind": "masked", "before": "x", "after": "[PHONE_1]"}],
    },
    "intent": {"label": "claim", "urgency": "normal", "clarifying_question": None},
    "quality": {
        "score": 0.91,
        "level": "excellent",
        "components": {"numbers": 1.0, "names": None},
        "requires_human_review": False,
        "reasons": [],
    },
    "routing": {"translate": {"reason": "", "providers": [{"provider": "apertium", "reason": "last resort"}]}},
    "cache": "miss",
    "notice": "The first provider did not answer.",
    "cost_microusd": 1234,
    "timings_ms": {"translate": 240.0, "providers": 200.0, "total": 1300.0},
}

UPLOADED: dict[str, Any] = {
    "id": "doc_1",
    "status": "uploaded",
    "filename": "benefits.pdf",
    "content_type": "application/pdf",
    "size": 2048,
    "pages": None,
    "chunks": None,
    "cost_microusd": 0,
    "created_at": "2026-11-20T12:00:00.000Z",
    "stages": [],
}
COMPLETE: dict[str, Any] = UPLOADED | {
    "status": "complete",
    "pages": 12,
    "chunks": 31,
    "stages": [
        {"stage": "uploaded", "duration_ms": 0},
        {"stage": "parsed", "duration_ms": 307, "provider": "pdfium", "attempts": 2},
    ],
    "parsers": {"providers": [{"provider": "pdfium", "reason": "good quality for its price"}]},
}
REJECTED: dict[str, Any] = UPLOADED | {
    "status": "rejected",
    "error": {"stage": "validate", "code": "encrypted", "message": "The PDF asks for a password."},
}


def provider(name: str, capability: str, obstacle: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "capability": capability,
        "kind": "embedded",
        "model": name,
        "usable": obstacle is None,
        "obstacle": obstacle,
        "circuit": {"state": "closed"},
        **more,
    }


PROVIDERS: list[dict[str, Any]] = [
    provider("pocketsphinx", "transcribe"),
    provider("apertium", "translate"),
    provider("openai", "translate", "remote providers are not used in the mode embedded", kind="remote"),
    provider("rules", "complete", kind="builtin"),
    provider("pdfium", "parse"),
    provider("lexical-hash", "embed"),
    provider("flite", "synthesize"),
]

STANDING: dict[str, Any] = {
    "mode": "hybrid",
    "stage": "local",
    "items": [
        {
            "name": "flite",
            "capability": "synthesize",
            "usable": False,
            "obstacle": "flite is not installed",
            "circuit": {"state": "closed"},
            "budget": None,
        },
        {
            "name": "flash",
            "capability": "translate",
            "usable": True,
            "obstacle": None,
            "circuit": {"state": "closed"},
            "budget": {
                "day": {"limit_microusd": 5_000_000, "spent_microusd": 123_400},
                "hour": {"limit_requests": 100, "used_requests": 7},
            },
        },
    ],
}
_LAYERS = {
    "result": {"requests": 50, "hits": 10, "hit_rate": 0.2},
    "memory": {"requests": 40, "hits": 0, "hit_rate": 0.0},
    "table": {"requests": 40, "hits": 10, "hit_rate": 0.25},
}
CACHE: dict[str, Any] = {
    "periods": {"7_days": {"saved_microusd": 2000, "saved_ms": 3500.0, "spent_microusd": 90, "layers": _LAYERS}},
    "recommendations": [],
}
