from __future__ import annotations

import pytest

from intake.documents.tokens import tokenizer


@pytest.mark.parametrize(
    ("text", "count"),
    # As OpenAI's cl100k_base has them: tiktoken's own documentation and tests.
    [("hello world", 2), ("tiktoken is great!", 6), ("", 0), ("antidisestablishmentarianism", 6), ("2 + 2 = 4", 7)],
)
def test_tokens_are_counted_as_the_model_counts_them(text: str, count: int) -> None:
    assert tokenizer().count(text) == count


@pytest.mark.parametrize("text", ["plain words only", "señor, ¿cubre la póliza?", "保険 👩‍⚕️ mixed", ""])
def test_every_token_has_its_place_in_the_text(text: str) -> None:
    starts = tokenizer().starts(text)

    assert len(starts) == tokenizer().count(text)
    assert all(0 <= start <= len(text) for start in starts)
    assert list(starts) == sorted(starts)
