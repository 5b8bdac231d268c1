"""Rules stand in for a model: tasks by name, answers checked."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import JsonValue

from intake.errors import ProviderRefusedError
from intake.providers.embedded.rules import RulesEngine
from intake.providers.ports import CompletionRequest, Need, ProviderKind

SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "changes": {"type": "array", "items": {"enum": ["filler", "repetition"]}},
    },
    "required": ["text", "changes"],
    "additionalProperties": False,
}


def request(task: str = "sanitize") -> CompletionRequest:
    return CompletionRequest(
        task=task,
        prompt_version="1",
        instructions="Take out fillers.",
        data={"text": "um, hello"},
        answer_schema=SCHEMA,
        max_output_tokens=100,
    )


def without_fillers(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": str(data["text"]).removeprefix("um, "), "changes": ["filler"]}


def test_a_known_task_is_answered_by_its_function() -> None:
    answer = RulesEngine({"sanitize": without_fillers}).call(request()).value.answer

    assert answer == {"text": "hello", "changes": ["filler"]}


def test_an_unknown_task_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ProviderRefusedError, match=r"no rules for the task compose \(known: sanitize\)"):
        RulesEngine({"sanitize": without_fillers}).call(request("compose"))


@pytest.mark.parametrize("answer", [{"text": "x"}, {"text": 1, "changes": []}, {"text": "x", "changes": ["other"]}])
def test_an_answer_outside_the_schema_is_refused_without_quoting_it(answer: dict[str, Any]) -> None:
    with pytest.raises(ProviderRefusedError, match="do not fit its schema") as caught:
        RulesEngine({"sanitize": lambda _: answer}).call(request())

    assert "other" not in caught.value.detail


def test_rules_may_be_used_in_every_mode() -> None:
    engine = RulesEngine({})

    assert engine.kind is ProviderKind.BUILTIN
    assert engine.missing() is None
    assert engine.obstacle(Need()) is None
