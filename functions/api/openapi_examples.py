"""Examples of the API's description, by operation."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

_INPUT_ID = "inp_01kafe3vdxg2v4pjm8qzt0c5rn"
_BATCH_ID = "bat_01kafe4h8c0m6t2yqz7w3n5jrd"
_ERASURE_ID = "ers_01kafe6q0w2e4r6t8y1u3i5o7p"
_DOCUMENT_ID = "doc_01kafe5b2m7s9h4kx3w8y1d6qe"
_REQUEST_ID = "JKJaXmPLvHcESHA="
_MOMENT = "2026-11-20T12:00:00.000Z"
_SPANISH = "Hola, quiero presentar un reclamo. Mi número de póliza es 48213."
_ENGLISH = "Hello, I want to present a claim. My policy number is 48213."
_CLEAN = "Hello, I want to present a claim. My policy number is [POLICY_1]."

_WHY_FLASH = (
    "score 0.85: quality 0.82 (expected), success 0.97 (expected), speed 0.77 (expected), cost 0.85 (about $0.000182)"
)

_INPUT: Json = {
    "id": _INPUT_ID,
    "batch_id": None,
    "status": "completed",
    "created_at": _MOMENT,
    "completed_at": "2026-11-20T12:00:00.412Z",
    "source_language": "es",
    "target_language": "en",
    "text": _SPANISH,
    "audio": None,
    "transcript": None,
    "transcription": None,
    "detection": {
        "language": "es",
        "confidence": 0.99,
        "declared": False,
        "candidates": [{"language": "es", "probability": 0.99}],
        "undecided": None,
        "notes": [],
    },
    "translation": {
        "text": _ENGLISH,
        "provider": "flash",
        "model": "gemini-3.5-flash-lite",
        "attempts": 1,
        "fallback_reason": None,
        "cost_microusd": 41,
        "saved_microusd": 0,
        "cache": "miss",
        "confidence": None,
        "note": None,
    },
    "sanitized": {
        "text": _CLEAN,
        "modifications": [{"kind": "mask_policy_number", "before": "48…3", "after": "[POLICY_1]"}],
        "provider": "rules",
        "model": "rules-1",
        "attempts": 1,
        "fallback_reason": None,
        "cost_microusd": 0,
        "saved_microusd": 0,
        "cache": "miss",
        "masked": 1,
        "injection_signals": [],
    },
    "intent": {"label": "claim", "urgency": "normal", "clarifying_question": None, "confidence": 0.8},
    "quality": {
        "score": 0.93,
        "level": "excellent",
        "components": {"output_language": 1.0, "length_ratio": 0.9, "numbers": 1.0, "glossary": None},
        "requires_human_review": False,
        "reasons": [],
    },
    "agent_prompt": {
        "prompt_text": "A member writes, translated from Spanish: …",
        "context": {},
        "metadata": {},
        "confidence": 0.93,
        "source_language": "es",
        "processing_steps": ["detect_language", "translate", "sanitize", "assess"],
        "user_context": {"user_id": "member-7"},
    },
    "routing": {
        "translate": {
            "needed": True,
            "reason": f"flash first: {_WHY_FLASH}.",
            "providers": [
                {
                    "provider": "flash",
                    "reason": _WHY_FLASH,
                    "score": 0.8533,
                    "components": {
                        "quality": {"value": 0.82, "weight": 0.5157, "samples": 0},
                        "success": {"value": 0.97, "weight": 0.2421, "samples": 0},
                        "speed": {"value": 0.7692, "weight": 0.1211, "samples": 0},
                        "cost": {"value": 0.846, "weight": 0.1211, "samples": 0},
                    },
                }
            ],
            "passed_over": [{"provider": "apertium", "reason": "embedded providers are not used in the mode real"}],
        }
    },
    "cache": "miss",
    "degraded": False,
    "notice": None,
    "cost_microusd": 41,
    "saved_microusd": 0,
    "saved_ms": 0,
    "timings_ms": {"detect_language": 6.2, "translate": 310.4, "sanitize": 8.1, "assess": 2.3, "total": 412.0},
    "progress": [
        {"sequence": 1, "kind": "accepted", "at": "2026-11-20T10:15:30.000Z"},
        {
            "sequence": 2,
            "kind": "provider_chosen",
            "stage": "translate",
            "provider": "flash",
            "providers": ["flash", "openai"],
            "at": "2026-11-20T10:15:30.021Z",
        },
        {
            "sequence": 3,
            "kind": "stage_done",
            "stage": "translate",
            "provider": "flash",
            "duration_ms": 310.4,
            "began_at": "2026-11-20T10:15:30.025Z",
            "at": "2026-11-20T10:15:30.335Z",
        },
        {"sequence": 4, "kind": "completed", "degraded": False, "at": "2026-11-20T10:15:30.412Z"},
    ],
    "error": None,
}

_AWAITING: Json = {
    "id": _INPUT_ID,
    "status": "received",
    "created_at": _MOMENT,
    "source_language": "es",
    "target_language": "en",
    "audio": None,
    "transcript": None,
    "error": None,
    "upload": {
        "url": "https://intake-audio.s3.us-east-1.amazonaws.com/",
        "fields": {"key": f"uploads/acme/{_INPUT_ID}/call.m4a", "Content-Type": "audio/mp4"},
    },
}

_DOCUMENT: Json = {
    "id": _DOCUMENT_ID,
    "status": "complete",
    "filename": "benefits-2026.pdf",
    "content_type": "application/pdf",
    "size": 184320,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "pages": 12,
    "chunks": 31,
    "cost_microusd": 180,
    "created_at": _MOMENT,
    "stages": [
        {"stage": "uploaded", "at": _MOMENT, "duration_ms": 0, "attempts": 1, "cost_microusd": 0},
        {"stage": "validated", "at": _MOMENT, "duration_ms": 41, "attempts": 1, "cost_microusd": 0},
    ],
}
_REGISTERED: Json = {
    **_DOCUMENT,
    "status": "uploaded",
    "pages": None,
    "chunks": None,
    "cost_microusd": 0,
    "stages": _DOCUMENT["stages"][:1],
    "upload": {
        "url": "https://intake-documents.s3.us-east-1.amazonaws.com/",
        "fields": {"key": f"uploads/acme/{_DOCUMENT_ID}/benefits-2026.pdf", "Content-Type": "application/pdf"},
    },
}

_FOUND: Json = {
    "results": [
        {
            "document_id": _DOCUMENT_ID,
            "filename": "benefits-2026.pdf",
            "page": 7,
            "start": 412,
            "end": 960,
            "score": 0.82,
            "text": "Emergency dental treatment is covered up to $1,500 a year.",
            "snippet": "<mark>Emergency</mark> <mark>dental</mark> treatment is covered up to $1,500 a year.",
        }
    ],
    "mode": "hybrid",
    "took_ms": 18.4,
    "cost_microusd": 0,
    "notice": None,
}

_PROVIDER: Json = {
    "name": "flash",
    "capability": "translate",
    "kind": "remote",
    "model": "gemini-3.5-flash-lite",
    "usable": True,
    "obstacle": None,
    "circuit": {"state": "closed", "since": None, "failures": 0, "last_error": None},
    "hold": None,
    "last_hold": {
        "reason": "The invoice of November is disputed.",
        "since": "2026-11-19T16:20:00.000Z",
        "by": "key_01kaf8m0s3x6q9t2v5y8b1d4gh",
        "ended_because": "The invoice is settled.",
        "ended_at": "2026-11-20T08:05:00.000Z",
        "ended_by": "key_01kaf8m0s3x6q9t2v5y8b1d4gh",
    },
    "budget": {
        "day": {
            "limit_microusd": 5000000,
            "spent_microusd": 41,
            "reserved_microusd": 0,
            "left_microusd": 4999959,
        },
        "hour": {"limit_requests": 100, "used_requests": 1, "left_requests": 99},
    },
}

_HELD: Json = {
    **_PROVIDER,
    "usable": False,
    "obstacle": "an operator holds it: The invoice of November is disputed.",
    "circuit": {"state": "held", "since": None, "failures": 0, "last_error": None},
    "hold": {
        "reason": "The invoice of November is disputed.",
        "since": "2026-11-19T16:20:00.000Z",
        "by": "key_01kaf8m0s3x6q9t2v5y8b1d4gh",
    },
    "last_hold": None,
}
_ERASURE: Json = {
    "id": _ERASURE_ID,
    "status": "erased",
    "subject": "input",
    "input_id": _INPUT_ID,
    "requested_at": _MOMENT,
    "requested_by": "key_01kafd9w1x2y3z4a5b6c7d8e9f",
    "completed_at": "2026-11-20T12:15:01.204Z",
    "inputs": 1,
    "removed": {"items": 1, "cache_lines": 2, "objects": 0},
}
_ERASING: Json = (
    _ERASURE
    | {"status": "erasing", "completed_at": None, "inputs": 1}
    | {"removed": {"items": 0, "cache_lines": 0, "objects": 0}}
)

_JUDGED: Json = {
    "score": 0.55,
    "level": "poor",
    "components": {"output_language": 1.0, "length_ratio": 1.0, "numbers": None, "negations": 0.0},
    "requires_human_review": True,
    "reasons": ["A negation was lost or added: the meaning may be the opposite."],
    "unknown": [],
    "detection": _INPUT["detection"],
}

_SPOKEN: Json = {
    "media_type": "audio/mpeg",
    "duration_seconds": None,
    "provider": "elevenlabs",
    "model": "eleven_flash_v2_5",
    "attempts": 1,
    "cost_microusd": 1200,
    "cache": "miss",
    "degraded": False,
    "notice": None,
    "audio": "SUQzBAAAAAAAI1RTU0UAAAAPAAAD…",
}

_CACHED: Json = {"requests": 480, "hits": 68, "hit_rate": 0.142}
_PERIOD: Json = {
    "saved_microusd": 21430,
    "saved_ms": 412200,
    "spent_microusd": 16890,
    "layers": {
        "result": {"requests": 620, "hits": 140, "hit_rate": 0.226},
        "memory": {"requests": 480, "hits": 6, "hit_rate": 0.013},
        "table": {"requests": 474, "hits": 62, "hit_rate": 0.131},
    },
    "capabilities": [
        {"capability": "translate"}
        | _CACHED
        | {"short_misses": 342, "saved_microusd": 2790, "saved_ms": 22100, "spent_microusd": 16890}
    ],
    "pairs": [
        {"capability": "translate", "pair": "es-en"}
        | _CACHED
        | {"short_misses": 342, "saved_microusd": 2790, "saved_ms": 22100, "spent_microusd": 16890}
    ],
}
_CACHE_REPORT: Json = {
    "generated_at": _MOMENT,
    "periods": {"today": _PERIOD, "7_days": _PERIOD, "30_days": _PERIOD},
    "recommendations": [
        {
            "kind": "warm_phrases",
            "text": "83% of 412 translations that were not in the cache in 7 days are Spanish to English and shorter "
            "than 40 characters: warm the phrases in Spanish (POST /v1/phrases/warm).",
            "evidence": {"misses": 412, "short_misses": 342, "pair": "es-en"},
        }
    ],
}

_WARM_UP_ID = "wrm_01kafe7c4q8m2x6t9w1z5y3hdv"
_OWN_PHRASE: Json = {"text": "¿Cubre mi plan Aurora la ambulancia?", "language": "es", "label": "coverage"}
_LISTED_PHRASE: Json = {"id": "own-5d0c1f7a9b3e", "source": "own"} | _OWN_PHRASE
_SCHEDULE: Json = {"enabled": True, "languages": ["es", "vi"], "target_language": "en"}
_WARM_UP: Json = {
    "id": _WARM_UP_ID,
    "status": "completed",
    "created_at": _MOMENT,
    "ended_at": "2026-11-20T12:00:41.000Z",
    "scheduled": False,
    "languages": ["es", "vi"],
    "target_language": "en",
    "phrases": 51,
    "warmed": 48,
    "already_warm": 1,
    "skipped": 2,
    "failed": 0,
    "left": 0,
    "cost_microusd": 1910,
    "reasons": [
        {
            "outcome": "skipped",
            "reason": "Half of the budget for flash is used; the rest is for inputs.",
            "phrases": ["vi-19", "vi-20"],
        }
    ],
    "notice": None,
}

_BATCH: Json = {
    "id": _BATCH_ID,
    "status": "received",
    "filename": None,
    "size": 184320,
    "lines": None,
    "completed": None,
    "failed": None,
    "created_at": _MOMENT,
    "started_at": None,
    "ended_at": None,
}
_UPLOADED_BATCH: Json = {
    **_BATCH,
    "status": "awaiting_upload",
    "filename": "claims-november.jsonl",
    "upload": {
        "url": "https://intake-audio.s3.us-east-1.amazonaws.com/",
        "fields": {"key": f"batches/acme/{_BATCH_ID}.jsonl", "Content-Type": "application/x-ndjson"},
    },
}
_ENDED_BATCH: Json = {
    **_BATCH,
    "status": "completed_with_errors",
    "lines": 1000,
    "completed": 970,
    "failed": 30,
    "started_at": _MOMENT,
    "ended_at": "2026-11-20T12:03:10.000Z",
}
_LINE_ERROR: Json = {
    "line": 33,
    "reference": "claim-2041",
    "input_id": None,
    "errors": [{"field": "text", "message": "The text is empty. Send 1 to 5,000 characters."}],
}
_BATCH_SHOWN: Json = {
    **_ENDED_BATCH,
    "left": 0,
    "progress": 1.0,
    "first_errors": [_LINE_ERROR],
    "error": None,
}
_CANCELLED_BATCH: Json = {
    **_BATCH_SHOWN,
    "status": "cancelling",
    "completed": 412,
    "failed": 12,
    "ended_at": None,
    "left": 576,
    "progress": 0.424,
}

LINES = f'{{"text": "{_SPANISH}", "reference": "claim-2041"}}\n{{"text": "{_ENGLISH}", "source_language": "en"}}\n'
"""A body of two lines."""

_VARIANTS: list[Json] = [
    {"name": "usual", "weight": 1.0, "provider_first": None, "preference": None},
    {"name": "careful", "weight": 1.0, "provider_first": None, "preference": {"cost": 0.0, "quality": 1.0}},
]
_EXPERIMENT: Json = {
    "id": "exp_01kafe9q2w4e6r8t0y1v3m5n7p",
    "name": "careful translation",
    "capability": "translate",
    "status": "active",
    "variants": _VARIANTS,
    "languages": ["es"],
    "created_at": _MOMENT,
    "stopped_at": None,
}
_RESULTS: Json = {
    "experiment_id": _EXPERIMENT["id"],
    "status": "active",
    "confidence": 0.95,
    "variants": [
        {
            "name": "usual",
            "inputs": 120,
            "completed": {"n": 120, "value": 0.9917, "low": 0.9543, "high": 0.9985},
            "failed": 1,
            "quality": {"n": 119, "value": 0.8614, "low": 0.8451, "high": 0.8777},
            "rating": {"n": 0, "value": None, "low": None, "high": None},
            "cost_microusd": {"n": 119, "value": 182.4, "low": 178.9, "high": 185.9},
            "latency_ms": {"n": 112, "value": 640.2, "low": 611.5, "high": 668.9},
        }
    ],
    "conclusions": ["rating: too few observations to compare careful with usual (0, at least 10 needed)."],
}
_FEEDBACK: Json = {
    "id": "fbk_5j2mq8r4t6v0w3x9y1z7a2b4c6",
    "input_id": _INPUT_ID,
    "rating": 3,
    "text": "A claim is filed, not presented.",
    "corrected_text": "Hello, I want to file a claim. My policy number is 48213.",
    "correction": "waiting",
    "version": 1,
    "created_at": _MOMENT,
    "updated_at": _MOMENT,
}

BODIES: dict[str, Json] = {
    "PUT /v1/phrases": {"one": {"value": {"phrases": [_OWN_PHRASE]}}, "none": {"value": {"phrases": []}}},
    "PUT /v1/phrases/schedule": {"some": {"value": _SCHEDULE}, "off": {"value": {"enabled": False}}},
    "POST /v1/phrases/warm": {"some": {"value": {"languages": ["es", "vi"]}}},
    "POST /v1/experiments": {
        "preference": {
            "value": {
                "name": "careful translation",
                "capability": "translate",
                "variants": [{"name": "usual"}, {"name": "careful", "preference": {"quality": 1.0}}],
                "languages": ["es"],
            }
        }
    },
    "POST /v1/inputs/{id}/feedback": {
        "rating": {"value": {"rating": 5}},
        "correction": {
            "value": {name: _FEEDBACK[name] for name in ("rating", "text", "corrected_text")} | {"user_id": "member-7"}
        },
    },
    "POST /v1/inputs/{id}/feedback/approve": {"the one that waits": {"value": {}}},
    "POST /v1/inputs": {
        "least": {"value": {"text": _SPANISH}},
        "all": {
            "value": {
                "text": _SPANISH,
                "source_language": "es-MX",
                "target_language": "en",
                "context": {
                    "user_id": "member-7",
                    "conversation_id": "conv-19",
                    "history": [{"role": "user", "text": "Buenos días."}],
                    "domain": "home insurance",
                },
                "preferences": {"cost": 0.2, "quality": 0.8},
            }
        },
    },
    "POST /v1/batches": {"upload": {"value": {"filename": "claims-november.jsonl", "size": 20480000}}},
    "POST /v1/inputs/{id}/reveal": {"case work": {"value": {"reason": "case_work"}}},
    "POST /v1/erasures": {"a user": {"value": {"user_id": "member-7"}}},
    "POST /v1/inputs/uploads": {
        "least": {"value": {"filename": "call.m4a", "content_type": "audio/mp4", "size": 14680064}},
        "all": {
            "value": {
                "filename": "call.m4a",
                "content_type": "audio/mp4",
                "size": 14680064,
                "source_language": "es",
                "target_language": "en",
                "context": {"user_id": "member-7"},
                "preferences": {"quality": 0.8},
                "noise_reduction": True,
            }
        },
    },
    "POST /v1/documents": {
        "pdf": {"value": {"filename": "benefits-2026.pdf", "content_type": "application/pdf", "size": 184320}}
    },
    "POST /v1/search": {
        "question": {"value": {"query": "Is emergency dental treatment covered?", "top_k": 5, "mode": "hybrid"}},
        "one document": {"value": {"query": "deductible", "filters": {"document_id": _DOCUMENT_ID}, "mode": "text"}},
    },
    "POST /v1/quality": {
        "least": {
            "value": {"source_text": "No quiero cancelar mi póliza.", "target_text": "I want to cancel my policy."}
        },
        "language named": {
            "value": {
                "source_text": "Mi número es 48213.",
                "source_language": "es-MX",
                "target_text": "My number is 48213.",
                "target_language": "en",
            }
        },
    },
    "POST /v1/speech": {
        "least": {"value": {"text": "Your claim was received.", "language": "en"}},
        "all": {
            "value": {
                "text": "Hemos recibido su reclamo.",
                "language": "es-MX",
                "voice": "Lupe",
                "format": "mp3",
                "preferences": {"cost": 0.2, "quality": 0.8},
                "reusable": True,
            }
        },
    },
    "POST /v1/providers/{name}/hold": {
        "every capability": {"value": {"reason": "The invoice of November is disputed."}},
        "one capability": {"value": {"reason": "Its German is bad today.", "capability": "translate"}},
    },
    "POST /v1/providers/{name}/resume": {"with a reason": {"value": {"reason": "The invoice is settled."}}},
    "POST /v1/callbacks/elevenlabs": {
        "transcript": {
            "value": {
                "type": "speech_to_text_transcription",
                "data": {
                    "request_id": "req-1",
                    "webhook_metadata": {"reference": "job_4x7k2m9qd3s5v8w1z6b0c4f7h2j5n8r3", "language": "es"},
                    "transcription": {
                        "language_code": "spa",
                        "language_probability": 0.98,
                        "text": "Mi coche no arranca.",
                        "words": [{"text": "Mi", "start": 0.0, "end": 0.5, "type": "word", "logprob": -0.05}],
                        "transcription_id": "t-1",
                        "audio_duration_secs": 181.2,
                    },
                },
            }
        }
    },
}

_SUMMARY: Json = {
    "id": _INPUT_ID,
    "status": "completed",
    "created_at": _MOMENT,
    "source_language": "es",
    "target_language": "en",
    "spoken": False,
}

_TICKET = "wst_acme_Zk3vQ0m1nR8xT5yW2bC7dF4gH6jL9pS0aE3uI8oK1qM"

ANSWERS: dict[str, dict[int, Json]] = {
    "POST /v1/websocket/tickets": {
        200: {
            "ticket": _TICKET,
            "expires_at": "2026-11-21T10:16:30.000Z",
            "url": f"wss://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/v1?ticket={_TICKET}",
        }
    },
    "GET /health": {200: {"status": "ok", "version": "0.1.0", "stage": "prod"}},
    "POST /v1/inputs": {200: _INPUT, 202: {"id": _INPUT_ID, "status": "received"}},
    "POST /v1/inputs/uploads": {201: _AWAITING},
    "GET /v1/inputs": {200: {"items": [_SUMMARY], "next_cursor": None}},
    "GET /v1/inputs/{id}": {200: _INPUT},
    "POST /v1/batches": {201: _UPLOADED_BATCH, 202: _BATCH},
    "GET /v1/batches": {200: {"items": [_ENDED_BATCH], "next_cursor": None}},
    "GET /v1/batches/{id}": {200: _BATCH_SHOWN},
    "GET /v1/batches/{id}/errors": {200: _LINE_ERROR},
    "GET /v1/batches/{id}/results": {
        200: {"line": 1, "reference": "claim-2040"} | _INPUT | {"batch_id": _BATCH_ID},
    },
    "POST /v1/batches/{id}/cancel": {200: _BATCH_SHOWN | {"status": "cancelled"}, 202: _CANCELLED_BATCH},
    "DELETE /v1/inputs/{id}": {200: _ERASURE, 202: _ERASING},
    "POST /v1/inputs/{id}/reveal": {200: {"id": _INPUT_ID, "placeholders": {"[POLICY_1]": "48213"}}},
    "POST /v1/erasures": {202: _ERASING | {"subject": "user", "input_id": None, "inputs": 0}},
    "GET /v1/erasures/{id}": {200: _ERASURE},
    "POST /v1/experiments": {201: _EXPERIMENT},
    "GET /v1/experiments": {200: {"items": [_EXPERIMENT]}},
    "GET /v1/experiments/{id}": {200: _EXPERIMENT | {"results": _RESULTS}},
    "POST /v1/experiments/{id}/stop": {200: _EXPERIMENT | {"status": "stopped", "stopped_at": _MOMENT}},
    "POST /v1/inputs/{id}/feedback": {200: _FEEDBACK},
    "GET /v1/inputs/{id}/feedback": {200: {"items": [_FEEDBACK]}},
    "POST /v1/inputs/{id}/feedback/approve": {200: _FEEDBACK | {"correction": "approved"}},
    "POST /v1/documents": {201: _REGISTERED},
    "GET /v1/documents": {200: {"items": [_DOCUMENT], "next_cursor": None}},
    "GET /v1/documents/{id}": {200: _DOCUMENT},
    "POST /v1/search": {200: _FOUND},
    "GET /v1/dashboard/cache": {200: _CACHE_REPORT},
    "GET /v1/phrases": {200: {"items": [_LISTED_PHRASE]}},
    "PUT /v1/phrases": {200: {"items": [_LISTED_PHRASE]}},
    "GET /v1/phrases/schedule": {200: _SCHEDULE},
    "PUT /v1/phrases/schedule": {200: _SCHEDULE},
    "POST /v1/phrases/warm": {202: {"id": _WARM_UP_ID, "status": "running"}},
    "GET /v1/phrases/warm/{id}": {200: _WARM_UP},
    "POST /v1/callbacks/elevenlabs": {200: {"outcome": "taken"}},
    "GET /v1/providers": {200: {"mode": "real", "stage": "prod", "items": [_PROVIDER]}},
    "POST /v1/providers/{name}/hold": {200: {"items": [_HELD]}},
    "POST /v1/quality": {200: _JUDGED},
    "POST /v1/speech": {200: _SPOKEN},
    "POST /v1/providers/{name}/resume": {200: {"items": [_PROVIDER]}},
}


def _problem(status: int, slug: str, title: str, detail: str, **extra: Any) -> Json:
    kind = f"urn:problem-type:intake:{slug}"
    return {"type": kind, "title": title, "status": status, "detail": detail, "request_id": _REQUEST_ID, **extra}


_EMPTY = "The text is empty. Send 1 to 5,000 characters."

PROBLEMS: dict[int, Json] = {
    400: _problem(400, "malformed-request", "The request cannot be read", "The body is empty. Send a JSON object."),
    401: _problem(401, "unauthorized", "No valid API key", "Send a valid API key in the header X-Api-Key."),
    402: _problem(
        402,
        "budget-exceeded",
        "The budget is used up",
        "The budget of every provider that could do this is used up.",
        input_id=_INPUT_ID,
        failures=["flash: The budget is used up"],
    ),
    403: _problem(403, "forbidden", "Not allowed", "A key with the role viewer may not do this."),
    404: _problem(404, "not-found", "Not found", "There is nothing under this id."),
    409: _problem(
        409,
        "conflict",
        "Conflict",
        f"The warm-up {_WARM_UP_ID} is running. Wait for its end: GET /v1/phrases/warm/<id>.",
    ),
    410: _problem(
        410, "erased", "Erased", f"The input {_INPUT_ID} was erased on {_MOMENT}. Nothing that was said is kept."
    ),
    413: _problem(413, "payload-too-large", "The body is too large", "A recording may have 6 MB."),
    415: _problem(
        415, "unsupported-media-type", "This kind of body is not taken here", "This route takes application/json."
    ),
    422: _problem(
        422,
        "unsupported-input",
        "The input is not valid",
        f"text: {_EMPTY}",
        errors=[{"field": "text", "message": _EMPTY}],
    ),
    500: _problem(500, "internal", "Something went wrong", "This is a fault of Intake, not of your request."),
    503: _problem(
        503,
        "providers-unavailable",
        "The service is unavailable for the moment",
        "No provider can do this at the moment. Try again in a few minutes.",
        input_id=_INPUT_ID,
        failures=["flash: A provider took too long"],
    ),
}
