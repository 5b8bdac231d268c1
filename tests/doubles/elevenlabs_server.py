"""ElevenLabs on the wire, on this machine: speech to text, its callbacks, and text to speech. See README.md."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from tests.doubles.callbacks import CallbackPlan, Callbacks
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.doubles.http import Request, Response
from tests.doubles.multipart import read_form, seconds_of
from tests.doubles.service import RefusedError, ServiceDouble, encoded_fault, served

# Facts of ElevenLabs' OpenAPI description of August 2026.
LISTEN = "/v1/speech-to-text"
TRANSCRIPT = re.compile(r"/v1/speech-to-text/transcripts/([^/]+)")
SPEAK = re.compile(r"/v1/text-to-speech/([^/]+)")
SPEECH_TO_TEXT_FIELDS: dict[str, set[str] | None] = {
    "model_id": {"scribe_v1", "scribe_v2"},
    "language_code": None,
    "tag_audio_events": {"true", "false"},
    "timestamps_granularity": {"none", "word", "character"},
    "diarize": {"true", "false"},
    "file_format": {"pcm_s16le_16", "other"},
    "webhook": {"true", "false"},
    "webhook_metadata": None,
}
"""Fields of the form that Intake may send, with their values; None where any text is one."""
TEXT_TO_SPEECH_FIELDS = {"text", "model_id", "language_code"}
OUTPUT_FORMATS = {"mp3_22050_32", "mp3_44100_32", "mp3_44100_64", "mp3_44100_96", "mp3_44100_128", "pcm_16000"}
MOST_CHARACTERS = {"eleven_flash_v2_5": 40_000, "eleven_multilingual_v2": 10_000}
UNKNOWN_VOICE = "voiceThatIsNotThere"

HEARD = ("Mi", "coche", "no", "arranca.")
LANGUAGE, LANGUAGE_PROBABILITY = "spa", 0.9
LOGPROB = -0.05
SOUND = bytes(range(256)) * 8


def refusal(status: int, name: str) -> RefusedError:
    """Refuse in ElevenLabs' form of errors."""
    return RefusedError(Response.of_json({"detail": {"status": name, "message": "refused by the double"}}, status))


def invalid(*location: str) -> RefusedError:
    """Refuse as FastAPI does, on which the service is built."""
    return RefusedError(Response.of_json({"detail": [{"loc": location, "msg": "Invalid", "type": "value_error"}]}, 422))


class ElevenLabsDouble(ServiceDouble):
    """Hears the same sentence in every recording, and speaks every text as the same sound."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._callbacks = Callbacks()

    def control(self, request: Request) -> Response | None:
        if request.path == "/_control/reset":
            self._callbacks = Callbacks()
        if request.path != "/_control/callbacks":
            return None
        self._callbacks.plan = CallbackPlan.model_validate_json(request.body)
        return Response.of_json({})

    def admit(self, request: Request) -> tuple[str, str]:
        routes = {("POST", "listen"): request.path == LISTEN, ("POST", "speak"): SPEAK.fullmatch(request.path)}
        routes["GET", "fetch"] = TRANSCRIPT.fullmatch(request.path)
        route = next((name for (method, name), fits in routes.items() if fits and method == request.method), None)
        if route is None:
            raise RefusedError(Response.of_json({"detail": "Not Found"}, 404))
        key = request.headers.get("xi-api-key", "")
        if not key:
            raise refusal(401, "invalid_api_key")
        return route, key

    def read(self, route: str, request: Request) -> dict[str, Any]:
        if route == "fetch":
            match = TRANSCRIPT.fullmatch(request.path)
            return {"transcription_id": match[1] if match else ""}
        return _read_recording(request) if route == "listen" else _read_text(request)

    def answer(self, route: str, body: dict[str, Any], fault: Fault | None) -> Response:
        kind = fault.kind if fault else None
        if route == "speak":
            return Response(200, b"" if kind is Kind.SILENCE else SOUND, {"content-type": "audio/mpeg"})
        if fault is not None and kind is Kind.ANSWER:
            return Response.of_json(fault.body)
        if route == "fetch":
            found = self._callbacks.finished.get(body["transcription_id"])
            if found is None:
                raise refusal(404, "not_found_error")
            return Response.of_json(found)
        if body.get("webhook") == "true":
            return Response.of_json(self._callbacks.accept(body, _transcript(body["seconds"], kind)))
        return Response.of_json(_transcript(body["seconds"], kind))

    def error_of(self, fault: Fault) -> Response:
        return encoded_fault(fault, {"detail": {"status": fault.code, "message": "failed on demand"}})


def _read_recording(request: Request) -> dict[str, Any]:
    form = read_form(request)
    fields = {name: values[0] for name, values in form.fields.items()}
    for name, value in fields.items():
        allowed = SPEECH_TO_TEXT_FIELDS.get(name, set())
        if allowed is not None and value not in allowed:
            raise invalid("body", name)
    if "model_id" not in fields or "file" not in form.files:
        raise invalid("body", "file")
    if not re.fullmatch(r"[a-z]{2,3}", fields.get("language_code", "en")):
        raise refusal(400, "invalid_language_code")
    name, sound = form.files["file"]
    return {**fields, "file": name, "seconds": seconds_of(sound)}


def _read_text(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        raise invalid("body") from None
    if not isinstance(body, dict) or not isinstance(body.get("text"), str) or body.keys() - TEXT_TO_SPEECH_FIELDS:
        raise invalid("body", "text")
    match = SPEAK.fullmatch(request.path)
    assert match is not None
    if match[1] == UNKNOWN_VOICE:
        raise refusal(400, "voice_not_found")
    form = parse_qs(request.query).get("output_format", ["mp3_44100_128"])[0]
    if form not in OUTPUT_FORMATS:
        raise invalid("query", "output_format")
    if len(body["text"]) > MOST_CHARACTERS.get(body.get("model_id", "eleven_multilingual_v2"), 0):
        raise refusal(400, "max_character_limit_exceeded")
    return {**body, "voice_id": match[1], "output_format": form}


def _transcript(seconds: float, kind: Kind | None) -> dict[str, Any]:
    heard = () if kind is Kind.SILENCE else HEARD
    words: list[dict[str, Any]] = []
    for place, word in enumerate(heard):
        start = place / 2
        if words:
            words.append({"text": " ", "start": start, "end": start, "type": "spacing", "logprob": -9.0})
        words.append({"text": word, "start": start, "end": start + 0.5, "type": "word", "logprob": LOGPROB})
    return {
        "language_code": LANGUAGE,
        "language_probability": LANGUAGE_PROBABILITY,
        "text": " ".join(heard),
        "words": words,
        "transcription_id": "t-1",
        "audio_duration_secs": None if kind is Kind.NO_DURATION else seconds,
    }


@contextmanager
def running(*, delay_seconds: float = 0.0) -> Iterator[Control]:
    """Serve in a thread of this process, for as long as the context lasts."""
    with served(ElevenLabsDouble(delay_seconds=delay_seconds)) as control:
        yield control
