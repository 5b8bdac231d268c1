"""What a schema found wrong with a request, in words for whoever wrote it: fields and remedies, and never a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from intake.errors import FieldError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")

_WORDS = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field here. Remove it, or check its spelling.",
    "string_type": "Send a text, in JSON a string.",
    "int_type": "Send a whole number, without quotes.",
    "int_parsing": "Send a whole number.",
    "int_from_float": "Send a whole number.",
    "float_type": "Send a number, without quotes.",
    "float_parsing": "Send a number.",
    "bool_type": "Send true or false.",
    "list_type": "Send a list.",
    "dict_type": "Send an object.",
    "model_type": "Send an object.",
    "string_unicode": "Send text that can be written in UTF-8.",
    # In braces, what the schema says of its limits; never what was sent.
    "string_too_short": "This is too short. Send {min_length} character or more.",
    "string_too_long": "Send at most {max_length} characters.",
    "too_short": "Send at least {min_length} of them.",
    "too_long": "Send at most {max_length} of them; these are {actual_length}.",
    "less_than_equal": "Send a number of at most {le:g}.",
    "greater_than_equal": "Send a number of at least {ge:g}.",
    "literal_error": "Send one of: {expected}.",
    "enum": "Send one of: {expected}.",
    "string_pattern_mismatch": "Send a text of the form {pattern}.",
}


def field_errors(details: Sequence[Any]) -> Iterator[FieldError]:
    """Yield the errors of a ``ValidationError``, taken from it without its input.

    A field that the request made up is named only if it looks like a name: it may be words of a person.
    """
    for detail in details:
        place = ".".join(part if isinstance(part, str) and _is_name(part) else _shown(part) for part in detail["loc"])
        yield FieldError(field=place or "body", message=_message(detail))


def _message(detail: Any) -> str:
    words = _WORDS.get(detail["type"])
    return f"{detail['msg']}." if words is None else words.format(**detail.get("ctx", {}))


def _is_name(part: str) -> bool:
    return _NAME.fullmatch(part) is not None


def _shown(part: object) -> str:
    return str(part) if isinstance(part, int) else "(unnamed)"
