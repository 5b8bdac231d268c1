"""Speech out by ElevenLabs Flash v2.5."""

from __future__ import annotations

import re

from intake.errors import ProviderRefusedError, TransientError, UnsupportedInputError
from intake.money import Usage
from intake.providers.elevenlabs.service import Service
from intake.providers.language_codes import two_letters
from intake.providers.ports import Capability, Need, ProviderKind, Reply, Speech, SpeechRequest
from intake.providers.sound import pcm_wav, seconds

# https://elevenlabs.io/docs/overview/models, November 2026
MOST_CHARACTERS = 40_000
LANGUAGES = frozenset(
    "ar bg cs da de el en es fi fil fr hi hr hu id it ja ko ms nl no pl pt ro ru sk sv ta tr uk vi zh".split()  # noqa: SIM905
)
_THEIR_CODES = {"tl": "fil", "nb": "no", "nn": "no"}
OUTPUT_FORMATS = {"audio/mpeg": "mp3_44100_64", "audio/wav": "pcm_16000"}
"""MP3: 8 KB a second of clear speech, in every plan; PCM of the same rate is not, and takes eleven times the space."""
PCM_RATE = 16_000


class FlashSpeaker:
    """Speaks a text of up to 40,000 characters.

    Parameters
    ----------
    voice
        Id of the voice for requests that name none.
    """

    capability = Capability.SYNTHESIZE
    kind = ProviderKind.REMOTE

    def __init__(self, service: Service, model: str, voice: str) -> None:
        self._service = service
        self._voice = voice
        self.name = service.name
        self.model = model
        # Another default voice is another answer, which the cache is not to mix with this one's.
        self.version = f"1-{voice}-{'-'.join(OUTPUT_FORMATS.values())}"

    def missing(self) -> str | None:
        return self._service.missing()

    def obstacle(self, need: Need) -> str | None:
        language = need.target_language or need.source_language
        if language is not None and _their_code(language) not in LANGUAGES:
            return f"{self.name} does not speak {language} with {self.model}"
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
            The text is too long, the language unknown or the voice no id; another provider may take it.
        """
        if not any(letter.isalnum() for letter in request.text):
            raise UnsupportedInputError("There is no text to speak.")
        if obstacle := self.obstacle(
            Need(target_language=request.language, size=len(request.text), media_type=request.media_type)
        ):
            raise ProviderRefusedError(f"{obstacle}.")
        voice = request.voice or self._voice
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", voice):  # it becomes part of the address
            raise ProviderRefusedError(f"{self.name} knows voices by their ids, of letters and digits.")
        body = {"text": request.text, "model_id": self.model, "language_code": _their_code(request.language)}
        usage = self.largest_usage(request)
        media_type = request.media_type or "audio/mpeg"
        query = {"output_format": OUTPUT_FORMATS[media_type]}
        audio = self._service.post_json(f"/v1/text-to-speech/{voice}", body, query)
        if not audio:
            raise TransientError(f"{self.name} gave no sound.", billed=usage)
        if media_type == "audio/wav":
            audio = pcm_wav(audio, PCM_RATE)
        return Reply(value=Speech(audio=audio, media_type=media_type, duration_seconds=seconds(audio)), usage=usage)


def _their_code(language: str) -> str:
    code = two_letters(language)
    return _THEIR_CODES.get(code, code)
