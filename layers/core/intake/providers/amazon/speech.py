"""Speech out by Amazon Polly's neural voices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from intake.errors import ProviderRefusedError, ProviderTimeoutError, TransientError, UnsupportedInputError
from intake.money import Usage
from intake.providers.amazon.service import Service
from intake.providers.language_codes import two_letters
from intake.providers.ports import Capability, Need, ProviderKind, Reply, Speech, SpeechRequest
from intake.providers.sound import pcm_wav, seconds

# https://docs.aws.amazon.com/polly/latest/dg/limits.html and neural-voices.html, November 2026
MOST_CHARACTERS = 3_000
VOICES: Mapping[str, str] = {
    "ar": "Hala",
    "ca": "Arlet",
    "cs": "Jitka",
    "da": "Sofie",
    "de": "Vicki",
    "en": "Joanna",
    "es": "Lupe",
    "fi": "Suvi",
    "fr": "Lea",
    "hi": "Kajal",
    "it": "Bianca",
    "ja": "Takumi",
    "ko": "Seoyeon",
    "nl": "Laura",
    "no": "Ida",
    "pl": "Ola",
    "pt": "Camila",
    "sv": "Elin",
    "tr": "Burcu",
    "zh": "Zhiyu",
}
"""The voice of each language, for requests that name none."""
BILINGUAL = {"Kajal": {"hi": "hi-IN", "en": "en-IN"}}
"""Voices that must be told which of their languages a text is in."""
OUTPUT_FORMATS = {"audio/mpeg": ("mp3", "24000"), "audio/wav": ("pcm", "16000")}
"""Polly's name and rate of each kind of file."""
_SYNONYMS = {"nb": "no", "nn": "no"}
_CHUNK = 64 * 1024


class PollySpeaker:
    """Speaks a text of up to 3,000 characters."""

    capability = Capability.SYNTHESIZE
    kind = ProviderKind.REMOTE
    model = "neural"
    version = "2"

    def __init__(self, service: Service) -> None:
        self._service = service
        self.name = service.name

    def missing(self) -> str | None:
        return self._service.missing()

    def obstacle(self, need: Need) -> str | None:
        language = need.target_language or need.source_language
        if language and _code(language) not in VOICES:
            return f"{self.name} has no neural voice for {language}"
        if need.media_type not in (None, *OUTPUT_FORMATS):
            return f"{self.name} makes MP3 and WAV, not {need.media_type}"
        if need.size > MOST_CHARACTERS:
            return f"{self.name} speaks {MOST_CHARACTERS:,} characters at once, not {need.size:,}"
        return None

    def largest_usage(self, request: SpeechRequest) -> Usage:
        return Usage(characters=len(request.text))

    def call(self, request: SpeechRequest) -> Reply[Speech]:
        """Speak a text, as MP3 unless WAV is wanted.

        Raises
        ------
        UnsupportedInputError
            There is nothing to speak.
        ProviderRefusedError
            The text is too long, or there is no voice; another provider may take it.
        """
        if not any(letter.isalnum() for letter in request.text):
            raise UnsupportedInputError("There is no text to speak.")
        if obstacle := self.obstacle(
            Need(target_language=request.language, size=len(request.text), media_type=request.media_type)
        ):
            raise ProviderRefusedError(f"{obstacle}.")
        language = _code(request.language)
        voice = request.voice or VOICES[language]
        if not re.fullmatch(r"[A-Za-z]{1,32}", voice):
            raise ProviderRefusedError(f"{self.name} knows voices by their names, such as Joanna.")
        media_type = request.media_type or "audio/mpeg"
        form, rate = OUTPUT_FORMATS[media_type]
        wanted: dict[str, str] = {
            "Engine": self.model,
            "OutputFormat": form,
            "SampleRate": rate,
            "Text": request.text,
            "TextType": "text",
            "VoiceId": voice,
        }
        if language in BILINGUAL.get(voice, {}):
            wanted["LanguageCode"] = BILINGUAL[voice][language]
        audio, billed = self._service.ask(lambda client: self._spoken(client, wanted))
        if not audio:
            raise TransientError(f"{self.name} gave no sound.", billed=billed)
        if media_type == "audio/wav":
            audio = pcm_wav(audio, int(rate))
        return Reply(value=Speech(audio=audio, media_type=media_type, duration_seconds=seconds(audio)), usage=billed)

    def _spoken(self, client: Any, wanted: Mapping[str, str]) -> tuple[bytes, Usage]:
        answer = client.synthesize_speech(**wanted)
        billed = Usage(characters=answer.get("RequestCharacters", len(wanted["Text"])))
        return self._read(answer["AudioStream"], billed), billed

    def _read(self, stream: Any, billed: Usage) -> bytes:
        """Read the sound; botocore limits each wait only, and a trickle would hold the function until it is killed."""
        end_ms = self._service.clock.monotonic_ms() + int(self._service.timeout_seconds * 1000)
        chunks = []
        for chunk in stream.iter_chunks(_CHUNK):
            chunks.append(chunk)
            if self._service.clock.monotonic_ms() > end_ms:
                raise ProviderTimeoutError(f"{self.name} took too long to speak.", billed=billed)
        return b"".join(chunks)


def _code(language: str) -> str:
    code = two_letters(language)
    return _SYNONYMS.get(code, code)
