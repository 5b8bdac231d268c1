"""Lines of a file: where they are, which of them say the same, and what is wrong with the whole."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.batches.files import checked_lines, lines_of, read_source_key, rounds_of, source_key
from intake.batches.model import MAX_LINE_BYTES
from intake.errors import UnsupportedInputError


def cut(content: bytes) -> dict[int, bytes]:
    return {line.number: content[line.start : line.end] for line in lines_of(content)}


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"a\nb\n", {1: b"a", 2: b"b"}),
        (b"a\r\nb", {1: b"a\r", 2: b"b"}),
        (b"\n\n a\n \nb\n\n", {3: b" a", 5: b"b"}),
        (b"\xef\xbb\xbfa\nb", {1: b"a", 2: b"b"}),
        ("a\u2028b\x85c\nd".encode(), {1: "a\u2028b\x85c".encode(), 2: b"d"}),
    ],
    ids=["feeds", "returns", "blank lines", "byte order mark", "other separators"],
)
def test_lines_are_found_by_number_and_place(content: bytes, lines: dict[int, bytes]) -> None:
    assert cut(content) == lines


@given(st.lists(st.binary(max_size=20)))
def test_every_line_that_says_something_is_found_as_it_stands(parts: list[bytes]) -> None:
    rows = [part.replace(b"\n", b"") for part in parts]
    content = b"x\n" + b"\n".join(rows)

    assert cut(content) == {1: b"x"} | {number: row for number, row in enumerate(rows, 2) if row.strip()}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n \r\n", "empty"),
        ('{"text": "Qu\xe9"}'.encode("latin-1"), "not UTF-8, from line 1"),
        (b'{"text": "a"}\n\n{"text": "\xff"}', "not UTF-8, from line 3"),
        ('{"text": "a"}'.encode("utf-16"), "not UTF-8"),
        (b"{}\n" * 10_001, "more lines than the 10,000 that are allowed"),
    ],
    ids=["nothing", "blanks", "latin-1", "a byte", "utf-16", "too many"],
)
def test_a_file_at_fault_is_refused_with_what_to_do(content: bytes, words: str) -> None:
    with pytest.raises(UnsupportedInputError, match=words) as refused:
        checked_lines(content)

    assert [error.field for error in refused.value.errors] == ["file"]


def test_ten_thousand_lines_are_taken() -> None:
    assert len(checked_lines(b"{}\n\n" * 10_000)) == 10_000


def test_a_file_of_nothing_but_short_lines_takes_no_room_to_be_refused() -> None:
    content = b"1\n" * 500_000
    tracemalloc.start()
    try:
        with pytest.raises(UnsupportedInputError):
            checked_lines(content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 10 * len(content), "64 MB of them would not fit into a function"


def test_a_line_that_is_too_long_to_be_taken_is_not_read() -> None:
    row = json.dumps({"text": "a" * MAX_LINE_BYTES}).encode()
    content = row + b"\n" + row

    assert len(rounds_of(content, lines_of(content))) == 1


def test_a_text_is_in_the_first_round_once_and_its_repetitions_are_in_the_second() -> None:
    rows: list[object] = [
        {"text": "Hola."},
        {"text": " Hola. ", "reference": "again", "context": {"user_id": "another"}},
        {"text": "Hola.", "source_language": "es"},
        {"text": 1},
        {"text": 1},
        "Hola.",
        {"text": "Hola."},
    ]
    content = b"\n".join([*(json.dumps(row).encode() for row in rows), b"no json", b"no json", b"[" * 100_000])

    first, second = rounds_of(content, lines_of(content))

    assert [line.number for line in first] == [1, 3, 4, 5, 6, 8, 9, 10]
    assert [line.number for line in second] == [2, 7]


def test_without_repetitions_there_is_one_round() -> None:
    assert len(rounds_of(b"{}", lines_of(b"{}"))) == 1


def test_a_key_tells_tenant_and_batch() -> None:
    assert read_source_key(source_key("acme", "bat_1")) == ("acme", "bat_1")


@pytest.mark.parametrize(
    "key", ["batches/x.jsonl", "batches/acme/.jsonl", "batches/a/b/c.jsonl", "uploads/acme/b.jsonl"]
)
def test_a_key_of_no_batch_is_refused(key: str) -> None:
    with pytest.raises(UnsupportedInputError):
        read_source_key(key)
