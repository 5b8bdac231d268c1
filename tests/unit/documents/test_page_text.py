from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.documents.page_text import clean


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("bene\ufffe\r\nfits", "benefits"),
        ("bene\u00ad\nfits", "benefits"),
        ("Deductible      $750", "Deductible  $750"),
        ("a\tb", "a b"),
        ("line   \nnext", "line\nnext"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("\x00\x07text\ufeff", "text"),
        ("po\u0301liza", "póliza"),
        ("out-of-pocket", "out-of-pocket"),
    ],
)
def test_text_becomes_the_same_whatever_the_parser(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)
