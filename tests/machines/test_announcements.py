"""Events of the real machines, as a subscriber receives them over a rule and a queue."""

from __future__ import annotations

from uuid import uuid4

import pytest

from samples.booklet import make_booklet
from tests.machines.conftest import Machines
from tests.machines.subscribers import subscriber
from tests.support.tenants import Tenant, new_tenant

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}")


def test_a_completed_input_is_told(machines: Machines, tenant: Tenant) -> None:
    with subscriber(machines.stack, tenant.name) as told:
        answer = tenant.understand(json={"text": "Quiero cambiar mi dirección.", "source_language": "es"})

        event = told.next()

    assert (event["source"], event["detail-type"]) == ("intake", "input.completed")
    detail = event["detail"]
    assert (detail["type"], detail["version"], detail["tenant"]) == ("input.completed", 1, tenant.name)
    assert detail["data"]["input_id"] == answer["id"]
    assert detail["data"]["cost_microusd"] == answer["cost_microusd"] > 0
    assert "dirección" not in str(event)


def test_a_rejected_document_is_told(machines: Machines, tenant: Tenant) -> None:
    with subscriber(machines.stack, tenant.name) as told:
        document = tenant.upload("half.pdf", make_booklet(1).pdf[:900])

        event = told.next()

    assert event["detail-type"] == "document.rejected"
    assert event["detail"]["data"]["document_id"] == document["id"]
    assert event["detail"]["data"]["code"] == document["error"]["code"] == "damaged"


def test_a_complete_document_is_told(machines: Machines, tenant: Tenant) -> None:
    with subscriber(machines.stack, tenant.name) as told:
        document = tenant.write(f"The deductible of plan {uuid4().hex} is 500 dollars a year.")

        event = told.next()

    assert event["detail-type"] == "document.completed"
    assert event["detail"]["data"]["document_id"] == document["id"]
    assert event["detail"]["data"]["cost_microusd"] == document["cost_microusd"]
