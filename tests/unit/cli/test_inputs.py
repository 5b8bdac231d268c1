"""``intake inputs``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli.conftest import Intake
from tests.unit.cli.double import ApiDouble
from tests.unit.cli.terminal import at_terminal

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

    erased = intake("inputs", "erase", "inp_1", "inp_2", "--yes")

    assert erased.exit_code == 0
    assert "  removed: 1 items, 2 cache lines" in erased.stdout
    assert "  status: erased" in erased.stdout


def test_all_of_a_user_is_erased(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/erasures", (202, ERASURE | {"subject": "user", "input_id": None}))

    erased = intake("inputs", "erase", "--user", "ana@example.com", "--yes", "--json")

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


def test_inputs_are_listed_and_the_list_goes_on(api: ApiDouble, intake: Intake) -> None:
    item = {
        "id": "inp_1",
        "status": "completed",
        "created_at": "2026-11-21T10:00:00.000Z",
        "source_language": None,
        "target_language": "en",
        "spoken": True,
    }
    api.will("GET /v1/inputs", (200, {"items": [item], "next_cursor": "more"}))

    listed = intake("inputs", "list", "--limit", "1")

    assert "inp_1\tcompleted\tvoice\t\ten\t2026-11-21T10:00:00.000Z" in listed.stdout.splitlines()
    assert "--cursor more" in listed.stderr
    assert api.asked("GET /v1/inputs")[0].query == "limit=1"


@pytest.mark.parametrize("arguments", [("inp_1",), ("--user", "ana"), ("inp_1", "--no-input")])
def test_nothing_is_erased_unasked_where_nobody_can_be_asked(
    api: ApiDouble, intake: Intake, arguments: tuple[str, ...]
) -> None:
    refused = intake("inputs", "erase", *arguments)

    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    assert api.requests == []


@pytest.mark.parametrize(("answer", "erased"), [("y", True), ("yes", True), ("", False), ("no", False)])
def test_at_a_terminal_erasing_is_asked_for(api: ApiDouble, answer: str, erased: bool) -> None:
    api.will("DELETE /v1/inputs/inp_1", (202, ERASURE))

    code, shown = at_terminal(api, "inputs", "erase", "inp_1", typed=f"{answer}\n")

    assert "Erase 1 input? There is no way back. [y/N]" in shown
    assert bool(api.requests) is erased
    assert code == (0 if erased else 1)


def test_what_was_begun_is_told_where_the_rest_fails(api: ApiDouble, intake: Intake) -> None:
    api.will("DELETE /v1/inputs/inp_1", (202, ERASURE))

    failed = intake("inputs", "erase", "inp_1", "inp_2", "--yes", "--json")

    assert failed.exit_code == 4
    assert json.loads(failed.stdout) == {"items": [ERASURE]}
    assert "error: There is no route /v1/inputs/inp_2." in failed.stderr


def test_what_was_masked_is_revealed_for_a_reason(api: ApiDouble, intake: Intake) -> None:
    api.will("POST /v1/inputs/inp_1/reveal", (200, {"id": "inp_1", "placeholders": {"[PHONE_1]": "555-010"}}))

    shown = intake("inputs", "reveal", "inp_1", "--reason", "case_work")

    assert "  [PHONE_1]: 555-010" in shown.stdout.splitlines()
    assert api.asked("POST /v1/inputs/inp_1/reveal")[0].json == {"reason": "case_work"}


def test_nothing_is_revealed_without_a_reason(api: ApiDouble, intake: Intake) -> None:
    assert intake("inputs", "reveal", "inp_1").exit_code == 2
    assert api.requests == []
