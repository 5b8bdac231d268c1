"""Settings of a deployment, read from the environment once, when first asked for."""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Stage(StrEnum):
    """Where Intake runs."""

    LOCAL = "local"
    DEV = "dev"
    STAGING = "staging"
    PROD = "prod"


class ProviderMode(StrEnum):
    """Which kinds of provider may answer."""

    EMBEDDED = "embedded"
    """Engines on this machine."""
    MOCK = "mock"
    """Deterministic doubles: tests only."""
    REAL = "real"
    """Remote services."""
    HYBRID = "hybrid"
    """Remote services, with the engines on this machine as the last resort."""


class Settings(BaseModel):
    """Everything a function reads from its environment; each function is given the names it needs by the template."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    stage: Stage = Field(Stage.LOCAL, alias="INTAKE_STAGE")
    provider_mode: ProviderMode = Field(ProviderMode.EMBEDDED, alias="INTAKE_PROVIDERS")

    interactions_table: str = Field("", alias="INTERACTIONS_TABLE")
    documents_table: str = Field("", alias="DOCUMENTS_TABLE")
    gateway_table: str = Field("", alias="GATEWAY_TABLE")
    tenancy_table: str = Field("", alias="TENANCY_TABLE")
    connections_table: str = Field("", alias="CONNECTIONS_TABLE")
    documents_bucket: str = Field("", alias="DOCUMENTS_BUCKET")
    audio_bucket: str = Field("", alias="AUDIO_BUCKET")
    event_bus: str = Field("", alias="EVENT_BUS")
    websocket_url: str = Field("", alias="WEBSOCKET_URL")
    """The address at which clients open a WebSocket."""
    input_express_arn: str = Field("", alias="INPUT_EXPRESS_ARN")
    input_standard_arn: str = Field("", alias="INPUT_STANDARD_ARN")
    erasure_arn: str = Field("", alias="ERASURE_ARN")
    recording_arn: str = Field("", alias="RECORDING_ARN")
    warm_cache_arn: str = Field("", alias="WARM_CACHE_ARN")
    batch_machine_arn: str = Field("", alias="BATCH_MACHINE_ARN")

    aws_endpoint_url: str | None = Field(None, alias="AWS_ENDPOINT_URL")
    """The embedded AWS, where one is used. Services that it only imitates never follow this setting."""

    budget_usd_per_day: str = Field("5.00", alias="INTAKE_BUDGET_USD_PER_DAY")
    budget_requests_per_hour: int = Field(100, ge=0, alias="INTAKE_BUDGET_REQUESTS_PER_HOUR")

    provider_secret_arn: str | None = Field(None, alias="INTAKE_PROVIDER_SECRET_ARN")
    """A Secrets Manager secret: a JSON object with keys named as the variables below, such as ``OPENAI_API_KEY``."""

    aws_ai: bool = Field(default=False, alias="INTAKE_AWS_AI")
    """Whether Amazon Translate, Polly and Transcribe may be called: they need no key, and the account pays."""
    translate_endpoint_url: str | None = Field(None, alias="AWS_ENDPOINT_URL_TRANSLATE")
    polly_endpoint_url: str | None = Field(None, alias="AWS_ENDPOINT_URL_POLLY")
    transcribe_endpoint_url: str | None = Field(None, alias="AWS_ENDPOINT_URL_TRANSCRIBE")

    provider_timeout_seconds: float = Field(14.0, gt=0, alias="INTAKE_PROVIDER_TIMEOUT_SECONDS")
    """Time for a remote provider's answer, in seconds: below half the limit of every function that calls one."""

    transcription_timeout_seconds: float = Field(50.0, gt=0, alias="INTAKE_TRANSCRIPTION_TIMEOUT_SECONDS")
    """The same for speech, which is sent whole and takes longer: below half the limit of TranscribeFunction."""

    speech_timeout_seconds: float = Field(6.0, gt=0, alias="INTAKE_SPEECH_TIMEOUT_SECONDS")
    """The same for speech out, of which the API asks one provider after another before it gives up at 29 s."""
    job_patience_seconds: float = Field(600.0, gt=0, alias="INTAKE_JOB_PATIENCE_SECONDS")
    """How long a provider may take for a job on a recording of up to ten minutes; for a longer one in proportion."""

    openai_api_key: SecretStr | None = Field(None, alias="OPENAI_API_KEY")
    openai_base_url: str = Field("https://api.openai.com/v1", alias="OPENAI_BASE_URL")
    openai_model: str = Field("gpt-5.6-luna", alias="OPENAI_MODEL")
    openai_reasoning_effort: str = Field("none", alias="OPENAI_REASONING_EFFORT")
    """How much the model thinks before it answers; empty for a model that does not reason. What it thinks is billed."""
    openai_embedding_model: str = Field("text-embedding-3-small", alias="OPENAI_EMBEDDING_MODEL")
    openai_transcription_model: str = Field("gpt-transcribe", alias="OPENAI_TRANSCRIPTION_MODEL")
    flash_api_key: SecretStr | None = Field(None, alias="FLASH_API_KEY")
    flash_base_url: str = Field("https://generativelanguage.googleapis.com/v1beta/openai/", alias="FLASH_BASE_URL")
    flash_model: str = Field("gemini-3.5-flash-lite", alias="FLASH_MODEL")
    elevenlabs_api_key: SecretStr | None = Field(None, alias="ELEVENLABS_API_KEY")
    elevenlabs_webhook_secret: SecretStr | None = Field(None, alias="ELEVENLABS_WEBHOOK_SECRET")
    """Of the webhook that is set up at ElevenLabs for speech to text; without it, recordings are only waited for."""
    elevenlabs_base_url: str = Field("https://api.elevenlabs.io", alias="ELEVENLABS_BASE_URL")
    elevenlabs_transcription_model: str = Field("scribe_v2", alias="ELEVENLABS_TRANSCRIPTION_MODEL")
    elevenlabs_speech_model: str = Field("eleven_flash_v2_5", alias="ELEVENLABS_SPEECH_MODEL")
    elevenlabs_voice_id: str = Field("21m00Tcm4TlvDq8ikWAM", alias="ELEVENLABS_VOICE_ID")
    """The voice of speech where a request names none: one of the voices of your account."""

    @property
    def websocket_management_url(self) -> str:
        """The address by which messages are sent to connections: the same, over HTTP."""
        return self.websocket_url.replace("ws", "http", 1)

    @property
    def edition(self) -> str:
        """What answers here, as one text: with another mode or model, an earlier answer may not be given again."""
        return f"{self.provider_mode} {self.openai_model} {self.flash_model}"


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings.model_validate(dict(os.environ))
