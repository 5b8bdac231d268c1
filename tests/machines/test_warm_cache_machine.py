"""Every edge of the warm-up machine, on the real machine with the real handlers."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from intake.tenancy.api_keys import Role
from tests.doubles.faults import Fault, Kind
from tests.machines.conftest import FLASH_KEY, Machines
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]

LANGUAGE = "ru"
PHRASES = 15


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}", Role.ADMIN)


def warm(tenant: Tenant, **body: Any) -> Any:
    """Begin a warm-up, and return it when it has ended."""
    begun = tenant.api.post("/v1/phrases/warm", json={"languages": [LANGUAGE]} | body)
    assert begun.status_code == 202, begun.text

    def look() -> Any:
        shown = tenant.api.get(begun.url.join(begun.headers["location"])).json()
        return shown if shown["status"] != "running" else None

    return until(look, "the end of the warm-up")


def test_phrases_are_warmed_once_and_the_next_input_is_translated_from_the_cache(
    machines: Machines, tenant: Tenant
) -> None:
    first = warm(tenant)
    calls = machines.calls(FLASH_KEY)
    again = warm(tenant)
    text = next(item["text"] for item in tenant.api.get("/v1/phrases").json()["items"] if item["language"] == LANGUAGE)
    answer = tenant.understand(json={"text": text, "source_language": LANGUAGE})

    assert (first["status"], first["warmed"], first["left"]) == ("completed", PHRASES, 0)
    assert first["cost_microusd"] > 0
    assert (again["already_warm"], again["cost_microusd"]) == (PHRASES, 0)
    assert calls == PHRASES
    assert answer["translation"]["cache"] in ("memory", "table")
    assert answer["translation"]["cost_microusd"] == 0
    assert answer["translation"]["saved_microusd"] > 0


def test_what_may_pass_is_tried_again_and_counted_once(machines: Machines, tenant: Tenant) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, key=FLASH_KEY, status=503, times=1))

    ended = warm(tenant)

    assert (ended["warmed"], ended["failed"]) == (PHRASES, 0)
    assert machines.calls(FLASH_KEY) == PHRASES + 1


def test_a_phrase_that_fails_leaves_the_others_alone(machines: Machines, tenant: Tenant) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, key=FLASH_KEY, status=400, times=1))

    ended = warm(tenant)

    assert (ended["status"], ended["warmed"], ended["failed"]) == ("completed", PHRASES - 1, 1)
    assert [reason["outcome"] for reason in ended["reasons"]] == ["failed"]


def test_the_wrong_id_ends_without_waking_anybody(machines: Machines) -> None:
    states = machines.stack.client("stepfunctions")
    started = states.start_execution(
        stateMachineArn=machines.stack.outputs["WarmCacheMachine"],
        name=f"wrm-{uuid4().hex}",
        input='{"tenant": "acme", "warm_up_id": "wrm_nothing"}',
    )

    def look() -> Any:
        run = states.describe_execution(executionArn=started["executionArn"])
        return run["status"] if run["status"] != "RUNNING" else None

    assert until(look, "the end of the run") == "SUCCEEDED"
