"""Speech to text by one of OpenAI's transcription models."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from intake.errors import ProviderRefusedError, TransientError
from intake.money import Usage
from intake.providers import sound
from intake.providers.confidence import geometric_mean
from intake.providers.language_codes import two_letters
from intake.providers.openai.service import Service
from intake.providers.ports import Capability, Need, ProviderKind, Reply, Transcript, TranscriptionRequest

# https://platform.openai.com/docs/guides/speech-to-text, November 2026
MOST_BYTES = 25_000_000
CONTEXT_TOKENS, MOST_OUTPUT_TOKENS = 16_000, 2_000
"""What the models that are billed by tokens read and write at most."""
TELLING_PROBABILITIES = frozenset({"gpt-4o-transcribe", "gpt-4o-mini-transcribe"})
"""Models that give a probability for each token when asked; the same are billed by tokens, and cut off in silence."""
UNDETERMINED = "und"
"""ISO 639's word for a language that nobody told."""


class _Language(BaseModel):
    code: str


class _Token(BaseModel):
    logprob: float = Field(le=0)


class _Billed(BaseModel):
    type: Literal["tokens", "duration"]
    seconds: float = Field(0.0, ge=0)
    input_tokens: int = Field(0, ge=0)
    output_tokens: int = Field(0, ge=0)


class _Answer(BaseModel):
    text: str
    languages: list[_Language] = []
    logprobs: list[_Token] | None = None
    usage: _Billed | None = None


class OpenAITranscriber:
    """Writes speech down, in files of up to 25 MB."""

    capability = Capability.TRANSCRIBE
    kind = ProviderKind.REMOTE
    version = "1"

    def __init__(self, service: Service, model: str) -> None:
        self._service = service
        self.name = service.name
        self.model = model

    def missing(self) -> str | None:
        return self._service.missing()

    def obstacle(self, need: Need) -> str | None:
        if need.media_type is not None and sound.file_name(need.media_type) is None:
            return f"{self.name} does not read {need.media_type}"
        if need.size > MOST_BYTES:
            return f"{self.name} takes recordings of {MOST_BYTES // 1_000_000} MB, not {need.size:,} bytes"
        return None

    def largest_usage(self, request: TranscriptionRequest) -> Usage:
        """Return a bound of the length, and of the tokens: a model has a price for one of them."""
        length = sound.most_milliseconds(request.audio)
        if self.model in TELLING_PROBABILITIES:
            return Usage(audio_milliseconds=length, input_tokens=CONTEXT_TOKENS, output_tokens=MOST_OUTPUT_TOKENS)
        return Usage(audio_milliseconds=length)

    def call(self, request: TranscriptionRequest) -> Reply[Transcript]:
        """Write down the speech.

        ``confidence`` is the geometric mean of the probabilities of the tokens, from models that tell them.

        Raises
        ------
        ProviderRefusedError
            The recording is too large, no known sound, or longer than the model writes down at once (``billed``):
            another provider may take it.
        """
        if obstacle := self.obstacle(Need(media_type=request.media_type, size=len(request.audio))):
            raise ProviderRefusedError(f"{obstacle}.")
        file = sound.SoundFile(sound.file_name(request.media_type) or "", request.audio, request.media_type)
        try:
            answer = _Answer.model_validate_json(
                self._service.post_form("/audio/transcriptions", self._fields(request), file)
            )
        except ValidationError:
            answer = None
        if answer is None:
            raise TransientError(f"{self.name} gave a transcript in an unknown form.")
        usage = self._usage(answer.usage, request)
        if self.model in TELLING_PROBABILITIES and usage.output_tokens >= MOST_OUTPUT_TOKENS:
            raise ProviderRefusedError(f"The recording is longer than {self.model} writes down at once.", billed=usage)
        heard = answer.languages[0].code if answer.languages else request.language or UNDETERMINED
        transcript = Transcript(
            text=answer.text.strip(),
            language=two_letters(heard),
            confidence=geometric_mean([token.logprob for token in answer.logprobs or ()]),
            duration_seconds=(answer.usage.seconds if answer.usage else 0) or sound.seconds(request.audio) or 0.0,
        )
        return Reply(value=transcript, usage=usage)

    def _fields(self, request: TranscriptionRequest) -> dict[str, object]:
        fields: dict[str, object] = {"model": self.model, "response_format": "json"}
        if request.language is not None and len(request.language) == 2:
            fields["language"] = request.language
        if self.model in TELLING_PROBABILITIES:
            fields["include"] = ["logprobs"]
        return fields

    def _usage(self, billed: _Billed | None, request: TranscriptionRequest) -> Usage:
        if billed is None:
            return self.largest_usage(request)
        if billed.type == "duration":
            return Usage(audio_milliseconds=sound.milliseconds(billed.seconds))
        if self.model not in TELLING_PROBABILITIES:  # a price by the minute, and no minutes told
            return self.largest_usage(request)
        return Usage(input_tokens=billed.input_tokens, output_tokens=billed.output_tokens)
