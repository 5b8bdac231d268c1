"""``intake inputs``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble

ERASURE: dict[str, Any] = {
    "id": "ers_1",
    "status": "erasing",
    "subject": "input",
    "input_id": "inp_1",
    "requested_at": "2026-11-21T10:00:00.000Z",
    "requested_by": "key_1",
    "completed_at": None,
    "inputs": 1,
    "removed": {"items": 1, "cache_lines": 2, "objects": 0},
}
FAILED: dict[str, Any] = {"id": "inp_1", "status": "failed", "error": {"detail": "Too short."}, "text": "Hola."}


def test_an_input_is_shown(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/inputs/inp_1", (200, FAILED))

    shown = intake("inputs", "show", "inp_1")

    assert shown.exit_code == 0
    assert "  status: failed" in shown.stdout
    assert "  problem: Too short." in shown.stdout


def test_inputs_are_erased_by_their_ids(api: ApiDouble, intake: Intake) -> None:
    api.will("DELETE /v1/inputs/inp_1", (202, ERASURE))
    api.will("DELETE /v1/inputs/inp_2", (200, ERASURE | {"id": "ers_2", "status": "erased"}))

    erased = intake("inputs", "erase", "inp_1", "inp_2")

    assert erased.exit_code == 0
    assert "  removed: 1 items, 2 cache lines" in erased.stdout
    assert "  status: erased" in erased.stdout


def test_all_of_a_user_is_erased(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/erasures", (202, ERASURE | {"subject": "user", "input_id": None}))

    erased = intake("inputs", "erase", "--user", "ana@example.com", "--json")

    assert json.loads(erased.stdout)["items"][0]["id"] == "ers_1"
    assert api.asked("POST /v1/erasures")[0].json == {"user_id": "ana@example.com"}


@pytest.mark.parametrize("arguments", [(), ("inp_1", "--user", "ana")])
def test_nothing_is_erased_by_a_command_that_may_mean_two_things(intake: Intake, arguments: tuple[str, ...]) -> None:
    refused = intake("inputs", "erase", *arguments)

    assert refused.exit_code == 2


def test_what_was_erased_is_no_fault_of_the_service(api: ApiDouble, intake: Intake) -> None:
    api.will("GET /v1/inputs/inp_1", (410, {"type": "urn:problem-type:intake:erased", "detail": "It was erased."}))

    gone = intake("inputs", "show", "inp_1")

    assert gone.exit_code == 4
    assert "It was erased." in gone.stderr
