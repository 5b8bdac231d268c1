"""What the stages of an input find: plain values, kept on the input's record."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from intake.errors import reported_detail
from intake.gateway.outcome import CacheStatus, Route


class Record(BaseModel):
    """A stored value. Unknown fields are ignored: an older function may read what a newer one wrote."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Failure(Record):
    """One provider that did not answer: the class name of its error, and our words for it, if it is one of ours.

    A machine passes on ``cause``, what Step Functions caught; the words are taken out of it, and the rest is dropped.
    """

    provider: str
    error: str
    detail: str = ""

    @model_validator(mode="before")
    @classmethod
    def _take_words(cls, given: Any) -> Any:
        if isinstance(given, dict) and "cause" in given:
            return {**given, "detail": reported_detail(given.get("error", ""), given["cause"])}
        return given


class StageResult(Record):
    """What one stage found; ``duration_ms`` is the stage's own time, providers included."""

    duration_ms: float = 0.0

    def as_state(self) -> dict[str, Any]:
        """Return what the state machine may know: ids and decisions, never a text."""
        return {}


class Assigned(Record):
    """The variant of an experiment that an input was given."""

    experiment_id: str
    name: str
    variant: str


class Plan(StageResult):
    """Which providers may do a job, in order and with reasons; or why nothing needs to be done."""

    needed: bool
    reason: str
    route: Route | None = None
    experiment: Assigned | None = None
    by_job: tuple[str, ...] = ()
    """Those of the providers that are not waited for, but call back."""

    def as_state(self) -> dict[str, Any]:
        providers = self.route.names if self.route else []
        return {"needed": self.needed, "providers": providers, "by_job": list(self.by_job)}


class ProviderResult(StageResult):
    """What a provider made, and how it came to be that provider. ``provider`` is None where none was needed."""

    provider: str | None
    model: str | None = None
    attempts: int = 0
    failures: tuple[Failure, ...] = ()
    cost_microusd: int = 0
    saved_microusd: int = 0
    """What a cached answer cost when it was made, and below it how long it took."""
    saved_ms: float = 0.0
    cache: CacheStatus = CacheStatus.MISS
    provider_ms: float = 0.0

    def as_state(self) -> dict[str, Any]:
        return {"provider": self.provider, "attempts": self.attempts, "cost_microusd": self.cost_microusd}

    @property
    def fallback_reason(self) -> str | None:
        """Say which providers failed before this one, or None if it was the first."""
        return "; ".join(f"{failure.provider}: {failure.error}" for failure in self.failures) or None


class AudioMeasures(Record):
    """What was measured on a recording; levels in decibels below full scale, shares from 0 to 1."""

    duration_seconds: float
    peak_dbfs: float
    loudness_dbfs: float
    """Of the parts that stand out from the background, or of all where none does."""
    clipped_share: float
    """Of the same parts, the samples at the end of the scale: what was louder is lost."""
    snr_db: float
    """What stands out, against the background."""
    speech_share: float
    """Time in which something stands out from the background: speech, or what is as loud."""
    silence_share: float


class PreparedAudio(StageResult):
    """A recording made ready for providers, 16 kHz mono WAV, and what was measured on it as it came."""

    bucket: str
    key: str
    media_type: str
    size: int
    """Bytes."""
    measures: AudioMeasures
    denoised: AudioMeasures | None = None
    """The same after noise reduction, where it was asked for."""
    warnings: tuple[str, ...] = ()

    def as_state(self) -> dict[str, Any]:
        return {"duration_seconds": self.measures.duration_seconds, "size": self.size}


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


class Candidate(Record):
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

    @property
    def is_doubted(self) -> bool:
        """Whether the caller named a language that the text does not look like."""
        return self.declared and any(note.startswith("Declared") for note in self.notes)

    def as_state(self) -> dict[str, Any]:
        return {"language": self.language, "confidence": self.confidence}


class TranslationResult(ProviderResult):
    """The text in the target language."""

    text: str = Field(repr=False)
    confidence: float | None = None
    untranslated: tuple[str, ...] = Field(default=(), repr=False)
    note: str | None = None


class Modification(Record):
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


class Intent(Record):
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
    UNKNOWN = "unknown"
    """There was nothing to measure."""


class Quality(Record):
    """How far the English can be trusted. A component is None where there was nothing to measure."""

    score: float | None
    """0 to 1, or None where there is too little evidence for one."""
    level: QualityLevel
    components: dict[str, float | None]
    requires_human_review: bool
    reasons: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Components that no rule can judge in this language: a fault in them would not be seen."""


class Assessment(StageResult):
    """Quality and intent of the clean text."""

    quality: Quality
    intent: Intent

    def as_state(self) -> dict[str, Any]:
        return {"requires_human_review": self.quality.requires_human_review, "intent": self.intent.label.value}
