"""``/v1/callbacks``: providers that call back. They have no key; each signs in its own way."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Provided
from intake.errors import ConfigurationError, FieldError
from problems import PayloadTooLargeError

router = APIRouter(prefix="/v1/callbacks", tags=["callbacks"])

MAX_BYTES = 5_000_000
"""Lambda takes 6 MB with what API Gateway puts around a body. Half an hour of words with their times is 1.5 MB."""


@router.post("/elevenlabs")
async def take_elevenlabs_callback(request: Request, provided: Provided) -> Response:
    """Take in what ElevenLabs has written down. What is not ours, or came before, is 200: it need not come again."""
    from intake.inputs.long_transcription import finish_transcription
    from intake.providers.elevenlabs.jobs import SECRET_VARIABLE, read_callback
    from intake.providers.elevenlabs.signature import HEADER, verify

    body = await request.body()
    if len(body) > MAX_BYTES:
        raise PayloadTooLargeError(
            f"The body has {len(body):,} bytes; {MAX_BYTES:,} are allowed.",
            errors=(FieldError(field="body", message="Fetch the transcript by its id instead."),),
        )
    secret = provided.credentials.key(SECRET_VARIABLE)
    if secret is None:
        raise ConfigurationError(f"Callbacks are not set up here. {provided.credentials.missing(SECRET_VARIABLE)}")
    verify(body, request.headers.get(HEADER, ""), secret, now=provided.clock.now())
    told = read_callback(body)
    job = provided.jobs.find(told[0]) if told is not None else None
    if told is None or job is None or job.provider != "elevenlabs":
        return json_answer({"outcome": "ignored"})
    is_news = finish_transcription(
        job,
        told[1],
        jobs=provided.jobs,
        inputs=provided.inputs,
        tasks=provided.waiting_tasks,
        clock=provided.clock,
    )
    return json_answer({"outcome": "taken" if is_news else "known"})
