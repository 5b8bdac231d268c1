"""Callbacks of ElevenLabs' double: whether they come, when, how often, and what they say."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

SECRET = "wsec_0123456789abcdef"
EVENT = "speech_to_text_transcription"


class Ending(StrEnum):
    """What a job comes to."""

    TRANSCRIPT = "transcript"
    FAILURE = "failure"
    """A callback without a transcript: how the service tells of a failure is not described."""
    UNHEARD = "unheard"
    """The transcript is there to be fetched, and nobody is called."""
    NEVER = "never"


class CallbackPlan(BaseModel):
    """How jobs are answered. ``address`` is where the callback goes."""

    model_config = ConfigDict(extra="forbid")

    address: str = ""
    ending: Ending = Ending.TRANSCRIPT
    times: int = 1
    delay_seconds: float = 0.1
    secret: str = SECRET
    metadata_as_text: bool = False
    language_code: str | None = None


class Callbacks:
    """The jobs that were accepted, and what became of them."""

    def __init__(self) -> None:
        self.plan = CallbackPlan(ending=Ending.NEVER)
        self.finished: dict[str, Any] = {}
        self._accepted = 0

    def accept(self, form: dict[str, Any], transcript: dict[str, Any]) -> dict[str, Any]:
        """Take a job, and answer as the service does; its callback comes from a thread of its own."""
        self._accepted += 1
        number, plan = self._accepted, self.plan
        answer = {
            "message": "Request accepted. Transcription result will be sent to the webhook endpoint.",
            "request_id": f"request-{number}",
            "transcription_id": f"transcript-{number}",
        }
        transcript = transcript | {"transcription_id": answer["transcription_id"]}
        if plan.language_code is not None:
            transcript["language_code"] = plan.language_code
        if plan.ending in (Ending.TRANSCRIPT, Ending.UNHEARD):
            self.finished[answer["transcription_id"]] = transcript
        if plan.ending in (Ending.TRANSCRIPT, Ending.FAILURE):
            metadata = form["webhook_metadata"]
            data: dict[str, Any] = {
                "request_id": answer["request_id"],
                "webhook_metadata": metadata if plan.metadata_as_text else json.loads(metadata),
            }
            if plan.ending is Ending.TRANSCRIPT:
                data["transcription"] = transcript
            body = json.dumps({"type": EVENT, "data": data}, ensure_ascii=False).encode()
            threading.Timer(plan.delay_seconds, _call, (plan, body)).start()
        return answer


def signed(body: bytes, secret: str, at: float) -> str:
    """Return the header under which the service sends a body."""
    moment = str(int(at))
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v0={digest}"


def _call(plan: CallbackPlan, body: bytes) -> None:
    for _ in range(plan.times):
        headers = {
            "content-type": "application/json",
            "ElevenLabs-Signature": signed(body, plan.secret, time.time()),
        }
        request = urllib.request.Request(plan.address, data=body, headers=headers, method="POST")
        try:
            urllib.request.urlopen(request, timeout=30).close()
        except urllib.error.URLError:
            return  # A refusal is the caller's to look for.
