"""Events as a contract with subscribers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from intake.events import EVENT_TYPES, EventData

PAGE = Path(__file__).parents[2] / "docs" / "events.md"


@pytest.mark.parametrize("kind", EVENT_TYPES, ids=lambda kind: kind.type)
def test_a_type_is_documented_with_every_field(kind: type[EventData]) -> None:
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{kind.type}` |"))

    assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == set(kind.model_fields)


def test_types_are_told_apart() -> None:
    assert len({kind.type for kind in EVENT_TYPES}) == len(EVENT_TYPES)
