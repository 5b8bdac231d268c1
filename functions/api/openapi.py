"""The description of the API, ``/openapi.json``: FastAPI's routes with our schemas, parameters and examples."""

from __future__ import annotations

import re
from typing import Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dependencies import DocumentsQuery, LinesQuery, PageQuery
from intake.batches.creation import MEDIA_TYPE as NDJSON
from intake.batches.creation import BatchRequest
from intake.batches.lines import LineRequest
from intake.documents.registration import RegisterCommand
from intake.documents.search import SearchAnswer, SearchQuery
from intake.experiments.model import ExperimentRequest
from intake.gateway.holds import HoldRequest, ResumeRequest
from intake.inputs.acceptance import InputRequest
from intake.inputs.erasure import EraseUserRequest
from intake.inputs.feedback import ApprovalRequest, FeedbackRequest
from intake.inputs.judging import QualityRequest
from intake.inputs.reveal import RevealRequest
from intake.inputs.speaking import SpeechCommand
from intake.inputs.uploads import UploadRequest
from intake.phrases.acceptance import PhrasesRequest, ScheduleRequest, WarmRequest
from openapi_examples import ANSWERS, BODIES, LINES, PROBLEMS
from problems import MEDIA_TYPE
from recordings import RecordingFields

Json = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"
_BODY_MODELS: dict[str, type[BaseModel]] = {
    "POST /v1/inputs": InputRequest,
    "POST /v1/inputs/{id}/reveal": RevealRequest,
    "POST /v1/erasures": EraseUserRequest,
    "POST /v1/batches": BatchRequest,
    "POST /v1/inputs/uploads": UploadRequest,
    "POST /v1/experiments": ExperimentRequest,
    "POST /v1/inputs/{id}/feedback": FeedbackRequest,
    "POST /v1/inputs/{id}/feedback/approve": ApprovalRequest,
    "POST /v1/documents": RegisterCommand,
    "POST /v1/search": SearchQuery,
    "POST /v1/quality": QualityRequest,
    "POST /v1/speech": SpeechCommand,
    "POST /v1/providers/{name}/hold": HoldRequest,
    "POST /v1/providers/{name}/resume": ResumeRequest,
    "PUT /v1/phrases": PhrasesRequest,
    "PUT /v1/phrases/schedule": ScheduleRequest,
    "POST /v1/phrases/warm": WarmRequest,
}
_QUERY_MODELS: dict[str, type[BaseModel]] = {
    "GET /v1/inputs": PageQuery,
    "GET /v1/batches": PageQuery,
    "GET /v1/batches/{id}/errors": LinesQuery,
    "GET /v1/batches/{id}/results": LinesQuery,
    "GET /v1/documents": DocumentsQuery,
}
_BODY_IS_OPTIONAL = frozenset({"POST /v1/providers/{name}/resume"})
_LINES = frozenset({"GET /v1/batches/{id}/errors", "GET /v1/batches/{id}/results"})
_OPEN = frozenset({"GET /health"})
_SIGNED = frozenset({"POST /v1/callbacks/elevenlabs"})
"""Taken without a key: the caller signs the body."""
_COMMON_PROBLEMS = (401, 403, 500)
_OWN_PROBLEMS: dict[str, tuple[int, ...]] = {
    "POST /v1/inputs": (400, 402, 413, 415, 422, 503),
    "POST /v1/inputs/uploads": (400, 413, 415, 422),
    "GET /v1/inputs": (422,),
    "GET /v1/inputs/{id}": (404, 410),
    "DELETE /v1/inputs/{id}": (404, 503),
    "POST /v1/inputs/{id}/reveal": (400, 404, 410, 413, 415, 422),
    "POST /v1/erasures": (400, 413, 415, 422, 503),
    "GET /v1/erasures/{id}": (404,),
    "POST /v1/experiments": (400, 409, 413, 415, 422, 503),
    "GET /v1/experiments/{id}": (404,),
    "POST /v1/experiments/{id}/stop": (404, 503),
    "POST /v1/inputs/{id}/feedback": (400, 404, 409, 413, 415, 422, 503),
    "GET /v1/inputs/{id}/feedback": (404, 503),
    "POST /v1/inputs/{id}/feedback/approve": (400, 404, 409, 413, 415, 422, 503),
    "POST /v1/batches": (400, 413, 415, 422, 503),
    "GET /v1/batches": (422,),
    "GET /v1/batches/{id}": (404,),
    "GET /v1/batches/{id}/errors": (404, 422),
    "GET /v1/batches/{id}/results": (404, 422),
    "POST /v1/batches/{id}/cancel": (404, 409),
    "POST /v1/documents": (400, 413, 415, 422),
    "GET /v1/documents": (422,),
    "GET /v1/documents/{id}": (404,),
    "POST /v1/search": (400, 402, 413, 415, 422, 503),
    "POST /v1/quality": (400, 413, 415, 422),
    "POST /v1/speech": (400, 402, 404, 413, 415, 422, 503),
    "POST /v1/providers/{name}/hold": (400, 404, 413, 415, 422, 503),
    "POST /v1/providers/{name}/resume": (400, 404, 413, 415, 422, 503),
    "PUT /v1/phrases": (400, 413, 415, 422),
    "PUT /v1/phrases/schedule": (400, 413, 415, 422),
    "POST /v1/phrases/warm": (400, 409, 413, 415, 422, 503),
    "GET /v1/phrases/warm/{id}": (404,),
    "POST /v1/callbacks/elevenlabs": (413, 503),
}


def describe(app: FastAPI) -> Json:
    """Return the OpenAPI document of the application."""
    document: Json = get_openapi(title=app.title, version=app.version, routes=app.routes, description=_INTRODUCTION)
    models: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        (InputRequest, "validation"),
        (FeedbackRequest, "validation"),
        (ExperimentRequest, "validation"),
        (ApprovalRequest, "validation"),
        (RecordingFields, "validation"),
        (RevealRequest, "validation"),
        (EraseUserRequest, "validation"),
        (BatchRequest, "validation"),
        (LineRequest, "validation"),
        (UploadRequest, "validation"),
        (RegisterCommand, "validation"),
        (SearchQuery, "validation"),
        (HoldRequest, "validation"),
        (QualityRequest, "validation"),
        (SpeechCommand, "validation"),
        (ResumeRequest, "validation"),
        (PhrasesRequest, "validation"),
        (ScheduleRequest, "validation"),
        (WarmRequest, "validation"),
        (SearchAnswer, "serialization"),
    ]
    _, definitions = models_json_schema(models, ref_template=_REFERENCE)
    document["components"] = {
        "schemas": definitions["$defs"] | {"Problem": _PROBLEM},
        "securitySchemes": {
            "ApiKey": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            "Bearer": {"type": "http", "scheme": "bearer"},
        },
    }
    document["security"] = [{"ApiKey": []}, {"Bearer": []}]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            _complete(f"{method.upper()} {path}", operation)
    return document


def _complete(name: str, operation: Json) -> None:
    operation["responses"] = {str(status): _answer(name, status, example) for status, example in ANSWERS[name].items()}
    if name in _OPEN | _SIGNED:
        operation["security"] = []
    if name not in _OPEN:
        common = set(_COMMON_PROBLEMS) - ({403} if name in _SIGNED else set())
        problems = sorted((*_OWN_PROBLEMS.get(name, ()), *common))
        operation["responses"] |= {str(status): _problem(status) for status in problems}
    parameters = _query_parameters(name)
    for placeholder in re.findall(r"{(\w+)}", name):
        parameters.append({"name": placeholder, "in": "path", "required": True, "schema": {"type": "string"}})
    if name == "POST /v1/inputs":
        parameters.append(_PREFER)
    if name in _SIGNED:
        parameters.append(_SIGNATURE)
        content = {"application/json": {"schema": {"type": "object"}, "examples": BODIES[name]}}
        operation["requestBody"] = {"required": True, "content": content}
    if parameters:
        operation["parameters"] = parameters
    if name in _BODY_MODELS:
        operation["requestBody"] = {"required": name not in _BODY_IS_OPTIONAL, "content": _contents(name)}


def _contents(name: str) -> Json:
    model = _BODY_MODELS[name]
    contents: Json = {"application/json": {"schema": _reference(model.__name__), "examples": BODIES[name]}}
    if name == "POST /v1/inputs":
        audio = {"type": "string", "format": "binary", "description": "wav, mp3, m4a, ogg, webm or flac; 6 MB, 60 s."}
        fields = _reference(RecordingFields.__name__)
        beside = {"type": "object", "properties": {"audio": audio}, "required": ["audio"]}
        contents["multipart/form-data"] = {"schema": {"allOf": [fields, beside]}}
    if name == "POST /v1/batches":
        contents[NDJSON] = {"schema": _reference(LineRequest.__name__), "example": LINES}
    return contents


def _query_parameters(name: str) -> list[Json]:
    model = _QUERY_MODELS.get(name)
    if model is None:
        return []
    schema = model.model_json_schema()
    return [
        {"name": field, "in": "query", "required": False, "schema": described}
        for field, described in schema["properties"].items()
    ]


def _answer(name: str, status: int, example: Any) -> Json:
    schema: Json = _reference("SearchAnswer") if name == "POST /v1/search" else {"type": "object"}
    kind = NDJSON if name in _LINES else "application/json"
    answer: Json = {
        "description": {200: "Done.", 201: "Registered.", 202: "Begun; Location is where the result will be."}[status],
        "content": {kind: {"schema": schema, "example": example}},
    }
    if name in _LINES:
        answer["headers"] = {"Link": {"schema": {"type": "string"}, "description": 'The next page, as rel="next".'}}
    if name == "POST /v1/speech":
        for kind in ("audio/mpeg", "audio/wav"):
            answer["content"][kind] = {"schema": {"type": "string", "format": "binary"}}
        told = sorted(example.keys() - {"audio", "media_type"})
        names = [f"X-Intake-{field.replace('_', '-').title()}" for field in told]
        answer["headers"] = {header: {"schema": {"type": "string"}} for header in names}
    if status in (201, 202):
        answer["headers"] = {"Location": {"schema": {"type": "string"}}}
    return answer


def _problem(status: int) -> Json:
    example = PROBLEMS[status]
    content = {"schema": _reference("Problem"), "example": example}
    return {"description": example["title"], "content": {MEDIA_TYPE: content}}


def _reference(model: str) -> Json:
    return {"$ref": _REFERENCE.format(model=model)}


_INTRODUCTION = (
    "Voice or text in any language becomes clean, assessed English; documents become searchable. "
    "Every error is a problem (RFC 9457) with a stable `type`; `request_id` finds it in the logs. "
    "Where API Gateway itself refuses a key, the answer is 403 with `message` only."
)

_PREFER: Json = {
    "name": "Prefer",
    "in": "header",
    "required": False,
    "description": "`respond-async` answers 202 at once.",
    "schema": {"type": "string", "enum": ["respond-async"]},
}

_SIGNATURE: Json = {
    "name": "ElevenLabs-Signature",
    "in": "header",
    "required": True,
    "description": "`t=<unix seconds>,v0=<hex HMAC-SHA256 of t.body>`, no older than 30 minutes.",
    "schema": {"type": "string"},
}

_FIELD_ERROR: Json = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {
        "field": {"type": "string", "description": "Path of the field, for example context.history."},
        "message": {"type": "string", "description": "What is wrong, and what to do."},
    },
}
_PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "Stable: switch on it."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": _FIELD_ERROR},
        "input_id": {"type": "string", "description": "Of an input that failed; GET it for all that is known."},
        "failures": {"type": "array", "items": {"type": "string"}, "description": "Each provider that was tried."},
        "code": {"type": "string", "description": "Of a rejected document."},
    },
}
