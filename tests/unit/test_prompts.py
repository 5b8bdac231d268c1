"""A prompt that says something else has another version: answers to the old one must not be given again."""

from __future__ import annotations

import hashlib

import pytest

from intake import prompts
from intake.inputs import sanitization
from intake.providers.openai.completion import ChatCompleter
from intake.providers.openai.translation import ChatTranslator

PUBLISHED = {
    "data-1": "fe396512647caad52fd9b2ead9a3978b726f97b02bc2a627badc3c50264b2730",
    "sanitize-1": "87fd2ad460ca86c581c217c412d48ce16a93625650bc26f8bd8043d3ffa65562",
    "translate-1": "b8200f31d94bdd53c0371312287c9eee46cdfdcdbca32654df4b3fd9e82bd065",
}
"""SHA-256 of each version's text. A new version takes a new line, beside a file with the next number."""


def test_every_prompt_is_known_and_there_is_one_of_each() -> None:
    files = sorted(path.stem for path in prompts.FOLDER.glob("*.md"))

    assert set(files) <= set(PUBLISHED), "add the new version to PUBLISHED"
    assert len({name.rpartition("-")[0] for name in files}) == len(files), "take the old version away"


@pytest.mark.parametrize("name", ["data", "sanitize", "translate"])
def test_a_version_keeps_its_text(name: str) -> None:
    found = prompts.prompt(name)
    digest = hashlib.sha256(found.text.encode()).hexdigest()

    assert digest == PUBLISHED[found.version], (
        f"{found.version} says something else: rename its file to the next number"
    )


def test_versions_are_part_of_what_answers_are_kept_under() -> None:
    assert prompts.prompt("translate").version in ChatTranslator.version
    assert prompts.prompt("data").version in ChatTranslator.version
    assert prompts.prompt("data").version in ChatCompleter.version
    assert prompts.prompt("sanitize").version == sanitization.PROMPT_VERSION


def test_a_name_without_a_file_is_an_error() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        prompts.prompt("summarize")
