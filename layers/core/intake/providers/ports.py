"""What Intake asks of outside services: six capabilities, each a request and an answer in Intake's own terms.

An adapter implements `Provider` for one capability of one service. It makes one call, without a retry, within its own
time limit; it classifies failures once, by status and code, into the errors of `intake.errors`; it reports the usage
that the service bills. Nothing else knows the service's wire format.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from intake.money import Usage


class Capability(StrEnum):
    """What can be asked of a provider."""

    TRANSCRIBE = "transcribe"
    TRANSLATE = "translate"
    SYNTHESIZE = "synthesize"
    COMPLETE = "complete"
    PARSE = "parse"
    EMBED = "embed"


class ProviderKind(StrEnum):
    """Where a provider's answers come from; decides in which modes and stages it may be used."""

    REMOTE = "remote"
    """A service on the network, paid for."""
    EMBEDDED = "embedded"
    """An engine on this machine: free, offline, and of lower quality than a remote service."""
    BUILTIN = "builtin"
    """Deterministic code in Intake's own packages (rules, PDF text): it invents nothing and runs everywhere."""
    MOCK = "mock"
    """A deterministic double, for tests only."""


class _Value(BaseModel):
    """A request or an answer: immutable, comparable, and the same JSON for the same content."""

    # Schemas are built at first use: building them all would double the import time of every function.
    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64", defer_build=True
    )

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content, in hexadecimal: equal requests have equal fingerprints."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class TranscriptionRequest(_Value):
    """Speech to be written down. ``language`` is ISO 639-1, or None to have it detected."""

    audio: bytes = Field(repr=False)
    media_type: str
    language: str | None = None


class Transcript(_Value):
    """Speech written down.

    ``confidence`` is the provider's own, 0 to 1, or None where it gives none. ``language`` is ISO 639-1 where there is
    such a code, ``und`` where nobody told. ``duration_seconds`` is 0 where neither the provider nor the file tells.
    """

    text: str = Field(repr=False)
    language: str
    confidence: float | None
    duration_seconds: float


class TranslationRequest(_Value):
    """A text to be translated; ``glossary`` gives the wanted words for terms of the source."""

    text: str = Field(repr=False)
    source_language: str
    target_language: str
    glossary: Mapping[str, str] = Field(default_factory=dict)


class Translation(_Value):
    """A translated text. ``untranslated`` are the words the provider says it left as they were."""

    text: str = Field(repr=False)
    confidence: float | None = None
    untranslated: tuple[str, ...] = Field(default=(), repr=False)


class SpeechRequest(_Value):
    """A text to be spoken; ``voice`` is the provider's name of one, or None for its default.

    ``media_type`` is ``audio/mpeg`` or ``audio/wav``, or None for what the provider makes by itself.
    """

    text: str = Field(repr=False)
    language: str
    voice: str | None = None
    media_type: str | None = None


class Speech(_Value):
    """A spoken text."""

    audio: bytes = Field(repr=False)
    media_type: str
    duration_seconds: float | None = None


class CompletionRequest(_Value):
    """A task for a language model, answered as JSON that fits ``answer_schema``.

    Untrusted text goes into ``data`` only, never into ``instructions``: an adapter sends the two apart, and quotes the
    data as data. ``task`` names the job (``sanitize``), for engines that know it by name instead of by instructions.
    """

    task: str
    prompt_version: str
    instructions: str = Field(repr=False)
    data: Mapping[str, JsonValue] = Field(repr=False)
    answer_schema: Mapping[str, JsonValue] = Field(repr=False)
    max_output_tokens: int = Field(gt=0)


class Completion(_Value):
    """A model's answer: JSON that was checked against the schema of the request."""

    answer: dict[str, Any] = Field(repr=False)


class ParseRequest(_Value):
    """A document whose text is wanted. ``media_type`` comes from its bytes, never from its name."""

    document: bytes = Field(repr=False)
    media_type: str
    language: str | None = None


class ParsedPage(_Value):
    """The text of one page, or why there is none; ``number`` counts from 1."""

    number: int = Field(ge=1)
    text: str = Field(default="", repr=False)
    error: str | None = None


class ParsedDocument(_Value):
    """The text of a document, page by page."""

    pages: tuple[ParsedPage, ...]


class EmbeddingRequest(_Value):
    """Texts to be turned into vectors, none empty. ``is_query`` tells engines that treat questions apart."""

    texts: tuple[str, ...] = Field(min_length=1, repr=False)
    is_query: bool = False


class Embeddings(_Value):
    """Unit vectors, one a text, in the order of the request.

    ``packed`` holds ``len(texts) × dimension`` little-endian float32, row after row: 4 bytes a number, where JSON
    would take 20.
    """

    dimension: int = Field(gt=0)
    packed: bytes = Field(repr=False)


ANSWER_TYPES: Mapping[Capability, type[_Value]] = {
    Capability.TRANSCRIBE: Transcript,
    Capability.TRANSLATE: Translation,
    Capability.SYNTHESIZE: Speech,
    Capability.COMPLETE: Completion,
    Capability.PARSE: ParsedDocument,
    Capability.EMBED: Embeddings,
}

RequestT_contra = TypeVar("RequestT_contra", bound=_Value, contravariant=True)
AnswerT = TypeVar("AnswerT", bound=_Value)


class Reply(BaseModel, Generic[AnswerT]):
    """A provider's answer and what it bills for it."""

    model_config = ConfigDict(frozen=True)

    value: AnswerT
    usage: Usage = Usage()


class Need(BaseModel):
    """What a job needs of a provider, without the text, audio or document itself: enough to route by."""

    model_config = ConfigDict(frozen=True)

    source_language: str | None = None
    target_language: str | None = None
    media_type: str | None = None
    has_text_layer: bool = True
    """Of a document: whether it carries its own text, or is a picture of one."""
    size: int = 0
    """Characters of a text, or bytes of a file."""
    complexity: float = 0.0
    """How hard a text is to get right, from 0 (a greeting) to 1 (long, full of facts and negations)."""
    may_wait: bool = False
    """Whether the answer may come later, by a job (`intake.providers.jobs`)."""


class Provider(Protocol[RequestT_contra, AnswerT]):
    """One capability of one service.

    ``model`` names what the service runs (``gpt-5.6-luna``) and gives the price; ``version`` changes when the adapter's
    own behaviour does (its prompt, say). Both are part of the cache key.
    """

    @property
    def name(self) -> str: ...

    @property
    def capability(self) -> Capability: ...

    @property
    def kind(self) -> ProviderKind: ...

    @property
    def model(self) -> str: ...

    @property
    def version(self) -> str: ...

    def missing(self) -> str | None:
        """Say in words what this provider lacks to work at all (a key, an engine on this machine), or None."""
        ...

    def obstacle(self, need: Need) -> str | None:
        """Say in words why this provider can never do such a job (a language, a kind of file), or None if it can."""
        ...

    def largest_usage(self, request: RequestT_contra) -> Usage:
        """Return an upper bound of what the call can be billed, so that a reservation always covers the cost."""
        ...

    def call(self, request: RequestT_contra) -> Reply[AnswerT]:
        """Make the call, once.

        Raises
        ------
        ProviderError
            One of its subclasses, by what failed; with ``billed`` where the provider charges all the same.
        UnsupportedInputError
            The request itself is at fault.
        """
        ...


AnyProvider = Provider[Any, Any]
