"""The remote providers of a deployment: which service does what, with which model. Nothing is loaded or dialled yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from intake.providers.amazon.service import Service as Amazon
from intake.providers.amazon.speech import PollySpeaker
from intake.providers.amazon.transcription import AmazonTranscriber, Objects
from intake.providers.amazon.translation import AmazonTranslator
from intake.providers.credentials import Credentials
from intake.providers.elevenlabs.jobs import ScribeJobs
from intake.providers.elevenlabs.service import Service as ElevenLabs
from intake.providers.elevenlabs.speech import FlashSpeaker
from intake.providers.elevenlabs.transcription import ScribeTranscriber
from intake.providers.jobs import TranscriptionService
from intake.providers.openai.chat import ChatModel
from intake.providers.openai.completion import ChatCompleter
from intake.providers.openai.embedding import OpenAIEmbedder
from intake.providers.openai.service import Service
from intake.providers.openai.transcription import OpenAITranscriber
from intake.providers.openai.translation import ChatTranslator
from intake.providers.ports import AnyProvider
from intake.settings import Settings


def remote_providers(settings: Settings) -> tuple[AnyProvider, ...]:
    """Return every remote provider, with or without a key: one without says what it is missing.

    ``flash`` is Gemini Flash behind Google's OpenAI-compatible endpoint: the same protocol, another address.
    """
    credentials = Credentials(settings)
    openai = Service(
        name="openai",
        base_url=settings.openai_base_url,
        key_variable="OPENAI_API_KEY",
        credentials=credentials,
        timeout_seconds=settings.provider_timeout_seconds,
    )
    flash = Service(
        name="flash",
        base_url=settings.flash_base_url,
        key_variable="FLASH_API_KEY",
        credentials=credentials,
        timeout_seconds=settings.provider_timeout_seconds,
    )
    openai_listening = replace(openai, timeout_seconds=settings.transcription_timeout_seconds)
    listening = ElevenLabs(settings.elevenlabs_base_url, credentials, settings.transcription_timeout_seconds)
    speaking = replace(listening, timeout_seconds=settings.speech_timeout_seconds)
    openai_chat = ChatModel(openai, settings.openai_model, "developer", settings.openai_reasoning_effort)
    flash_chat = ChatModel(flash, settings.flash_model, "system")
    return (
        ChatTranslator(flash_chat),
        ChatTranslator(openai_chat),
        ChatCompleter(openai_chat),
        ChatCompleter(flash_chat),
        OpenAIEmbedder(openai, settings.openai_embedding_model),
        OpenAITranscriber(openai_listening, settings.openai_transcription_model),
        ScribeTranscriber(listening, settings.elevenlabs_transcription_model),
        FlashSpeaker(speaking, settings.elevenlabs_speech_model, settings.elevenlabs_voice_id),
        AmazonTranslator(
            _amazon(settings, "translate", settings.translate_endpoint_url, settings.provider_timeout_seconds)
        ),
        PollySpeaker(_amazon(settings, "polly", settings.polly_endpoint_url, settings.speech_timeout_seconds)),
    )


def transcription_services(settings: Settings, objects: Callable[[], Objects]) -> tuple[TranscriptionService, ...]:
    """Return every service that writes recordings down by jobs, set up or not: one that is not says what it lacks."""
    elevenlabs = ElevenLabs(settings.elevenlabs_base_url, Credentials(settings), settings.transcription_timeout_seconds)
    return (
        ScribeJobs(elevenlabs, settings.elevenlabs_transcription_model),
        amazon_transcriber(settings, objects),
    )


def amazon_transcriber(settings: Settings, objects: Callable[[], Objects]) -> AmazonTranscriber:
    """Return Amazon Transcribe, which reads and writes the bucket of recordings by itself."""
    return AmazonTranscriber(
        _amazon(settings, "transcribe", settings.transcribe_endpoint_url, settings.provider_timeout_seconds), objects
    )


def _amazon(settings: Settings, api: str, endpoint_url: str | None, timeout_seconds: float) -> Amazon:
    return Amazon(
        name=f"amazon_{api}",
        api=api,
        is_wanted=settings.aws_ai,
        endpoint_url=endpoint_url,
        has_embedded_aws=bool(settings.aws_endpoint_url),
        timeout_seconds=timeout_seconds,
    )
