"""What language models are told: the files of `intake.prompts`, joined with the rules for the data that comes along."""

from __future__ import annotations

from intake.prompts import prompt

_RULES = prompt("data")
_TRANSLATION = prompt("translate")

COMPLETION_VERSION = _RULES.version
"""A task's own prompt has its version in the request."""
TRANSLATION_VERSION = f"{_TRANSLATION.version}-{_RULES.version}"

TRANSLATION = f"{_TRANSLATION.text}\n\n{_RULES.text}"


def completion(instructions: str) -> str:
    """Join the instructions of a task with the rules for the data that comes with it."""
    return f"{instructions}\n\n{_RULES.text}"
