"""`complete` by Intake's own rules: named tasks, each a pure function, no model."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import JsonValue

from intake.errors import ProviderRefusedError
from intake.providers.embedded._engine import Engine
from intake.providers.ports import Capability, Completion, CompletionRequest, Need, ProviderKind, Reply

Rule = Callable[[Mapping[str, JsonValue]], dict[str, Any]]
"""Turns the data of a request into its answer."""

_TYPES: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "object": (dict,),
        "array": (list, tuple),
        "string": (str,),
        "boolean": (bool,),
        "integer": (int,),
        "number": (int, float),
        "null": (type(None),),
    }
)


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
        return None if self._tasks else "no rules are set up"

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
        if misfit := _misfit(answer, request.answer_schema, request.answer_schema, "answer"):
            raise ProviderRefusedError(f"The rules for {request.task} do not fit its schema: {misfit}")
        return Reply(value=Completion(answer=answer))


def _misfit(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], path: str) -> str | None:
    """Say where a value does not fit a JSON schema, or None if it does.

    Only the keywords that Intake's answer schemas are made of are known: type, enum, const, anyOf, properties, required,
    additionalProperties, items, and references within the schema.
    """
    if "$ref" in schema:
        target: Any = root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        return _misfit(value, target, root, path)
    if "anyOf" in schema:
        found = [_misfit(value, choice, root, path) for choice in schema["anyOf"]]
        return None if None in found else found[0]
    allowed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if allowed is not None and value not in allowed:
        return f"{path} is not one of the allowed values"
    return _wrong_type(value, schema, path) or _wrong_part(value, schema, root, path)


def _wrong_type(value: Any, schema: Mapping[str, Any], path: str) -> str | None:
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if not names:
        return None
    # True is an int in Python, and is not one in JSON.
    fits = any(isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool)) for name in names)
    return None if fits else f"{path} is not of type {' or '.join(names)}"


def _wrong_part(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], path: str) -> str | None:
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        if missing := [key for key in schema.get("required", ()) if key not in value]:
            return f"{path}.{missing[0]} is missing"
        unknown = [key for key in value if key not in properties]
        if unknown and schema.get("additionalProperties") is False:
            return f"{path}.{unknown[0]} is not expected"
        parts = ((f"{path}.{key}", part, properties[key]) for key, part in value.items() if key in properties)
    elif isinstance(value, (list, tuple)) and "items" in schema:
        parts = ((f"{path}[{place}]", part, schema["items"]) for place, part in enumerate(value))
    else:
        return None
    return next((misfit for name, part, rule in parts if (misfit := _misfit(part, rule, root, name))), None)
