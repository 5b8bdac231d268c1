"""The file of a batch: where it is kept, what is wrong with it as a whole, and where its lines are."""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from intake.batches.model import MAX_LINE_BYTES, MAX_LINES
from intake.errors import FieldError, UnsupportedInputError
from intake.ids import is_tenant

SOURCES = "batches"
"""What arrives below this prefix starts a machine; nothing else does."""
WORK = "batch-work"


@dataclass(frozen=True)
class Line:
    """A line that is not blank: its number from 1, and its bytes from ``start`` up to ``end``."""

    number: int
    start: int
    end: int


def source_key(tenant: str, batch_id: str) -> str:
    """Return where the file of a batch arrives."""
    return f"{SOURCES}/{tenant}/{batch_id}.jsonl"


def lines_key(tenant: str, batch_id: str) -> str:
    """Return where the file is while it is worked on: no upload can replace it there."""
    return f"{WORK}/{tenant}/{batch_id}/lines.jsonl"


def round_key(tenant: str, batch_id: str, number: int) -> str:
    """Return where the list of a round's lines is, which holds numbers only."""
    return f"{WORK}/{tenant}/{batch_id}/round-{number}.jsonl"


def work_keys(tenant: str, batch_id: str) -> tuple[str, ...]:
    """Return everything that is kept of a batch's file; the rounds are two at most."""
    return (
        source_key(tenant, batch_id),
        lines_key(tenant, batch_id),
        *(round_key(tenant, batch_id, n) for n in (0, 1)),
    )


def read_source_key(key: str) -> tuple[str, str]:
    """Return tenant and id of the batch whose file has this key.

    Raises
    ------
    UnsupportedInputError
        The key belongs to no batch.
    """
    parts = key.removesuffix(".jsonl").split("/")
    if len(parts) != 3 or parts[0] != SOURCES or not is_tenant(parts[1]) or not parts[2]:
        raise UnsupportedInputError("The file of a batch belongs under batches/<tenant>/<id>.jsonl.")
    return parts[1], parts[2]


def lines_of(content: bytes) -> list[Line]:
    """Find the lines of a file: ended by a line feed, alone or after a carriage return; blank ones are left out."""
    return list(_lines(content))


def checked_lines(content: bytes) -> list[Line]:
    """Find the lines of a file that can be worked on.

    Raises
    ------
    UnsupportedInputError
        The file as a whole is at fault: not UTF-8, empty, or too long.
    """
    try:
        content.decode()
    except UnicodeDecodeError as error:
        place = content.count(b"\n", 0, error.start) + 1
        raise file_fault(f"The file is not UTF-8, from line {place} on. Save it as UTF-8, and send it again.") from None
    # One more than is allowed is enough to know: 64 MB hold 32 million lines, and a function does not.
    lines = list(islice(_lines(content), MAX_LINES + 1))
    if not lines:
        raise file_fault("The file is empty. Send one JSON object a line, such as those of POST /v1/inputs.")
    if len(lines) > MAX_LINES:
        raise file_fault(
            f"The file has more lines than the {MAX_LINES:,} that are allowed. Send it in several batches."
        )
    return lines


def file_fault(message: str) -> UnsupportedInputError:
    """Return the error of a file that is at fault as a whole."""
    return UnsupportedInputError(f"file: {message}", errors=(FieldError(field="file", message=message),))


def rounds_of(content: bytes, lines: Sequence[Line]) -> list[list[Line]]:
    """Put each text into the first round, and what repeats it into the second one.

    Lines of a round are worked on at the same time: the same text twice in one would be asked for, and paid, twice. In
    the second round it is known.
    """
    rounds: list[list[Line]] = [[], []]
    seen: set[bytes] = set()
    for line in lines:
        text = _said(content[line.start : line.end])
        rounds[text in seen].append(line)
        if text is not None:
            seen.add(text)
    return [lines_of_round for lines_of_round in rounds if lines_of_round]


def _lines(content: bytes) -> Iterator[Line]:
    start = len(codecs.BOM_UTF8) if content.startswith(codecs.BOM_UTF8) else 0
    number = 1
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        if content[start:end].strip():
            yield Line(number, start, end)
        start, number = end + 1, number + 1


def _said(raw: bytes) -> bytes | None:
    """Return what stands for a line's text and languages; None where there is no text, or too much to be read."""
    if len(raw) > MAX_LINE_BYTES:
        return None
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or not isinstance(body.get("text"), str):
        return None
    parts = [body["text"].strip(), body.get("source_language"), body.get("target_language")]
    return hashlib.sha256(json.dumps(parts).encode()).digest()
