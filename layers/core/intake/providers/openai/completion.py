"""Structured completion by a chat model."""

from __future__ import annotations

import re

from intake.money import Usage
from intake.providers.openai import prompts
from intake.providers.openai.chat import ChatModel, Question
from intake.providers.ports import Capability, Completion, CompletionRequest, Need, ProviderKind, Reply


class ChatCompleter:
    """Does a task with a chat model; the task's own prompt version is part of its request."""

    capability = Capability.COMPLETE
    kind = ProviderKind.REMOTE
    version = prompts.COMPLETION_VERSION

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self.name = chat.service.name
        self.model = chat.model

    def missing(self) -> str | None:
        return self._chat.service.missing()

    def obstacle(self, need: Need) -> str | None:
        return None

    def largest_usage(self, request: CompletionRequest) -> Usage:
        return self._chat.largest_usage(_question(request))

    def call(self, request: CompletionRequest) -> Reply[Completion]:
        answer = self._chat.ask(_question(request))
        return Reply(value=Completion(answer=answer.value), usage=answer.usage)


def _question(request: CompletionRequest) -> Question:
    return Question(
        name=re.sub(r"[^A-Za-z0-9_-]", "_", request.task)[:64],  # what the API allows in a schema's name
        instructions=prompts.completion(request.instructions),
        data=request.data,
        answer_schema=request.answer_schema,
        max_output_tokens=request.max_output_tokens,
    )
