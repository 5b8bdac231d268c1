"""What is accepted as an input, and what is said about everything else."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from intake.audio_types import AUDIO_TYPES
from intake.errors import FieldError, UnsupportedInputError
from intake.inputs import injection, intent, masking, sanitization_rules
from intake.inputs.languages import AUTO, LANGUAGES, TARGET_LANGUAGES, language_name, parse_tag
from intake.inputs.model import AudioSource, Context, Input, Preferences, Status, Turn
from intake.inputs.quality import QUALITY_VERSION
from intake.inputs.sanitization import PROMPT_VERSION

MAX_CHARACTERS = 5_000
MAX_HISTORY_TURNS = 20
MAX_HISTORY_CHARACTERS = 10_000
MAX_AUDIO_BYTES = 6 * 1024 * 1024
"""Of a recording in a request; what a bucket takes may be larger."""
MAX_UPLOADED_AUDIO_BYTES = 200 * 1024 * 1024
"""Two hours at 220 kbit/s, or 100 minutes of WAV at 16 kHz."""
RETENTION = timedelta(days=30)

_AUDIO_SYNONYMS = {
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/x-flac": "audio/flac",
    "video/webm": "audio/webm",
}

# Control characters that text never has and binary data soon has; tab and line ends are text.
_BINARY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


def _as_turn(value: Any) -> Any:
    return {"role": "user", "text": value} if isinstance(value, str) else value


class ApiRequest(BaseModel):
    """A body, or a part of one: nothing is converted, and a field that is not known is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class TurnRequest(ApiRequest):
    """One earlier turn; a bare string is the user's."""

    role: Literal["user", "agent"] = "user"
    text: str = Field(min_length=1, max_length=MAX_CHARACTERS, repr=False)


class ContextRequest(ApiRequest):
    """Who speaks, and what was said before."""

    user_id: str | None = Field(default=None, min_length=1, max_length=128)
    conversation_id: str | None = Field(default=None, min_length=1, max_length=128)
    history: list[Annotated[TurnRequest, BeforeValidator(_as_turn)]] = Field(
        default_factory=list, max_length=MAX_HISTORY_TURNS, repr=False
    )
    domain: str | None = Field(default=None, min_length=1, max_length=64)


class PreferencesRequest(ApiRequest):
    """How much cost and quality matter, each from 0 (not) to 1 (most)."""

    # Not strict: 1 is as good a number as 1.0.
    cost: float | None = Field(default=None, ge=0, le=1, strict=False)
    quality: float | None = Field(default=None, ge=0, le=1, strict=False)


class InputRequest(ApiRequest):
    """The body of ``POST /v1/inputs``: a text, its language or ``auto``, and what is known about its author."""

    text: str = Field(repr=False, examples=["Quiero presentar un reclamo por los daños del agua en mi cocina."])
    source_language: str = Field(default=AUTO, max_length=35, examples=["auto", "es", "es-MX"])
    target_language: str = Field(default="en", max_length=35)
    context: ContextRequest = Field(default_factory=ContextRequest)
    preferences: PreferencesRequest = Field(default_factory=PreferencesRequest)


def accept_text(request: InputRequest, *, tenant: str, input_id: str, now: datetime) -> Input:
    """Make an input of a request.

    Raises
    ------
    UnsupportedInputError
        With one `FieldError` for every field at fault, each saying what to do.
    """
    text = request.text.strip()
    problems = [*text_problems(text), *language_problems(request.source_language, request.target_language)]
    problems += _history_problems(request.context)
    raise_for(problems)
    record = _record(
        tenant, input_id, now, request.source_language, request.target_language, request.context, request.preferences
    )
    record = record.model_copy(update={"received_text": text})
    return record.model_copy(update={"fingerprint": fingerprint(record)})


def accept_audio(
    audio: AudioSource,
    *,
    tenant: str,
    input_id: str,
    now: datetime,
    source_language: str = AUTO,
    target_language: str = "en",
    context: ContextRequest | None = None,
    preferences: PreferencesRequest | None = None,
) -> Input:
    """Make an input of a recording that is stored already.

    Raises
    ------
    UnsupportedInputError
        With one `FieldError` for every field at fault.
    """
    problems = [*audio_problems(audio), *language_problems(source_language, target_language)]
    problems += _history_problems(context or ContextRequest())
    raise_for(problems)
    record = _record(
        tenant,
        input_id,
        now,
        source_language,
        target_language,
        context or ContextRequest(),
        preferences or PreferencesRequest(),
    )
    return record.model_copy(update={"audio": audio})


def audio_media_type(declared: str) -> str | None:
    """Return the canonical media type of an accepted audio format (``audio/x-wav`` is ``audio/wav``), or None."""
    bare = declared.split(";", 1)[0].strip().lower()
    bare = _AUDIO_SYNONYMS.get(bare, bare)
    return bare if bare in AUDIO_TYPES else None


def fingerprint(record: Input) -> str:
    """Return the key under which an identical input of the same tenant finds this one's answer.

    Everything of ours that can change the answer is in it: the text, both languages, the context, the preferences, and
    the versions of our prompts and rules. Who answers is the cache's part (`intake.storage.results`).
    """
    parts = {
        "tenant": record.tenant,
        "text": record.received_text,
        "source_language": record.declared_language,
        "target_language": record.target_language,
        "context": record.context.model_dump(mode="json"),
        "preferences": record.preferences.model_dump(mode="json"),
        "versions": [
            PROMPT_VERSION,
            QUALITY_VERSION,
            sanitization_rules.VERSION,
            intent.VERSION,
            injection.VERSION,
            masking.VERSION,
        ],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _record(
    tenant: str,
    input_id: str,
    now: datetime,
    source_language: str,
    target_language: str,
    context: ContextRequest,
    preferences: PreferencesRequest,
) -> Input:
    tag = parse_tag(source_language)
    return Input(
        tenant=tenant,
        id=input_id,
        status=Status.RECEIVED,
        created_at=now,
        expires_at=now + RETENTION,
        declared_language=str(tag) if tag else AUTO,
        target_language=target_language.lower().split("-", 1)[0],
        context=Context(
            user_id=context.user_id,
            conversation_id=context.conversation_id,
            history=tuple(Turn.model_validate(turn.model_dump()) for turn in context.history),
            domain=context.domain,
        ),
        preferences=Preferences(cost=preferences.cost, quality=preferences.quality),
    )


def text_problems(text: str, field: str = "text", *, most: int = MAX_CHARACTERS) -> list[FieldError]:
    """Say what is wrong with a text that was trimmed, if anything is: one problem at most."""
    message = None
    if not text:
        message = f"The text is empty. Send 1 to {most:,} characters."
    elif len(text) > most:
        message = f"The text has {len(text):,} characters; {most:,} are allowed. Send it in parts."
    elif _BINARY.search(text):
        message = "The text has control characters, as binary data does. Send plain text in UTF-8."
    elif not any(character.isalpha() for character in text):
        message = "The text has no letter. Send words to be understood."
    return [] if message is None else [FieldError(field=field, message=message)]


def language_problems(source_language: str, target_language: str) -> list[FieldError]:
    """Say what is wrong with the languages of a translation."""
    problems = []
    if source_language.lower() != AUTO and parse_tag(source_language) is None:
        problems.append(
            FieldError(
                field="source_language",
                message=f'Unknown language. Send "auto" or a BCP 47 tag of one of: {", ".join(sorted(LANGUAGES))}.',
            )
        )
    if target_language.lower().split("-", 1)[0] not in TARGET_LANGUAGES:
        names = ", ".join(f"{code} ({language_name(code)})" for code in TARGET_LANGUAGES)
        problems.append(FieldError(field="target_language", message=f"Not a target language. Possible: {names}."))
    return problems


def _history_problems(context: ContextRequest) -> list[FieldError]:
    problems = []
    total = sum(len(turn.text) for turn in context.history)
    if total > MAX_HISTORY_CHARACTERS:
        problems.append(
            FieldError(
                field="context.history",
                message=f"The history has {total:,} characters; {MAX_HISTORY_CHARACTERS:,} are allowed. "
                "Send the latest turns.",
            )
        )
    if any(_BINARY.search(turn.text) for turn in context.history):
        problems.append(
            FieldError(field="context.history", message="The history has control characters. Send plain text in UTF-8.")
        )
    return problems


def audio_problems(audio: AudioSource) -> list[FieldError]:
    """Say what is wrong with a recording as far as that can be told without reading it."""
    if audio.media_type not in AUDIO_TYPES:
        formats = ", ".join(sorted(AUDIO_TYPES.values()))
        return [FieldError(field="audio", message=f"Not an audio format that is understood. Send one of: {formats}.")]
    if audio.size <= 0:
        return [FieldError(field="audio", message="The recording is empty. Record again, and send the file whole.")]
    if audio.size > MAX_UPLOADED_AUDIO_BYTES:
        allowed = f"{MAX_UPLOADED_AUDIO_BYTES // 2**20} MB"
        return [FieldError(field="audio", message=f"The recording is larger than {allowed}. Send it in parts.")]
    return []


def raise_for(problems: list[FieldError]) -> None:
    """Raise UnsupportedInputError with every problem, if there is any."""
    if problems:
        detail = " ".join(f"{problem.field}: {problem.message}" for problem in problems)
        raise UnsupportedInputError(detail, errors=tuple(problems))
