"""Amazon Translate and Polly on the wire, on this machine. See README.md beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.doubles import openai_answers
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.doubles.http import Request, Response
from tests.doubles.service import RefusedError, ServiceDouble, served

# Facts of botocore's descriptions, version 1.44.5, and of the services' pages of limits.
TRANSLATE_TARGET = "AWSShineFrontendService_20170701.TranslateText"
TRANSLATE_MEMBERS = {"Text", "SourceLanguageCode", "TargetLanguageCode", "TerminologyNames", "Settings"}
MOST_BYTES = 10_000
SPEECH_MEMBERS: Mapping[str, set[str] | None] = {
    "Engine": {"standard", "neural", "long-form", "generative"},
    "LanguageCode": None,
    "OutputFormat": {"json", "mp3", "ogg_opus", "ogg_vorbis", "pcm", "mulaw", "alaw"},
    "SampleRate": {"8000", "16000", "22050", "24000", "44100", "48000"},
    "Text": None,
    "TextType": {"ssml", "text"},
    "VoiceId": None,
}
MOST_CHARACTERS = 3_000
UNKNOWN_TARGET = "xx"
SOUND = bytes(range(256)) * 8


def refusal(status: int, name: str) -> Response:
    """Answer in Amazon's form of errors: the name in a header (REST JSON), and in the body (JSON 1.1)."""
    body = json.dumps({"__type": name, "message": "refused by the double"}).encode()
    return Response(status, body, {"x-amzn-errortype": name, "content-type": "application/x-amz-json-1.1"})


class AmazonDouble(ServiceDouble):
    """Takes requests that are signed for the service that they are for; the access key tells callers apart."""

    def admit(self, request: Request) -> tuple[str, str]:
        if request.headers.get("x-amz-target") == TRANSLATE_TARGET:
            route, service = "translate", "translate"
        elif request.path == "/v1/speech":
            route, service = "speak", "polly"
        else:
            raise RefusedError(refusal(404, "UnknownOperationException"))
        signed = re.match(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/\d{8}/[a-z0-9-]+/([a-z]+)/aws4_request,",
            request.headers.get("authorization", ""),
        )
        if signed is None or signed[2] != service:
            raise RefusedError(refusal(403, "MissingAuthenticationTokenException"))
        return route, signed[1]

    def read(self, route: str, request: Request) -> dict[str, Any]:
        body = json.loads(request.body)
        problem = _translation_problem(body) if route == "translate" else _speech_problem(body)
        if problem is not None:
            raise RefusedError(refusal(400, problem))
        return dict(body)

    def answer(self, route: str, body: dict[str, Any], fault: Fault | None) -> Response:
        kind = fault.kind if fault else None
        if route == "speak":
            headers = {"content-type": "audio/mpeg", "x-amzn-requestcharacters": str(len(body["Text"]))}
            return Response(200, b"" if kind is Kind.SILENCE else SOUND, headers)
        languages = {"source_language": body["SourceLanguageCode"], "target_language": body["TargetLanguageCode"]}
        text = "" if kind is Kind.SILENCE else openai_answers.translation({"text": body["Text"], **languages})
        answer = {
            "TranslatedText": text,
            "SourceLanguageCode": body["SourceLanguageCode"],
            "TargetLanguageCode": body["TargetLanguageCode"],
        }
        return Response(200, json.dumps(answer).encode(), {"content-type": "application/x-amz-json-1.1"})

    def error_of(self, fault: Fault) -> Response:
        if fault.body is not None:
            return Response(fault.status, str(fault.body).encode())
        return refusal(fault.status, fault.code or "InternalServerException")


def _translation_problem(body: Mapping[str, Any]) -> str | None:
    if body.keys() - TRANSLATE_MEMBERS or not body.get("Text"):
        return "InvalidRequestException"
    if len(body["Text"].encode()) > MOST_BYTES:
        return "TextSizeLimitExceededException"
    return "UnsupportedLanguagePairException" if body["TargetLanguageCode"] == UNKNOWN_TARGET else None


def _speech_problem(body: Mapping[str, Any]) -> str | None:
    for member, value in body.items():
        allowed = SPEECH_MEMBERS.get(member, set())
        if allowed is not None and value not in allowed:
            return "ValidationException"
    return "TextLengthExceededException" if len(body["Text"]) > MOST_CHARACTERS else None


@contextmanager
def running(*, delay_seconds: float = 0.0) -> Iterator[Control]:
    """Serve in a thread of this process, for as long as the context lasts."""
    with served(AmazonDouble(delay_seconds=delay_seconds)) as control:
        yield control
