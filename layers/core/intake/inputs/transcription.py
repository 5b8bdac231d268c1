"""Stage Transcribe: speech written down by one provider."""

from __future__ import annotations

from typing import Any

from intake.clock import Clock
from intake.errors import ConflictError, FieldError, UnsupportedInputError
from intake.gateway.outcome import Outcome
from intake.inputs.asking import ask
from intake.inputs.commands import ProviderCommand, Stopwatch
from intake.inputs.failure import rejections_recorded
from intake.inputs.languages import primary
from intake.inputs.model import Stage
from intake.inputs.ports import Caller, ObjectReader
from intake.inputs.repository import InputRepository
from intake.inputs.results import Transcription
from intake.providers.ports import Capability, Transcript, TranscriptionRequest

# The record holds a text up to four times, in up to three bytes a character, and an item of its table 400 KB.
MAX_TRANSCRIPT_CHARACTERS = 30_000


def transcribe(
    command: ProviderCommand, *, gateway: Caller, inputs: InputRepository, objects: ObjectReader, clock: Clock
) -> Transcription:
    """Write down the recording of one input with the named provider.

    Raises
    ------
    UnsupportedInputError
        No speech is heard, or more than is worked on at once.
    ProviderError
        The provider gave no answer.
    """
    watch = Stopwatch(clock)
    record = inputs.get(command.tenant, command.input_id)
    if record.transcribe is not None:
        return record.transcribe
    prepared = record.prepare_audio
    if prepared is None:
        raise ConflictError("The input has no recording that is ready to be written down.")
    with rejections_recorded(inputs, command.tenant, command.input_id, clock):
        request = TranscriptionRequest(
            audio=objects.get(prepared.bucket, prepared.key),
            media_type=prepared.media_type,
            language=primary(record.source_language) if record.source_language else None,
        )
        outcome = _asked(command, request, gateway, inputs, clock)
        result = transcription_of(command, outcome, duration_ms=watch.ms())
    return inputs.keep(command.tenant, command.input_id, Stage.TRANSCRIBE, result)


def transcription_of(command: ProviderCommand, outcome: Outcome[Transcript], *, duration_ms: float) -> Transcription:
    """Make the stage's result of what a provider heard.

    Raises
    ------
    UnsupportedInputError
        No speech is heard, or more than is worked on at once.
    """
    heard = outcome.value
    _raise_for(heard.text)
    return Transcription(
        **command.provenance(outcome),
        text=heard.text.strip(),
        language=heard.language,
        confidence=heard.confidence,
        duration_seconds=heard.duration_seconds,
        duration_ms=duration_ms,
    )


def _asked(
    command: ProviderCommand, request: TranscriptionRequest, gateway: Caller, inputs: InputRepository, clock: Clock
) -> Outcome[Any]:
    try:
        return ask(Capability.TRANSCRIBE, request, command=command, gateway=gateway, inputs=inputs, clock=clock)
    except UnsupportedInputError as problem:
        # A provider knows what is wrong, but not in which field of our request it came.
        raise UnsupportedInputError(
            problem.detail, errors=(FieldError(field="audio", message=problem.detail), *problem.errors)
        ) from problem


def _raise_for(text: str) -> None:
    if not any(character.isalpha() for character in text):
        message = "No speech was heard in the recording. Speak closer to the microphone, and record again."
        raise UnsupportedInputError(message, errors=(FieldError(field="audio", message=message),))
    if len(text) > MAX_TRANSCRIPT_CHARACTERS:
        message = (
            f"The recording holds {len(text):,} characters of speech; {MAX_TRANSCRIPT_CHARACTERS:,} are allowed. "
            "Send it in parts."
        )
        raise UnsupportedInputError(message, errors=(FieldError(field="audio", message=message),))
