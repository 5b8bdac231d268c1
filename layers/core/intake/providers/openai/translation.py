"""Translation by a chat model."""

from __future__ import annotations

from intake.errors import TransientError
from intake.money import Usage
from intake.providers.openai import prompts
from intake.providers.openai.chat import ChatModel, Question
from intake.providers.ports import Capability, Need, ProviderKind, Reply, Translation, TranslationRequest

SMALLEST_OUTPUT_TOKENS = 1_024
"""Room for a short text and for what a model thinks before it answers."""
OUTPUT_TOKENS_PER_BYTE = 2
"""English into a script that tokenizers know badly (Burmese, Amharic) is the worst case: a word of 5 bytes becomes
about 10 tokens. Into English a translation takes less than one token a byte."""

_SCHEMA = {
    "type": "object",
    "properties": {"translation": {"type": "string"}},
    "required": ["translation"],
    "additionalProperties": False,
}


class ChatTranslator:
    """Translates with a chat model, in any pair of languages that the model knows."""

    capability = Capability.TRANSLATE
    kind = ProviderKind.REMOTE
    version = prompts.TRANSLATION_VERSION

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self.name = chat.service.name
        self.model = chat.model

    def missing(self) -> str | None:
        return self._chat.service.missing()

    def obstacle(self, need: Need) -> str | None:
        return None

    def largest_usage(self, request: TranslationRequest) -> Usage:
        return self._chat.largest_usage(_question(request))

    def call(self, request: TranslationRequest) -> Reply[Translation]:
        answer = self._chat.ask(_question(request))
        text = answer.value["translation"]
        if request.text.strip() and not text.strip():
            raise TransientError(f"{self.name} gave an empty translation.", billed=answer.usage)
        return Reply(value=Translation(text=text), usage=answer.usage)


def _question(request: TranslationRequest) -> Question:
    length = len(request.text.encode(errors="replace"))
    return Question(
        name="translation",
        instructions=prompts.TRANSLATION,
        data={
            "source_language": request.source_language,
            "target_language": request.target_language,
            "glossary": dict(request.glossary),
            "text": request.text,
        },
        answer_schema=_SCHEMA,
        max_output_tokens=max(SMALLEST_OUTPUT_TOKENS, OUTPUT_TOKENS_PER_BYTE * length),
    )
