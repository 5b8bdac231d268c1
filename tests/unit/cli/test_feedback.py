"""``intake inputs feedback`` and ``approve``."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble, problem

GIVEN: dict[str, Any] = {
    "id": "fbk_1",
    "input_id": "inp_1",
    "rating": 3,
    "text": "A claim is filed.",
    "corrected_text": "I want to file a claim.",
    "correction": "waiting",
    "created_at": "2026-11-21T10:00:00.000Z",
    "updated_at": "2026-11-21T10:00:00.000Z",
}
ROUTE = "/v1/inputs/inp_1/feedback"


def test_a_result_is_rated_and_corrected(api: ApiDouble, intake: Intake) -> None:
    api.will(f"POST {ROUTE}", (200, GIVEN))
    correction = ("--correction", "I want to file a claim.")

    given = intake(
        "inputs", "feedback", "inp_1", "--rating", "3", "--text", "A claim is filed.", *correction, "--user", "member-7"
    )

    assert given.exit_code == 0
    assert api.asked(f"POST {ROUTE}")[0].json == {
        "rating": 3,
        "text": "A claim is filed.",
        "corrected_text": "I want to file a claim.",
        "user_id": "member-7",
    }
    assert "  rating: 3 of 5" in given.stdout.splitlines()
    assert "intake inputs approve inp_1" in given.stderr


def test_what_was_said_is_shown(api: ApiDouble, intake: Intake) -> None:
    api.will(f"GET {ROUTE}", (200, {"items": [GIVEN]}), (200, {"items": [GIVEN]}), (200, {"items": []}))

    assert "  corrected: I want to file a claim." in intake("inputs", "feedback", "inp_1").stdout.splitlines()
    assert json.loads(intake("inputs", "feedback", "inp_1", "--json").stdout) == {"items": [GIVEN]}
    assert "Nobody has rated" in intake("inputs", "feedback", "inp_1").stderr


def test_words_without_a_rating_are_not_sent(api: ApiDouble, intake: Intake) -> None:
    assert intake("inputs", "feedback", "inp_1", "--text", "Good.").exit_code == 2
    assert intake("inputs", "feedback", "inp_1", "--rating", "6").exit_code == 2
    assert api.requests == []


def test_a_correction_is_approved(api: ApiDouble, intake: Intake) -> None:
    api.will(f"POST {ROUTE}/approve", (200, GIVEN | {"correction": "approved"}))

    approved = intake("inputs", "approve", "inp_1", "--feedback", "fbk_1")

    assert "  correction: approved" in approved.stdout.splitlines()
    assert api.asked(f"POST {ROUTE}/approve")[0].json == {"feedback_id": "fbk_1"}


def test_several_corrections_that_wait_are_said(api: ApiDouble, intake: Intake) -> None:
    detail = "feedback_id: 2 corrections wait. Name one of: fbk_1, fbk_2."
    api.will(f"POST {ROUTE}/approve", (422, problem(422, "unsupported-input", detail)))

    refused = intake("inputs", "approve", "inp_1")

    assert refused.exit_code == 4
    assert "Name one of: fbk_1, fbk_2." in refused.stderr
