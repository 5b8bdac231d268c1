"""Amazon Translate, Polly and Transcribe on the wire, on this machine. See README.md beside it."""

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
START_TARGET, GET_TARGET = "Transcribe.StartTranscriptionJob", "Transcribe.GetTranscriptionJob"
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
START_MEMBERS = {
    "TranscriptionJobName",
    "LanguageCode",
    "IdentifyLanguage",
    "MediaFormat",
    "Media",
    "OutputBucketName",
    "OutputKey",
}
"""Members that Intake may send."""
MEDIA_FORMATS = {"mp3", "mp4", "wav", "flac", "ogg", "amr", "webm", "m4a"}
HEARD = "My car does not start."
LANGUAGE, LANGUAGE_SCORE = "en-US", 0.88
UNKNOWN_TARGET = "xx"
SOUND = bytes(range(256)) * 8


def refusal(status: int, name: str) -> Response:
    """Answer in Amazon's form of errors: the name in a header (REST JSON), and in the body (JSON 1.1)."""
    body = json.dumps({"__type": name, "message": "refused by the double"}).encode()
    return Response(status, body, {"x-amzn-errortype": name, "content-type": "application/x-amz-json-1.1"})


class AmazonDouble(ServiceDouble):
    """Takes requests that are signed for the service that they are for; the access key tells callers apart.

    A job of Transcribe is in progress until its status is set; what it would write into a bucket is `transcript_file`.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._jobs: dict[str, dict[str, Any]] = {}

    def control(self, request: Request) -> Response | None:
        if request.path == "/_control/reset":
            self._jobs = {}
        if request.path != "/_control/jobs":
            return None
        told = json.loads(request.body)
        self._jobs[told["name"]]["TranscriptionJobStatus"] = told["status"]
        return Response.of_json({})

    def admit(self, request: Request) -> tuple[str, str]:
        target = request.headers.get("x-amz-target")
        if target == TRANSLATE_TARGET:
            route, service = "translate", "translate"
        elif target in (START_TARGET, GET_TARGET):
            route, service = "start" if target == START_TARGET else "look", "transcribe"
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
        problems = {"translate": _translation_problem, "speak": _speech_problem, "start": _job_problem}
        problem = problems[route](body) if route in problems else None
        if route == "start" and problem is None and body["TranscriptionJobName"] in self._jobs:
            problem = "ConflictException"
        if route == "look" and body.get("TranscriptionJobName") not in self._jobs:
            problem = "NotFoundException"
        if problem is not None:
            raise RefusedError(refusal(400, problem))
        return dict(body)

    def answer(self, route: str, body: dict[str, Any], fault: Fault | None) -> Response:
        kind = fault.kind if fault else None
        if route == "speak":
            headers = {"content-type": "audio/mpeg", "x-amzn-requestcharacters": str(len(body["Text"]))}
            return Response(200, b"" if kind is Kind.SILENCE else SOUND, headers)
        if route in ("start", "look"):
            return self._job(route, body)
        languages = {"source_language": body["SourceLanguageCode"], "target_language": body["TargetLanguageCode"]}
        text = "" if kind is Kind.SILENCE else openai_answers.translation({"text": body["Text"], **languages})
        answer = {
            "TranslatedText": text,
            "SourceLanguageCode": body["SourceLanguageCode"],
            "TargetLanguageCode": body["TargetLanguageCode"],
        }
        return Response(200, json.dumps(answer).encode(), {"content-type": "application/x-amz-json-1.1"})

    def _job(self, route: str, body: Mapping[str, Any]) -> Response:
        name = body["TranscriptionJobName"]
        if route == "start":
            kept = {key: body[key] for key in ("TranscriptionJobName", "MediaFormat", "Media")}
            language = {"LanguageCode": body["LanguageCode"]} if "LanguageCode" in body else {"IdentifyLanguage": True}
            self._jobs[name] = {**kept, **language, "TranscriptionJobStatus": "IN_PROGRESS"}
        job = dict(self._jobs[name])
        if job["TranscriptionJobStatus"] == "COMPLETED" and job.get("IdentifyLanguage"):
            job |= {"LanguageCode": LANGUAGE, "IdentifiedLanguageScore": LANGUAGE_SCORE}
        answer = json.dumps({"TranscriptionJob": job}).encode()
        return Response(200, answer, {"content-type": "application/x-amz-json-1.1"})

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


def _job_problem(body: Mapping[str, Any]) -> str | None:
    named = re.fullmatch(r"[0-9a-zA-Z._-]{1,200}", body.get("TranscriptionJobName", ""))
    located = re.fullmatch(r"s3://[^/]+/.+", body.get("Media", {}).get("MediaFileUri", ""))
    one_language = ("LanguageCode" in body) != ("IdentifyLanguage" in body)
    known = body.keys() <= START_MEMBERS and body.get("MediaFormat") in MEDIA_FORMATS
    return None if named and located and one_language and known else "BadRequestException"


def transcript_file(job: str, heard: str = HEARD) -> bytes:
    """Return the file that a completed job writes: one item a word, with its confidence as text."""
    words = heard.split()
    items = [
        {
            "type": "pronunciation",
            "start_time": f"{place / 2:.2f}",
            "end_time": f"{place / 2 + 0.5:.2f}",
            "alternatives": [{"confidence": "0.98", "content": word.strip(".")}],
        }
        for place, word in enumerate(words)
    ]
    items.append({"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}]})
    results = {"transcripts": [{"transcript": heard}], "items": items}
    return json.dumps({"jobName": job, "accountId": "123456789012", "status": "COMPLETED", "results": results}).encode()


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
