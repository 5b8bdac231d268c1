"""The batch machine over doubles on the wire: what is paid, and what becomes of a line whose run fails."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from intake.providers.ports import Capability
from tests.machines.conftest import Machines
from tests.support.batches import Batches
from tests.support.tenants import new_tenant

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


@pytest.fixture
def batches(machines: Machines) -> Batches:
    return Batches(new_tenant(machines.stack, f"b-{uuid4().hex[:8]}"))


def file_of(*rows: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def test_a_text_that_is_repeated_is_paid_once_and_each_line_has_its_own_input(batches: Batches) -> None:
    texts = [f"Quiero presentar un reclamo por {amount} dólares." for amount in (100, 200)]
    rows = [{"text": text, "source_language": "es"} for text in texts * 4]

    batch = batches.run(file_of(*rows))

    results = batches.results(batch["id"])
    assert (batch["status"], len({result["id"] for result in results})) == ("completed", 8)
    costs = [result["cost_microusd"] for result in results]
    assert min(costs[:2]) > 0
    assert costs[2:] == [0] * 6


def test_a_line_whose_run_fails_is_named_and_stops_no_other(machines: Machines, batches: Batches) -> None:
    for provider in ("flash", "openai"):
        machines.open_circuit(Capability.TRANSLATE, provider)
    rows = [{"text": f"Tengo una consulta: {uuid4().hex}.", "source_language": "es", "reference": "spanish"}]
    rows.append({"text": "My policy does not cover the accident of March 3.", "source_language": "en"})

    batch = batches.run(file_of(*rows))

    (error,), (result,) = batches.errors(batch["id"]), batches.results(batch["id"])
    assert (batch["status"], batch["failed"]) == ("completed_with_errors", 1)
    assert (error["line"], error["reference"], error["errors"][0]["field"]) == (1, "spanish", "line")
    assert batches.tenant.api.get(f"/v1/inputs/{error['input_id']}").json()["status"] == "failed"
    assert (result["line"], result["status"]) == (2, "completed")
