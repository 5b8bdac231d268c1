"""An input: what a member said or wrote, and what each stage made of it.

One record holds everything about one input. Each stage adds its own result, once; nothing is ever changed by a later
stage, so that running a stage again finds its result and does nothing.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from intake.errors import FieldError
from intake.inputs.results import (
    Assessment,
    Detection,
    Failure,
    Plan,
    PreparedAudio,
    ProviderResult,
    Record,
    Sanitization,
    StageResult,
    Transcription,
    TranslationResult,
)
from intake.money import Charge
from intake.progress import Entry


class Status(StrEnum):
    """Where an input is."""

    RECEIVED = "received"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class Stage(StrEnum):
    """The stages that leave a result on the record; values are the names of the record's fields."""

    PREPARE_AUDIO = "prepare_audio"
    PLAN_TRANSCRIPTION = "plan_transcription"
    TRANSCRIBE = "transcribe"
    DETECT_LANGUAGE = "detect_language"
    PLAN_TRANSLATION = "plan_translation"
    TRANSLATE = "translate"
    PLAN_SANITIZATION = "plan_sanitization"
    SANITIZE = "sanitize"
    ASSESS = "assess"
    RECORD = "record"


class Turn(Record):
    """One earlier turn of the conversation."""

    role: Literal["user", "agent"] = "user"
    text: str = Field(repr=False)


class Context(Record):
    """Who speaks, in which conversation, and what was said before."""

    user_id: str | None = None
    conversation_id: str | None = None
    history: tuple[Turn, ...] = Field(default=(), repr=False)
    domain: str | None = None


class Preferences(Record):
    """How much the caller cares for a low cost and for high quality, each from 0 (not) to 1 (much)."""

    cost: float | None = None
    quality: float | None = None


class StoredFile(Record):
    """Where a file is kept."""

    bucket: str
    key: str


class AudioSource(Record):
    """Where the audio of a spoken input is kept as it came, and how it is to be taken."""

    bucket: str
    key: str
    media_type: str
    """As it was declared; what it is, its bytes tell."""
    size: int
    """Bytes."""
    longest_seconds: float = 60.0
    noise_reduction: bool = False
    awaited_until: datetime | None = None
    """Of a recording that is yet to be uploaded: when it is no longer waited for."""


class BatchPlace(Record):
    """Where an input comes from that was sent in a batch."""

    id: str
    line: int
    reference: str | None = None


class Completion(StageResult):
    """The end of a run that succeeded."""

    completed_at: datetime
    cache: Literal["hit", "partial", "miss"]
    degraded: bool
    notice: str | None
    cost_microusd: int
    timings_ms: dict[str, float]

    def as_state(self) -> dict[str, Any]:
        return {"status": Status.COMPLETED.value, "degraded": self.degraded, "cost_microusd": self.cost_microusd}


class InputError(Record):
    """Why a run failed: ``error`` is a class name of `intake.errors`."""

    error: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    failures: tuple[Failure, ...] = ()
    failed_at: datetime


class Input(Record):
    """One input of one tenant. Texts are left out of ``repr``, so that a log line cannot hold them by accident."""

    tenant: str
    id: str
    status: Status = Status.RECEIVED
    created_at: datetime
    expires_at: datetime
    declared_language: str
    """A BCP 47 tag, or ``auto``."""
    target_language: str
    received_text: str | None = Field(default=None, repr=False)
    """What was written; None for a spoken input."""
    audio: AudioSource | None = None
    uploaded: StoredFile | None = None
    """The file that was dropped into a bucket and became this input: it is erased with it."""
    context: Context = Context()
    preferences: Preferences = Preferences()
    batch: BatchPlace | None = None
    fingerprint: str | None = None
    """Key of the result cache; None where a result is not reused (audio)."""

    run_ends_by: datetime | None = None
    """When the run of an Express machine is over for certain; None where Step Functions tells of its end."""

    prepare_audio: PreparedAudio | None = None
    plan_transcription: Plan | None = None
    transcribe: Transcription | None = None
    detect_language: Detection | None = None
    plan_translation: Plan | None = None
    translate: TranslationResult | None = None
    plan_sanitization: Plan | None = None
    sanitize: Sanitization | None = None
    assess: Assessment | None = None
    record: Completion | None = None
    failure: InputError | None = None
    failed_charges: tuple[Charge, ...] = ()
    """What failed calls cost; those that were answered have their cost in their results."""
    progress: tuple[Entry, ...] = ()
    """What has happened since the input was accepted, in order; see `intake.inputs.progress`."""

    def is_abandoned(self, now: datetime) -> bool:
        """Say whether the run ended without recording anything: nobody works on the input any more."""
        is_ended = self.status in (Status.COMPLETED, Status.FAILED)
        return not is_ended and self.run_ends_by is not None and now > self.run_ends_by

    @property
    def text(self) -> str | None:
        """What the member wrote or, once it is transcribed, said."""
        if self.received_text is not None:
            return self.received_text
        return self.transcribe.text if self.transcribe else None

    @property
    def source_language(self) -> str | None:
        """The language of the text as far as it is known: detected, heard or declared."""
        if self.detect_language and self.detect_language.language:
            return self.detect_language.language
        return None if self.declared_language == "auto" else self.declared_language

    @property
    def translation(self) -> TranslationResult | None:
        """The translation; where none was needed, the text itself, made by nobody."""
        if self.translate is None and self.plan_translation and not self.plan_translation.needed:
            return TranslationResult(provider=None, text=self.text or "", note=self.plan_translation.reason)
        return self.translate

    @property
    def english(self) -> str | None:
        """The text in the target language, before it is cleaned."""
        return self.translation.text if self.translation else None

    def provider_results(self) -> dict[str, ProviderResult]:
        """Return the results that providers made, by stage, in the order of the flow."""
        results: dict[Stage, ProviderResult | None] = {
            Stage.TRANSCRIBE: self.transcribe,
            Stage.TRANSLATE: self.translate,
            Stage.SANITIZE: self.sanitize,
        }
        return {stage.value: result for stage, result in results.items() if result is not None}

    def plans(self) -> dict[str, Plan]:
        """Return the plans that these stages followed, by stage, in the order of the flow."""
        plans: dict[Stage, Plan | None] = {
            Stage.TRANSCRIBE: self.plan_transcription,
            Stage.TRANSLATE: self.plan_translation,
            Stage.SANITIZE: self.plan_sanitization,
        }
        return {stage.value: plan for stage, plan in plans.items() if plan is not None}
