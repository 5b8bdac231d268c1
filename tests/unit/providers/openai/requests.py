"""Requests that the tests send."""

from __future__ import annotations

from intake.providers.ports import (
    Capability,
    CompletionRequest,
    EmbeddingRequest,
    TranscriptionRequest,
    TranslationRequest,
)
from tests.unit.providers.sounds import wav

SANITIZE_SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "intent": {"type": "string", "enum": ["claim", "coverage", "other"]},
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "question": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "changes": {"type": "array", "items": {"$ref": "#/$defs/Change"}},
    },
    "required": ["text", "intent", "confidence", "question", "changes"],
    "additionalProperties": False,
    "$defs": {
        "Change": {
            "type": "object",
            "properties": {"before": {"type": "string"}, "after": {"type": "string"}},
            "required": ["before", "after"],
            "additionalProperties": False,
        }
    },
}


def translation(text: str = "¿Cubre mi póliza el robo?", **more: object) -> TranslationRequest:
    return TranslationRequest.model_validate({"text": text, "source_language": "es", "target_language": "en", **more})


def completion(text: str = "Does my policy cover theft?", **more: object) -> CompletionRequest:
    return CompletionRequest.model_validate(
        {
            "task": "sanitize",
            "prompt_version": "1",
            "instructions": "Clean the text.",
            "data": {"text": text},
            "answer_schema": SANITIZE_SCHEMA,
            "max_output_tokens": 500,
            **more,
        }
    )


def embedding(*texts: str) -> EmbeddingRequest:
    return EmbeddingRequest(texts=texts or ("water damage", "dental benefits"))


def recording(**more: object) -> TranscriptionRequest:
    return TranscriptionRequest.model_validate({"audio": wav(1.5), "media_type": "audio/wav", **more})


CHAT = {Capability.TRANSLATE: translation(), Capability.COMPLETE: completion()}
CHAT_PROVIDERS = [(capability, name) for capability in CHAT for name in ("openai", "flash")]
