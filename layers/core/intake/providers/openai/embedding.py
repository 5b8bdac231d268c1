"""Embeddings by OpenAI: many texts a request, rows matched by their index, never a placeholder."""

from __future__ import annotations

import base64
import binascii
import math
import struct

from pydantic import BaseModel, Field, ValidationError

from intake.errors import TransientError, UnsupportedInputError
from intake.money import Usage
from intake.providers.openai.service import Service
from intake.providers.ports import Capability, EmbeddingRequest, Embeddings, Need, ProviderKind, Reply

# https://platform.openai.com/docs/api-reference/embeddings/create, November 2026
MOST_TEXTS = 2_048
MOST_TOKENS = 300_000
"""Tokens a request, over all its texts."""
DIMENSIONS = {"text-embedding-3-small": 1_536, "text-embedding-3-large": 3_072}
UNIT_TOLERANCE = 1e-6
"""How far from 1 a length may be through the rounding of float32 alone."""


class _Row(BaseModel):
    index: int
    embedding: str | list[float]


class _Billed(BaseModel):
    prompt_tokens: int = Field(ge=0)


class _Answer(BaseModel):
    data: list[_Row]
    usage: _Billed | None = None


class OpenAIEmbedder:
    """Turns texts into unit vectors with one of OpenAI's embedding models."""

    capability = Capability.EMBED
    kind = ProviderKind.REMOTE
    version = "1"

    def __init__(self, service: Service, model: str) -> None:
        self._service = service
        self.name = service.name
        self.model = model

    def missing(self) -> str | None:
        return self._service.missing()

    def obstacle(self, need: Need) -> str | None:
        return None

    def largest_usage(self, request: EmbeddingRequest) -> Usage:
        """Return an upper bound of the tokens: the model's byte-level BPE makes at most one of each byte of UTF-8."""
        return Usage(input_tokens=sum(_length(text) for text in request.texts))

    def call(self, request: EmbeddingRequest) -> Reply[Embeddings]:
        """Embed all texts in one request.

        Raises
        ------
        UnsupportedInputError
            A text is empty, or there is more than one request may hold: 2,048 texts, or 300,000 tokens, counted as
            bytes of UTF-8, which is never too few.
        """
        largest = self.largest_usage(request)
        _check_limits(request, largest)
        body = {"model": self.model, "input": request.texts, "encoding_format": "base64"}
        try:
            answer = _Answer.model_validate_json(self._service.post("/embeddings", body))
        except ValidationError:
            answer = None
        if answer is None:
            raise TransientError(f"{self.name} gave embeddings in an unknown form.")
        usage = Usage(input_tokens=answer.usage.prompt_tokens) if answer.usage else largest
        rows = {row.index: row.embedding for row in answer.data}
        if len(answer.data) != len(request.texts) or rows.keys() != set(range(len(request.texts))):
            raise TransientError(f"{self.name} did not give one embedding for each text.", billed=usage)
        try:
            vectors = [_unit(_numbers(rows[index])) for index in range(len(request.texts))]
        except (ValueError, struct.error):
            vectors = []
        dimension = DIMENSIONS.get(self.model, len(vectors[0]) // 4 if vectors else 0)
        if not vectors or any(len(vector) != 4 * dimension for vector in vectors):
            raise TransientError(f"{self.name} gave an embedding that is not a vector of its model.", billed=usage)
        return Reply(value=Embeddings(dimension=dimension, packed=b"".join(vectors)), usage=usage)


def _check_limits(request: EmbeddingRequest, largest: Usage) -> None:
    if len(request.texts) > MOST_TEXTS:
        raise UnsupportedInputError(f"{len(request.texts)} texts are too many for one request: at most {MOST_TEXTS}.")
    for position, text in enumerate(request.texts):
        if not text:
            raise UnsupportedInputError(f"Text {position} is empty: there is nothing to embed.")
    if largest.input_tokens > MOST_TOKENS:
        raise UnsupportedInputError(
            f"{largest.input_tokens} bytes of text are too many for one request: split it below {MOST_TOKENS}."
        )


def _length(text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        raise UnsupportedInputError("A text holds half of a surrogate pair: it is no valid Unicode.") from None


def _numbers(embedding: str | list[float]) -> tuple[float, ...]:
    """Read a row as numbers; the API encodes them as little-endian float32 in base64.

    Raises
    ------
    ValueError
        The base64 is damaged.
    struct.error
        The bytes are no whole number of float32, or a number is beyond them.
    """
    if isinstance(embedding, list):
        return tuple(embedding)
    try:
        packed = base64.b64decode(embedding, validate=True)
    except binascii.Error:
        raise ValueError("damaged base64") from None
    return struct.unpack(f"<{len(packed) // 4}f", packed)


def _unit(numbers: tuple[float, ...]) -> bytes:
    """Scale a vector to length 1 and pack it.

    Raises
    ------
    ValueError
        It has no direction: it is empty, zero or not finite.
    """
    length = math.hypot(*numbers)
    if not (math.isfinite(length) and length > 0):
        raise ValueError("a vector without direction")
    if abs(length - 1) > UNIT_TOLERANCE:
        numbers = tuple(number / length for number in numbers)
    return struct.pack(f"<{len(numbers)}f", *numbers)
