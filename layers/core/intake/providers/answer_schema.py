"""The part of JSON Schema that structured outputs may use, and the check of an answer against it.

OpenAI accepts a subset only (every object closed, every property required; an optional one is nullable), so that the
whole of it can be checked here, and a keyword outside it is an error of ours, found before anything is paid for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from intake.errors import ConfigurationError

Schema = Mapping[str, Any]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_ANNOTATIONS = frozenset({"title", "description", "format", "$defs"})
_IS: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    # JSON has no integer type of its own: 3.0 is one; and Python's True is an int, but no JSON number.
    "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_LIMITS: Mapping[str, Callable[[Any, Any], bool]] = {
    "const": lambda value, limit: bool(value == limit) and isinstance(value, bool) == isinstance(limit, bool),
    "enum": lambda value, limit: value in limit,
    "minimum": lambda value, limit: not _is_number(value) or value >= limit,
    "maximum": lambda value, limit: not _is_number(value) or value <= limit,
    "exclusiveMinimum": lambda value, limit: not _is_number(value) or value > limit,
    "exclusiveMaximum": lambda value, limit: not _is_number(value) or value < limit,
    "minItems": lambda value, limit: not isinstance(value, list) or len(value) >= limit,
    "maxItems": lambda value, limit: not isinstance(value, list) or len(value) <= limit,
    "minLength": lambda value, limit: not isinstance(value, str) or len(value) >= limit,
    "maxLength": lambda value, limit: not isinstance(value, str) or len(value) <= limit,
    "pattern": lambda value, limit: not isinstance(value, str) or re.search(limit, value) is not None,
}
_REFERENCE = "#/$defs/"
_STRUCTURE = frozenset({"$ref", "anyOf", "type", "properties", "required", "additionalProperties", "items"})
_KNOWN = _ANNOTATIONS | _LIMITS.keys() | _STRUCTURE


def ensure_strict(schema: Schema) -> None:
    """Check that a schema may be sent in strict mode and that an answer to it can be checked in full.

    Raises
    ------
    ConfigurationError
        An object is open, a property is not required, or a keyword is outside the subset.
    """
    for part in _parts(schema):
        unknown = part.keys() - _KNOWN
        if unknown:
            raise ConfigurationError(f"An answer schema uses {sorted(unknown)}, outside of what strict mode allows.")
        if not part.get("$ref", _REFERENCE).startswith(_REFERENCE):
            raise ConfigurationError("An answer schema has a $ref outside of its $defs.")
        if "properties" in part or part.get("type") == "object":
            if part.get("additionalProperties") is not False:
                raise ConfigurationError("An answer schema has an object without additionalProperties: false.")
            if set(part.get("required", ())) != set(part.get("properties", {})):
                raise ConfigurationError("An answer schema has a property that is not required: make it nullable.")


def _parts(schema: Schema) -> Iterator[Schema]:
    yield schema
    children = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", ())]
    if "items" in schema:
        children.append(schema["items"])
    for child in children:
        yield from _parts(child)


def violation(answer: object, schema: Schema) -> str | None:
    """Say where an answer breaks the schema and by which rule, without its content; None where it fits."""
    return next(_violations(answer, schema, schema, "$"), None)


def _violations(value: Any, schema: Schema, root: Schema, path: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _violations(value, root["$defs"][schema["$ref"].removeprefix(_REFERENCE)], root, path)
    if "anyOf" in schema and all(any(_violations(value, option, root, path)) for option in schema["anyOf"]):
        yield f"{path}: anyOf"
    types = schema.get("type", ())
    if types and not any(_IS[name](value) for name in ([types] if isinstance(types, str) else types)):
        yield f"{path}: type"
    for keyword, holds in _LIMITS.items():
        if keyword in schema and not holds(value, schema[keyword]):
            yield f"{path}: {keyword}"
    if isinstance(value, dict):
        yield from _violations_of_object(value, schema, root, path)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _violations(item, schema["items"], root, f"{path}[{index}]")


def _violations_of_object(value: dict[str, Any], schema: Schema, root: Schema, path: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    if any(name not in value for name in schema.get("required", ())):
        yield f"{path}: required"
    if schema.get("additionalProperties") is False and value.keys() - properties.keys():
        # The name of an unknown property is the model's own words: not repeated.
        yield f"{path}: additionalProperties"
    for name, part in properties.items():
        if name in value:
            yield from _violations(value[name], part, root, f"{path}.{name}")
