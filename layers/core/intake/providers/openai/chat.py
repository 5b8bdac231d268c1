"""A question to a chat model, answered as JSON that fits a schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from intake.errors import ProviderRefusedError, TransientError, UnsupportedInputError
from intake.money import Usage
from intake.providers.answer_schema import Schema, ensure_strict, violation
from intake.providers.openai.service import Service

LARGEST_INPUT_TOKENS = 272_000
"""Above it OpenAI bills twice the price, which no reservation covers."""
TEMPLATE_TOKENS = 256
"""Bound of what a service adds of its own: a few tokens a message, and its words around the schema."""
SCHEMA_FACTOR = 2
"""The schema becomes part of the prompt in a form of the service's choice: counted twice, to be above any."""

# OpenAI's words, and Gemini's own, which its compatible endpoint passes through.
_FINISHED = frozenset({"stop"})
_FILTERED = frozenset({"content_filter", "safety", "recitation", "blocklist", "prohibited_content", "spii"})
_TRUNCATED = frozenset({"length", "max_tokens"})


@dataclass(frozen=True)
class Question:
    """What is asked: instructions of ours, data of a stranger, and the form of the answer."""

    name: str
    instructions: str
    data: Mapping[str, Any]
    answer_schema: Schema
    max_output_tokens: int


@dataclass(frozen=True)
class Answer:
    """JSON that fits the schema, and what it costs."""

    value: dict[str, Any]
    usage: Usage


class _PromptDetails(BaseModel):
    cache_write_tokens: int = Field(0, ge=0)


class BilledTokens(BaseModel):
    """The ``usage`` of a chat answer."""

    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)
    total_tokens: int = Field(ge=0)
    prompt_tokens_details: _PromptDetails | None = None

    def as_usage(self) -> Usage:
        """Return the tokens that are paid for."""
        written = self.prompt_tokens_details.cache_write_tokens if self.prompt_tokens_details else 0
        return Usage(
            # Tokens written to the provider's prompt cache are billed at 1.25 times the price.
            input_tokens=self.prompt_tokens + -(-written // 4),
            # Gemini leaves what the model thought out of completion_tokens, but counts and bills it in the total.
            output_tokens=max(self.completion_tokens, self.total_tokens - self.prompt_tokens),
        )


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    finish_reason: str
    message: _Message


class _Choices(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


@dataclass(frozen=True)
class ChatModel:
    """A model behind ``/chat/completions``.

    Parameters
    ----------
    service
        Where it is.
    model
        Its name there.
    instruction_role
        The role that outranks the user's: ``developer`` for OpenAI's models, ``system`` for others.
    reasoning_effort
        How much the model thinks first, in the service's own words; empty to leave the choice to it. What it thinks
        counts against ``max_output_tokens``.
    """

    service: Service
    model: str
    instruction_role: str
    reasoning_effort: str = ""

    def largest_usage(self, question: Question) -> Usage:
        """Return an upper bound of the tokens billed for a question.

        Models of both services cut text into pieces of at least one byte of its UTF-8 (byte-level BPE; SentencePiece
        with byte fallback), so that bytes bound tokens. A quarter is added for input written to the prompt cache,
        which OpenAI bills at 1.25 times the price.
        """
        schema = json.dumps(question.answer_schema, ensure_ascii=False)
        bound = _bytes(question.instructions, _as_json(question.data)) + SCHEMA_FACTOR * _bytes(schema)
        return Usage(
            input_tokens=-(-(bound + TEMPLATE_TOKENS) * 5 // 4),
            output_tokens=question.max_output_tokens,
        )

    def ask(self, question: Question) -> Answer:
        """Ask once.

        Raises
        ------
        ProviderRefusedError
            The model or its content filter refused; ``billed`` all the same.
        TransientError
            The answer is cut off, is no JSON or does not fit the schema; ``billed`` all the same.
        UnsupportedInputError
            The text is longer than the model takes at its price, or is no valid Unicode.
        ConfigurationError
            The schema is not one for strict mode.
        """
        ensure_strict(question.answer_schema)
        largest = self.largest_usage(question)
        if largest.input_tokens > LARGEST_INPUT_TOKENS:
            raise UnsupportedInputError(f"The text is too long for {self.service.name}: shorten or split it.")
        document = self._document(self.service.post("/chat/completions", self._body(question)))
        usage = _usage(document) or largest
        return Answer(value=self._checked(self._content(document, usage), question.answer_schema, usage), usage=usage)

    def _body(self, question: Question) -> dict[str, object]:
        body: dict[str, object] = {
            "model": self.model,
            "messages": [
                {"role": self.instruction_role, "content": question.instructions},
                {"role": "user", "content": _as_json(question.data)},
            ],
            "max_completion_tokens": question.max_output_tokens,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": question.name, "strict": True, "schema": question.answer_schema},
            },
        }
        if self.reasoning_effort:
            body["reasoning_effort"] = self.reasoning_effort
        return body

    def _document(self, body: bytes) -> dict[str, object]:
        document = _read_json(body)
        if not isinstance(document, dict):
            raise TransientError(f"{self.service.name} gave an answer that is not a JSON object.")
        return document

    def _content(self, document: dict[str, object], usage: Usage) -> str:
        name = self.service.name
        try:
            choice = _Choices.model_validate(document).choices[0]
        except ValidationError:
            choice = None
        if choice is None:
            raise TransientError(f"{name} gave an answer in an unknown form.", billed=usage)
        reason = choice.finish_reason.lower()
        if choice.message.refusal:
            raise ProviderRefusedError(f"The model of {name} refused to answer.", billed=usage)
        if reason in _FILTERED:
            raise ProviderRefusedError(f"The content filter of {name} stopped the answer.", billed=usage)
        if reason in _TRUNCATED:
            raise TransientError(f"The answer of {name} was cut off at its limit of tokens.", billed=usage)
        if reason not in _FINISHED or choice.message.content is None:
            raise TransientError(f"{name} gave no answer.", billed=usage)
        return choice.message.content

    def _checked(self, content: str, schema: Schema, usage: Usage) -> dict[str, Any]:
        answer = _read_json(content)
        if not isinstance(answer, dict):
            raise TransientError(f"The model of {self.service.name} did not answer with a JSON object.", billed=usage)
        broken = violation(answer, schema)
        if broken is not None:
            raise TransientError(f"The answer of {self.service.name} breaks its schema ({broken}).", billed=usage)
        return answer


def _read_json(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # a model that repeats itself may answer with ten thousand brackets
        return None


def _usage(document: dict[str, object]) -> Usage | None:
    try:
        return BilledTokens.model_validate(document.get("usage")).as_usage()
    except ValidationError:
        return None


def _as_json(data: Mapping[str, Any]) -> str:
    # Not escaped to ASCII: "\u00e9" is six tokens where "é" is one.
    return json.dumps(data, ensure_ascii=False)


def _bytes(*texts: str) -> int:
    try:
        return sum(len(text.encode()) for text in texts)
    except UnicodeEncodeError:
        raise UnsupportedInputError("The text holds half of a surrogate pair: it is no valid Unicode.") from None
