"""The check of an answer against its schema: what fits, what does not, and that nothing of the answer is repeated."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import ConfigurationError
from intake.providers.answer_schema import ensure_strict, violation

CASES: list[tuple[dict[str, Any], object, str | None]] = [
    ({"type": "string"}, "x", None),
    ({"type": "string"}, 1, "$: type"),
    ({"type": ["string", "null"]}, None, None),
    ({"type": "integer"}, 3.0, None),
    ({"type": "integer"}, 3.5, "$: type"),
    ({"type": "integer"}, 10**400, None),
    ({"type": "number"}, True, "$: type"),
    ({"type": "boolean"}, 0, "$: type"),
    ({"type": "number", "minimum": 0, "maximum": 1}, 1, None),
    ({"type": "number", "minimum": 0}, -0.1, "$: minimum"),
    ({"type": "number", "exclusiveMaximum": 1}, 1, "$: exclusiveMaximum"),
    ({"enum": ["a", "b"]}, "c", "$: enum"),
    ({"const": 1}, True, "$: const"),
    ({"type": "string", "pattern": "^[a-z]+$"}, "A", "$: pattern"),
    ({"type": "string", "maxLength": 2}, "abc", "$: maxLength"),
    ({"type": "array", "items": {"type": "string"}}, ["a", 1], "$[1]: type"),
    ({"type": "array", "items": {"type": "string"}, "minItems": 1}, [], "$: minItems"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 5, "$: anyOf"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, None, None),
    ({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}, {}, "$: required"),
    ({"type": "object", "properties": {}, "additionalProperties": False}, {"x": 1}, "$: additionalProperties"),
    ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": 1}, "$.a: type"),
    ({"$ref": "#/$defs/A", "$defs": {"A": {"type": "string"}}}, 1, "$: type"),
]


@pytest.mark.parametrize(("schema", "answer", "broken"), CASES, ids=[f"{index}" for index in range(len(CASES))])
def test_an_answer_is_checked(schema: dict[str, Any], answer: object, broken: str | None) -> None:
    assert violation(answer, schema) == broken


def test_a_recursive_schema_is_followed_as_deep_as_the_answer() -> None:
    tree = {
        "type": "object",
        "properties": {"children": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}},
        "required": ["children"],
        "additionalProperties": False,
    }
    schema = {**tree, "$defs": {"Tree": tree}}

    ensure_strict(schema)
    assert violation({"children": [{"children": []}]}, schema) is None
    assert violation({"children": [{"children": [{}]}]}, schema) == "$.children[0].children[0]: required"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists))
def test_no_json_value_upsets_the_check(answer: object) -> None:
    for schema, _, _ in CASES:
        violation(answer, schema)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {}, "required": []},
        {"type": "array", "items": {"type": "object", "properties": {"a": {}}, "additionalProperties": False}},
        {"anyOf": [{"type": "string", "contentEncoding": "base64"}]},
        {"$ref": "https://example.org/schema"},
    ],
    ids=["open", "optional", "keyword", "reference"],
)
def test_a_schema_that_cannot_be_checked_in_full_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        ensure_strict(schema)
