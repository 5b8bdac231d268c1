"""What language models are told, one file a prompt: ``translate-1.md`` is version 1 of ``translate``.

The version is part of the cache key, so a text that changes takes the next number in its file's name; a test holds
each version to its text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Prompt:
    """A text for a model, and the version that names it in cache keys."""

    version: str
    text: str


@cache
def prompt(name: str) -> Prompt:
    """Return the prompt of a name; there is one file of each.

    Raises
    ------
    ValueError
        There is no such file, or more than one.
    """
    (path,) = FOLDER.glob(f"{name}-[0-9]*.md")
    return Prompt(version=path.stem, text=path.read_text(encoding="utf-8").strip())
