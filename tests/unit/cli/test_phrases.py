"""``intake phrases``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble, problem
from tests.unit.cli.terminal import at_terminal

RUNNING: dict[str, Any] = {
    "id": "wrm_1",
    "status": "running",
    "languages": ["es"],
    "phrases": 30,
    "warmed": 11,
    "already_warm": 1,
    "skipped": 0,
    "failed": 0,
    "left": 18,
    "cost_microusd": 1200,
    "reasons": [],
    "notice": None,
}
DONE = RUNNING | {
    "status": "completed",
    "warmed": 27,
    "skipped": 2,
    "left": 0,
    "reasons": [{"outcome": "skipped", "reason": "Nobody translates it.", "phrases": ["a", "b"]}],
}


@pytest.fixture(autouse=True)
def begun(api: ApiDouble) -> None:
    api.will("POST /v1/phrases/warm", (202, {"id": "wrm_1", "status": "running"}))


def test_the_cache_is_warmed_and_what_was_skipped_is_said(api: ApiDouble, intake: Intake) -> None:
    api.will(
        "GET /v1/phrases/warm/wrm_1", (200, RUNNING | {"phrases": None, "left": None}), (200, RUNNING), (200, DONE)
    )

    warmed = intake("phrases", "warm", "--lang", "es")

    assert warmed.exit_code == 0
    assert api.asked("POST /v1/phrases/warm")[0].json == {"languages": ["es"]}
    assert "  warmed: 27" in warmed.stdout.splitlines()
    assert "  why not: Nobody translates it. (2 skipped)" in warmed.stdout.splitlines()


def test_all_languages_are_warmed_where_none_is_named(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/phrases/warm/wrm_1", (200, DONE))

    assert json.loads(intake("phrases", "warm", "--json").stdout) == DONE
    assert api.asked("POST /v1/phrases/warm")[0].json == {}


def test_its_progress_is_shown_at_a_terminal(api: ApiDouble) -> None:
    api.will("GET /v1/phrases/warm/wrm_1", (200, RUNNING), (200, DONE))

    assert "12 of 30 phrases" in at_terminal(api, "phrases", "warm")[1]


def test_one_that_failed_fails_the_command(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/phrases/warm/wrm_1", (200, RUNNING | {"status": "failed", "notice": "It was cut off."}))

    warmed = intake("phrases", "warm")

    assert warmed.exit_code == 1
    assert "error: It was cut off." in warmed.stderr


def test_a_second_one_is_not_begun(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/phrases/warm", (409, problem(409, "conflict", "wrm_0 runs.")))

    assert intake("phrases", "warm").exit_code == 4
