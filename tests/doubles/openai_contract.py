"""What OpenAI accepts on three of its routes, by its OpenAPI description 2.3.0 and its documentation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.doubles.http import Response

# Names of properties of the description, one a word.
CHAT_PROPERTIES = frozenset(
    """
    audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens messages
    metadata modalities model moderation n parallel_tool_calls prediction presence_penalty prompt_cache_key
    prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed service_tier
    stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity
    web_search_options
    """.split()  # noqa: SIM905
)
EMBEDDING_PROPERTIES = frozenset({"input", "model", "encoding_format", "dimensions", "user"})
TRANSCRIPTION_PROPERTIES = frozenset(
    {"file", "model", "language", "prompt", "response_format", "temperature", "include"}
)
TRANSCRIPTION_MODELS = frozenset({"whisper-1", "gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"})
TRANSCRIPTION_SUFFIXES = frozenset({"flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"})
MOST_RECORDING_BYTES = 25 * 1024 * 1024
REASONING_EFFORTS = (None, "none", "minimal", "low", "medium", "high", "xhigh", "max")
ROLES = frozenset({"developer", "system", "user", "assistant", "tool", "function"})
MOST_INPUTS = 2_048
MOST_TOKENS_EACH = 8_192
MOST_TOKENS = 300_000

Body = Mapping[str, Any]


class BadRequestError(Exception):
    """The request breaks the contract."""

    def __init__(self, message: str, param: str | None) -> None:
        super().__init__(message)
        self.param = param


def error(status: int, message: str, kind: str, code: str | None = None, param: str | None = None) -> Response:
    """Answer in OpenAI's form of errors."""
    return Response.of_json({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)


def tokens(text: str) -> int:
    """Count tokens as English text has them: one for four bytes."""
    return -(-len(text.encode()) // 4)


def _require(holds: bool, message: str, param: str | None) -> None:
    if not holds:
        raise BadRequestError(message, param)


def _check_common(body: Body, allowed: frozenset[str]) -> None:
    unknown = sorted(body.keys() - allowed)
    _require(not unknown, f"Unrecognized request arguments supplied: {unknown}", unknown[0] if unknown else None)
    _require(isinstance(body.get("model"), str) and body["model"] != "", "you must provide a model parameter", "model")


def check_chat(body: Body) -> None:
    """Raise `BadRequestError` where OpenAI would answer 400."""
    _check_common(body, CHAT_PROPERTIES)
    messages = body.get("messages")
    _require(isinstance(messages, list) and messages != [], "messages must be a non-empty array", "messages")
    for index, message in enumerate(messages or ()):
        where = f"messages[{index}]"
        _require(isinstance(message, dict), "a message must be an object", where)
        _require(message.get("role") in ROLES, "unknown role", f"{where}.role")
        _require(isinstance(message.get("content"), str), "content must be a string", f"{where}.content")
        _require(not message.keys() - {"role", "content", "name"}, "unknown property of a message", where)
    limit = body.get("max_completion_tokens")
    _require(limit is None or (type(limit) is int and limit >= 1), "must be at least 1", "max_completion_tokens")
    _require(body.get("reasoning_effort") in REASONING_EFFORTS, "unsupported value", "reasoning_effort")
    if "response_format" in body:
        _check_response_format(body["response_format"])


def _check_response_format(form: Any) -> None:
    _require(isinstance(form, dict) and form.get("type") == "json_schema", "must be json_schema", "response_format")
    described = form.get("json_schema")
    _require(isinstance(described, dict), "json_schema is missing", "response_format.json_schema")
    _require(not described.keys() - {"name", "schema", "strict", "description"}, "unknown property", "json_schema")
    name = described.get("name")
    _require(
        isinstance(name, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", name) is not None,
        "invalid name",
        "response_format.json_schema.name",
    )
    if described.get("strict"):
        schema = described.get("schema")
        _require(isinstance(schema, dict) and schema.get("type") == "object", "the root must be an object", "schema")
        _check_strict(schema, "schema")


def _check_strict(schema: Any, where: str) -> None:
    if isinstance(schema, list):
        for index, part in enumerate(schema):
            _check_strict(part, f"{where}[{index}]")
    if not isinstance(schema, dict):
        return
    if schema.get("type") == "object":
        closed = schema.get("additionalProperties") is False
        _require(closed, "'additionalProperties' is required to be supplied and to be false", where)
        complete = set(schema.get("required", ())) == set(schema.get("properties", {}))
        _require(complete, "'required' is required to be an array including every key in properties", where)
    for keyword in ("properties", "$defs"):
        for name, part in schema.get(keyword, {}).items():
            _check_strict(part, f"{where}.{name}")
    for keyword in ("items", "anyOf"):
        _check_strict(schema.get(keyword), f"{where}.{keyword}")


def check_embeddings(body: Body) -> None:
    """Raise `BadRequestError` where OpenAI would answer 400."""
    _check_common(body, EMBEDDING_PROPERTIES)
    texts = [body["input"]] if isinstance(body.get("input"), str) else body.get("input")
    _require(isinstance(texts, list) and 1 <= len(texts) <= MOST_INPUTS, "1 to 2048 inputs", "input")
    assert isinstance(texts, list)
    _require(all(isinstance(text, str) and text != "" for text in texts), "input cannot be an empty string", "input")
    _require(all(tokens(text) <= MOST_TOKENS_EACH for text in texts), "maximum input length is 8192 tokens", "input")
    _require(sum(tokens(text) for text in texts) <= MOST_TOKENS, "max 300000 tokens per request", "input")
    _require(body.get("encoding_format", "float") in ("float", "base64"), "float or base64", "encoding_format")
    dimensions = body.get("dimensions")
    _require(dimensions is None or (type(dimensions) is int and dimensions >= 1), "at least 1", "dimensions")
    large_enough = dimensions is None or body["model"].startswith("text-embedding-3")
    _require(large_enough, "this model does not support specifying dimensions", "dimensions")


def check_transcription(body: Body) -> None:
    """Raise `BadRequestError` where OpenAI would answer 400."""
    _check_common(body, TRANSCRIPTION_PROPERTIES)
    suffix = str(body.get("file", "")).rpartition(".")[2]
    _require(suffix in TRANSCRIPTION_SUFFIXES, f"Invalid file format. Supported formats: {suffix}", "file")
    _require(body["model"] in TRANSCRIPTION_MODELS, "invalid model ID", "model")
    _require(body.get("response_format", "json") == "json", "unsupported response format", "response_format")
    language = body.get("language", "en")
    _require(re.fullmatch(r"[a-z]{2}", language) is not None, "Invalid language. Must be ISO-639-1", "language")
    probabilities = body.get("include") == ["logprobs"]
    _require("include" not in body or probabilities, "unsupported value", "include[]")
    telling = body["model"].startswith("gpt-4o") and "diarize" not in body["model"]
    _require(not probabilities or telling, "logprobs are not supported with this model", "include[]")


CHECKS: Mapping[str, Callable[[Body], None]] = {
    "chat": check_chat,
    "embeddings": check_embeddings,
    "listen": check_transcription,
}
