"""Speech to text by ElevenLabs Scribe, waited for, and what its answers mean."""

from __future__ import annotations

from pydantic import BaseModel, Field, ValidationError

from intake.errors import ProviderRefusedError, TransientError
from intake.money import Usage
from intake.providers import sound
from intake.providers.confidence import geometric_mean
from intake.providers.elevenlabs.service import Service
from intake.providers.language_codes import two_letters
from intake.providers.ports import Capability, Need, ProviderKind, Reply, Transcript, TranscriptionRequest


class _Word(BaseModel):
    type: str
    logprob: float = Field(le=0)
    end: float | None = None


class _Answer(BaseModel):
    text: str
    language_code: str
    language_probability: float = Field(ge=0, le=1)
    words: list[_Word]
    audio_duration_secs: float | None = Field(None, ge=0)


class ScribeTranscriber:
    """Writes speech down in any language that Scribe knows, of which there are more than 90."""

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
            return f"{self.name} is not sent {need.media_type}"
        return None

    def largest_usage(self, request: TranscriptionRequest) -> Usage:
        return Usage(audio_milliseconds=sound.most_milliseconds(request.audio))

    def call(self, request: TranscriptionRequest) -> Reply[Transcript]:
        """Write down the speech.

        ``confidence`` is the geometric mean of the probabilities of the words. Where the language was left open it is
        no more than the probability of the language: words that are sure in the wrong language are not. None where
        nothing was heard.
        """
        name = sound.file_name(request.media_type)
        if name is None:
            raise ProviderRefusedError(f"{self.name} is not sent {request.media_type}.")
        fields = {
            "model_id": self.model,
            "tag_audio_events": "false",  # "(laughter)" is no word of the caller's
            "timestamps_granularity": "word",  # without timestamps there would be no words, and no probabilities
        }
        if request.language is not None:
            fields["language_code"] = request.language
        body = self._service.post_form(
            "/v1/speech-to-text", fields, sound.SoundFile(name, request.audio, request.media_type)
        )
        reply = read_transcript(
            body, language_is_given=request.language is not None, length=sound.seconds(request.audio)
        )
        return reply if reply.usage != Usage() else reply.model_copy(update={"usage": self.largest_usage(request)})


def read_transcript(body: bytes, *, language_is_given: bool, length: float | None = None) -> Reply[Transcript]:
    """Read a transcript as Scribe gives it.

    Parameters
    ----------
    body
        JSON.
    length
        Seconds, where the recording itself tells them.

    Returns
    -------
    Reply
        Its usage is empty where nothing tells how long the recording is.

    Raises
    ------
    TransientError
        It has another form.
    """
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError:
        answer = None
    if answer is None:
        raise TransientError("elevenlabs gave a transcript in an unknown form.")
    duration = _duration(answer, length)
    transcript = Transcript(
        text=answer.text.strip(),
        language=two_letters(answer.language_code),
        confidence=_confidence(answer, language_is_given=language_is_given),
        duration_seconds=duration,
    )
    usage = Usage(audio_milliseconds=sound.milliseconds(duration)) if duration else Usage()
    return Reply(value=transcript, usage=usage)


def _confidence(answer: _Answer, *, language_is_given: bool) -> float | None:
    of_words = geometric_mean([word.logprob for word in answer.words if word.type == "word"])
    return of_words if language_is_given or of_words is None else min(of_words, round(answer.language_probability, 3))


def _duration(answer: _Answer, length: float | None) -> float:
    """Return the seconds that the service counted; else those of the file, else the end of the last word."""
    if answer.audio_duration_secs is not None:
        return answer.audio_duration_secs
    return length or max((word.end or 0.0 for word in answer.words), default=0.0)
