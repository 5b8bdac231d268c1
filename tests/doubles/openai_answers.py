"""Deterministic answers: translations from a table, JSON that fits any strict schema, vectors by word hashes."""

from __future__ import annotations

import base64
import json
import math
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from tests.doubles.faults import Fault, Kind
from tests.doubles.openai_contract import tokens

PHRASES = {
    "¿cubre mi póliza el robo?": "Does my policy cover theft?",
    "¿cubre la póliza el robo?": "Does the policy cover theft?",
    "hola, necesito ayuda con mi reclamación.": "Hello, I need help with my claim.",
    "mi coche no arranca y estoy en la autopista.": "My car will not start and I am on the motorway.",
    "quiero presentar una reclamación.": "I want to file a claim.",
    "necesito una cita con el médico.": "I need an appointment with the doctor.",
    "ist der wasserschaden versichert?": "Is the water damage insured?",
    "mon assurance couvre-t-elle le vol ?": "Does my insurance cover theft?",
}
INTENTS = {
    "emergency": ("emergency", "accident", "bleeding", "fire", "motorway"),
    "claim": ("claim", "stolen", "damage"),
    "coverage": ("cover", "insured"),
    "benefits": ("benefit",),
    "billing": ("bill", "invoice", "payment", "premium"),
    "complaint": ("complain", "unacceptable"),
    "appointment": ("appointment",),
}
DIMENSIONS = {"text-embedding-3-small": 1_536, "text-embedding-3-large": 3_072, "text-embedding-ada-002": 1_536}
HEARD = "Mi coche no arranca."
LOGPROB = -0.1
MOST_WRITTEN_TOKENS = 2_000
REFUSAL = "I'm sorry, but I can't help with that."


def translation(data: Mapping[str, Any]) -> str:
    """Translate a known phrase; mark any other text as what it is, with the glossary applied."""
    text = str(data["text"])
    known = PHRASES.get(text.strip().lower())
    if known is not None:
        return known
    for term, wanted in data.get("glossary", {}).items():
        text = text.replace(term, wanted)
    return f"[{data['source_language']}-{data['target_language']}] {text}"


def fitting(schema: Mapping[str, Any], data: Mapping[str, Any]) -> Any:
    """Make an answer that fits a schema, from the data where a name or a choice suggests how."""
    return _fitting(schema, schema, data, "")


def _fitting(schema: Mapping[str, Any], root: Mapping[str, Any], data: Mapping[str, Any], name: str) -> Any:
    if "$ref" in schema:
        return _fitting(root["$defs"][schema["$ref"].removeprefix("#/$defs/")], root, data, name)
    if "anyOf" in schema:
        options = schema["anyOf"]
        return None if {"type": "null"} in options else _fitting(options[0], root, data, name)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return _chosen(schema["enum"], data)
    kind = schema.get("type", "string")
    if isinstance(kind, list):
        if "null" in kind:
            return None
        kind = kind[0]
    if kind == "object":
        return {key: _fitting(part, root, data, key) for key, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [_fitting(schema["items"], root, data, name) for _ in range(schema.get("minItems", 0))]
    return _scalar(kind, schema, data, name)


def _scalar(kind: str, schema: Mapping[str, Any], data: Mapping[str, Any], name: str) -> Any:
    if kind in ("number", "integer"):
        return schema.get("minimum", 0)
    if kind == "string":
        value = data.get(name)
        return value if isinstance(value, str) else _text(data)
    return {"boolean": False, "null": None}[kind]


def _text(data: Mapping[str, Any]) -> str:
    text = data.get("text", "")
    return text if isinstance(text, str) else ""


def _chosen(options: list[Any], data: Mapping[str, Any]) -> Any:
    words = _text(data).lower()
    for label, hints in INTENTS.items():
        if label in options and any(hint in words for hint in hints):
            return label
    return next((option for option in ("other", "normal", "medium") if option in options), options[0])


def vector(text: str, dimension: int) -> list[float]:
    """Return a unit vector by the words of a text: texts that share words are near each other."""
    numbers = [0.0] * dimension
    for word in text.lower().split() or [text]:
        code = zlib.crc32(word.encode())
        numbers[code % dimension] += 1.0 if code & 0x10000 else -1.0
    length = math.hypot(*numbers)
    if length == 0:  # two words cancelled each other
        numbers[0] = length = 1.0
    return [number / length for number in numbers]


def chat_completion(body: Mapping[str, Any], number: int, fault: Fault | None) -> dict[str, Any]:
    """Answer a chat request, wrongly where a fault says so."""
    kind = fault.kind if fault else None
    described = body.get("response_format", {}).get("json_schema", {})
    message, finish_reason = _message(_content(body, described), fault)
    asked = sum(tokens(part["content"]) + 4 for part in body["messages"]) + 3
    prompt_tokens = asked + tokens(json.dumps(described.get("schema", {}), ensure_ascii=False))
    completion_tokens = tokens(message["content"] or REFUSAL)
    answer: dict[str, Any] = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason}],
        "usage": {
            "prompt_tokens": prompt_tokens,
            "completion_tokens": completion_tokens,
            "total_tokens": prompt_tokens + completion_tokens,
        },
    }
    if kind is Kind.NO_CHOICES:
        answer["choices"] = []
    if kind is Kind.NO_USAGE:
        del answer["usage"]
    return answer


def _message(content: str, fault: Fault | None) -> tuple[dict[str, Any], str]:
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None}
    if fault is None:
        return message, "stop"
    match fault.kind:
        case Kind.REFUSAL:
            return message | {"content": None, "refusal": REFUSAL}, "stop"
        case Kind.CONTENT_FILTER:
            return message, fault.finish_reason or "content_filter"
        case Kind.LENGTH:
            return message | {"content": content[: len(content) // 2]}, fault.finish_reason or "length"
        case Kind.MALFORMED_CONTENT:
            return message | {"content": content[:-1]}, "stop"
        case Kind.SCHEMA_VIOLATION:
            return message | {"content": json.dumps({"unexpected": True})}, "stop"
        case Kind.ANSWER:
            return message | {"content": json.dumps(fault.body, ensure_ascii=False)}, "stop"
    return message, "stop"


def _content(body: Mapping[str, Any], described: Mapping[str, Any]) -> str:
    try:
        data = json.loads(body["messages"][-1]["content"])
    except ValueError:
        data = {}
    if not isinstance(data, dict):
        data = {}
    if described.get("name") == "translation" and "text" in data:
        return json.dumps({"translation": translation(data)}, ensure_ascii=False)
    return json.dumps(fitting(described.get("schema", {"type": "object"}), data), ensure_ascii=False)


def embeddings(body: Mapping[str, Any], kind: Kind | None) -> dict[str, Any]:
    """Answer an embeddings request, wrongly where a fault says so."""
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    dimension = body.get("dimensions") or DIMENSIONS.get(body["model"], 256)
    vectors = [vector(text, dimension) for text in texts]
    if kind is Kind.WRONG_DIMENSION:
        vectors[-1] = vectors[-1][:-1]
    if kind is Kind.ZERO_VECTOR:
        vectors[-1] = [0.0] * dimension
    as_base64 = body.get("encoding_format") == "base64"
    rows = [
        {"object": "embedding", "index": index, "embedding": _base64(numbers) if as_base64 else numbers}
        for index, numbers in enumerate(vectors)
    ]
    if kind is Kind.SHUFFLED_ROWS:
        rows.reverse()
    if kind is Kind.MISSING_ROW:
        rows.pop()
    if kind is Kind.DUPLICATE_ROW:
        rows[-1] = dict(rows[0])
    used = sum(tokens(text) for text in texts)
    answer: dict[str, Any] = {
        "object": "list",
        "data": rows,
        "model": body["model"],
        "usage": {"prompt_tokens": used, "total_tokens": used},
    }
    if kind is Kind.NO_USAGE:
        del answer["usage"]
    return answer


def transcription(body: Mapping[str, Any], seconds: float, fault: Fault | None) -> Any:
    """Answer a recording, with one sentence for all of them, or wrongly where a fault says so."""
    kind = fault.kind if fault else None
    if fault is not None and kind is Kind.ANSWER:
        return fault.body
    text = "" if kind is Kind.SILENCE else HEARD
    answer: dict[str, Any] = {"text": text}
    if body["model"].startswith("gpt-4o"):
        written = MOST_WRITTEN_TOKENS if kind is Kind.LENGTH else tokens(text)
        heard = int(10 * seconds)
        answer["usage"] = {
            "type": "tokens",
            "input_tokens": heard,
            "output_tokens": written,
            "total_tokens": heard + written,
        }
        if body.get("include"):
            answer["logprobs"] = [{"token": word, "logprob": LOGPROB} for word in text.split()]
    else:
        answer["usage"] = {"type": "duration", "seconds": seconds}
        if body["model"] == "gpt-transcribe":
            answer["languages"] = [{"code": "es"}] if text else []
    if kind is Kind.NO_USAGE:
        del answer["usage"]
    return answer


def _base64(numbers: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()
