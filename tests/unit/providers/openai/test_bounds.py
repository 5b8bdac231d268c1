"""A reservation always covers the cost: the upper bound is never below what is billed."""

from __future__ import annotations

import json

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.money import Usage
from intake.providers.openai.chat import BilledTokens
from intake.providers.openai.prompts import TRANSLATION
from intake.providers.ports import Capability
from intake.providers.remote import remote_providers
from intake.settings import Settings
from tests.unit.providers.openai.requests import SANITIZE_SCHEMA, completion, embedding, translation

PROVIDERS = {
    (provider.capability, provider.name): provider for provider in remote_providers(Settings.model_validate({}))
}
# The worst tokenizer of its family: byte-level BPE with no merges at all, so that every byte is a token.
BYTES_ONLY = tiktoken.Encoding(
    "bytes", pat_str=r"(?s:.)", mergeable_ranks={bytes([byte]): byte for byte in range(256)}, special_tokens={}
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def count(text: str) -> int:
    return len(BYTES_ONLY.encode(text, disallowed_special=()))


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
@pytest.mark.parametrize("name", ["openai", "flash"])
def test_a_translation_never_takes_more_input_than_reserved(name: str, text: str) -> None:
    request = translation(text)
    data = json.dumps(
        {"source_language": "es", "target_language": "en", "glossary": {}, "text": text}, ensure_ascii=False
    )
    schema = json.dumps({"translation": "string"})
    billed = count(TRANSLATION) + count(data) + count(schema) + 4 * 3

    # All of it may be written to the prompt cache, at 1.25 times the price.
    assert PROVIDERS[Capability.TRANSLATE, name].largest_usage(request).input_tokens >= billed * 1.25


@given(text=TEXTS)
@settings(max_examples=100, deadline=None)
def test_a_task_never_takes_more_input_than_reserved(text: str) -> None:
    request = completion(text)
    billed = count(request.instructions) + count(json.dumps(dict(request.data), ensure_ascii=False))
    billed += count(json.dumps(SANITIZE_SCHEMA, indent=1))

    usage = PROVIDERS[Capability.COMPLETE, "openai"].largest_usage(request)

    assert usage.input_tokens >= billed
    assert usage.output_tokens == request.max_output_tokens


@given(texts=st.lists(TEXTS.filter(bool), min_size=1, max_size=5))
@settings(max_examples=100, deadline=None)
def test_embeddings_never_take_more_than_reserved(texts: list[str]) -> None:
    embedder = PROVIDERS[Capability.EMBED, "openai"]

    assert embedder.largest_usage(embedding(*texts)).input_tokens >= sum(count(text) for text in texts)


@pytest.mark.parametrize(
    ("tokens", "usage"),
    [
        ({"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}, Usage(input_tokens=20, output_tokens=5)),
        # Gemini: 572 tokens of thought are in the total only.
        (
            {"prompt_tokens": 20, "completion_tokens": 424, "total_tokens": 1016},
            Usage(input_tokens=20, output_tokens=996),
        ),
        (
            {
                "prompt_tokens": 2_000,
                "completion_tokens": 5,
                "total_tokens": 2_005,
                "prompt_tokens_details": {"cache_write_tokens": 1_537, "cached_tokens": 0},
            },
            Usage(input_tokens=2_385, output_tokens=5),
        ),
        (
            {"prompt_tokens": 9, "completion_tokens": 5, "total_tokens": 14, "prompt_tokens_details": None},
            Usage(input_tokens=9, output_tokens=5),
        ),
    ],
    ids=["plain", "thoughts", "cache-write", "no-details"],
)
def test_what_the_service_bills_is_read_in_full(tokens: dict[str, object], usage: Usage) -> None:
    assert BilledTokens.model_validate(tokens).as_usage() == usage


def test_a_translation_may_be_longer_than_its_source() -> None:
    short, long = (
        PROVIDERS[Capability.TRANSLATE, "openai"].largest_usage(translation(text)) for text in ("a", "a" * 5_000)
    )

    assert short.output_tokens == 1_024
    assert long.output_tokens == 10_000
