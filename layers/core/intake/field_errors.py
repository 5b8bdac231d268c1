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
    "bool_type": "Send true or false.",
    "list_type": "Send a list.",
    "dict_type": "Send an object.",
    "model_type": "Send an object.",
    "string_unicode": "Send text that can be written in UTF-8.",
}


def field_errors(details: Sequence[Any]) -> Iterator[FieldError]:
    """Yield the errors of a ``ValidationError``, taken from it without its input.

    A field that the request made up is named only if it looks like a name: it may be words of a person.
    """
    for detail in details:
        place = ".".join(part if isinstance(part, str) and _is_name(part) else _shown(part) for part in detail["loc"])
        yield FieldError(field=place or "body", message=_WORDS.get(detail["type"]) or f"{detail['msg']}.")


def _is_name(part: str) -> bool:
    return _NAME.fullmatch(part) is not None


def _shown(part: object) -> str:
    return str(part) if isinstance(part, int) else "(unnamed)"
