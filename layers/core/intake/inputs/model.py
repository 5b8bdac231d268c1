"""An input: what a member said or wrote, and what each stage made of it.

One record holds everything about one input. Each stage adds its own result, once; nothing is ever changed by a later
stage, so that running a stage again finds its result and does nothing.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from intake.errors import FieldError
from intake.gateway.outcome import CacheStatus, Route


class _Record(BaseModel):
    """A stored value. Unknown fields are ignored: an older function may read what a newer one wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Status(StrEnum):
    """Where an input is."""

    RECEIVED = "received"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


class Stage(StrEnum):
    """The stages that leave a result on the record; values are the names of the record's fields."""

    PLAN_TRANSCRIPTION = "plan_transcription"
    TRANSCRIBE = "transcribe"
    DETECT_LANGUAGE = "detect_language"
    PLAN_TRANSLATION = "plan_translation"
    TRANSLATE = "translate"
    PLAN_SANITIZATION = "plan_sanitization"
    SANITIZE = "sanitize"
    ASSESS = "assess"
    RECORD = "record"


class Turn(_Record):
    """One earlier turn of the conversation."""

    role: Literal["user", "agent"] = "user"
    text: str = Field(repr=False)


class Context(_Record):
    """Who speaks, in which conversation, and what was said before."""

    user_id: str | None = None
    conversation_id: str | None = None
    history: tuple[Turn, ...] = Field(default=(), repr=False)
    domain: str | None = None


class Preferences(_Record):
    """How much the caller cares for a low cost and for high quality, each from 0 (not) to 1 (much)."""

    cost: float | None = None
    quality: float | None = None


class AudioSource(_Record):
    """Where the audio of a spoken input is kept."""

    bucket: str
    key: str
    media_type: str
    size: int
    """Bytes."""


class Failure(_Record):
    """One provider that did not answer, and the class name of its error."""

    provider: str
    error: str


class StageResult(_Record):
    """What one stage found; ``duration_ms`` is the stage's own time, providers included."""

    duration_ms: float = 0.0

    def as_state(self) -> dict[str, Any]:
        """Return what the state machine may know: ids and decisions, never a text."""
        return {}


class Plan(StageResult):
    """Which providers may do a job, in order and with reasons; or why nothing needs to be done."""

    needed: bool
    reason: str
    route: Route | None = None

    def as_state(self) -> dict[str, Any]:
        return {"needed": self.needed, "providers": self.route.names if self.route else []}


class ProviderResult(StageResult):
    """What a provider made, and how it came to be that provider. ``provider`` is None where none was needed."""

    provider: str | None
    model: str | None = None
    attempts: int = 0
    failures: tuple[Failure, ...] = ()
    cost_microusd: int = 0
    saved_microusd: int = 0
    cache: CacheStatus = CacheStatus.MISS
    provider_ms: float = 0.0

    def as_state(self) -> dict[str, Any]:
        return {"provider": self.provider, "attempts": self.attempts, "cost_microusd": self.cost_microusd}

    @property
    def fallback_reason(self) -> str | None:
        """Say which providers failed before this one, or None if it was the first."""
        return "; ".join(f"{failure.provider}: {failure.error}" for failure in self.failures) or None


class Transcription(ProviderResult):
    """Speech written down."""

    text: str = Field(repr=False)
    language: str
    confidence: float | None
    duration_seconds: float


class Undecided(StrEnum):
    """Why a language could not be told."""

    TOO_SHORT = "too_short"
    AMBIGUOUS = "ambiguous"


class Candidate(_Record):
    """A language that a text may be in; ``probability`` from 0 to 1."""

    language: str
    probability: float


class Detection(StageResult):
    """The language of the text: ``language`` is a BCP 47 tag, or None when it is undecided."""

    language: str | None
    confidence: float
    declared: bool
    """The caller named the language; ``confidence`` is then what detection thinks of it."""
    candidates: tuple[Candidate, ...] = ()
    undecided: Undecided | None = None
    notes: tuple[str, ...] = ()

    def as_state(self) -> dict[str, Any]:
        return {"language": self.language, "confidence": self.confidence}


class TranslationResult(ProviderResult):
    """The text in the target language."""

    text: str = Field(repr=False)
    confidence: float | None = None
    untranslated: tuple[str, ...] = Field(default=(), repr=False)
    note: str | None = None


class Modification(_Record):
    """One change that cleaning made. Personal data is shown shortened in ``before``."""

    kind: str
    before: str = Field(repr=False)
    after: str = Field(repr=False)


class Sanitization(ProviderResult):
    """The clean text, personal data replaced by placeholders, and everything that was changed."""

    text: str = Field(repr=False)
    modifications: tuple[Modification, ...] = ()
    masked: int = 0
    """How many different pieces of personal data were masked."""
    injection_signals: tuple[str, ...] = ()


class IntentLabel(StrEnum):
    """What the member wants."""

    CLAIM = "claim"
    COVERAGE = "coverage"
    BENEFITS = "benefits"
    BILLING = "billing"
    COMPLAINT = "complaint"
    APPOINTMENT = "appointment"
    EMERGENCY = "emergency"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon somebody should act."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    EMERGENCY = "emergency"


class Intent(_Record):
    """What the member wants, how urgent it is, and what to ask when that is not clear."""

    label: IntentLabel
    urgency: Urgency
    clarifying_question: str | None = None
    confidence: float
    """The share of the evidence in the text that speaks for the label, 0 to 1."""


class QualityLevel(StrEnum):
    """The overall score in a word."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"
    UNACCEPTABLE = "unacceptable"


class Quality(_Record):
    """How far the English can be trusted. A component is None where there was nothing to measure."""

    score: float
    level: QualityLevel
    components: dict[str, float | None]
    requires_human_review: bool
    reasons: tuple[str, ...] = ()


class Assessment(StageResult):
    """Quality and intent of the clean text."""

    quality: Quality
    intent: Intent

    def as_state(self) -> dict[str, Any]:
        return {"requires_human_review": self.quality.requires_human_review, "intent": self.intent.label.value}


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


class InputError(_Record):
    """Why a run failed: ``error`` is a class name of `intake.errors`."""

    error: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    failures: tuple[Failure, ...] = ()
    failed_at: datetime


class Input(_Record):
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
    context: Context = Context()
    preferences: Preferences = Preferences()
    fingerprint: str | None = None
    """Key of the result cache; None where a result is not reused (audio)."""

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

    def plan_of(self, stage: str) -> Plan | None:
        """Return the plan that one of these stages followed."""
        plans = {
            Stage.TRANSCRIBE: self.plan_transcription,
            Stage.TRANSLATE: self.plan_translation,
            Stage.SANITIZE: self.plan_sanitization,
        }
        return plans[Stage(stage)]
