"""`complete` by Intake's own rules: named tasks, each a pure function, no model."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue

from intake.errors import ProviderRefusedError
from intake.providers.answer_schema import violation
from intake.providers.embedded._engine import Engine
from intake.providers.ports import Capability, Completion, CompletionRequest, Need, ProviderKind, Reply

Rule = Callable[[Mapping[str, JsonValue]], dict[str, Any]]
"""Turns the data of a request into its answer."""


class RulesEngine(Engine):
    """Answer tasks by name; instructions are for models and are not read.

    Parameters
    ----------
    tasks
        The function of each task. They belong to the domain; whoever wires Intake together passes them in.
    """

    name = "rules"
    capability = Capability.COMPLETE
    kind = ProviderKind.BUILTIN
    model = "rules"

    def __init__(self, tasks: Mapping[str, Rule]) -> None:
        self._tasks = dict(tasks)

    def engine_version(self) -> str:
        return f"Python {platform.python_version()}"

    def obstacle(self, need: Need) -> str | None:
        return None

    def call(self, request: CompletionRequest) -> Reply[Completion]:
        """Answer a task.

        Raises
        ------
        ProviderRefusedError
            There are no rules for the task, or their answer does not fit the schema of the request.
        """
        rule = self._tasks.get(request.task)
        if rule is None:
            known = ", ".join(sorted(self._tasks)) or "none"
            raise ProviderRefusedError(f"There are no rules for the task {request.task} (known: {known})")
        answer = rule(request.data)
        if broken := violation(answer, request.answer_schema):
            raise ProviderRefusedError(f"The rules for {request.task} do not fit its schema: {broken}")
        return Reply(value=Completion(answer=answer))
