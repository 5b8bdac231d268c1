"""What the real machines' providers did is counted off the path of the answer, once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from intake.clock import day_of
from intake.gateway.statistics import Row, Tally
from intake.providers.ports import Capability
from intake.storage.statistics import DynamoDBStatistics
from tests.machines.conftest import Machines
from tests.support.tenants import Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


@pytest.fixture
def tenant(machines: Machines) -> Tenant:
    return new_tenant(machines.stack, f"t-{uuid4().hex[:8]}")


class Counters:
    def __init__(self, machines: Machines) -> None:
        self.store = DynamoDBStatistics(machines.stack.client("dynamodb"), machines.stack.outputs["GatewayTable"])
        self.row = Row(None, Capability.TRANSLATE, "pt-en", day_of(datetime.now(UTC)))

    @property
    def flash(self) -> Tally:
        return self.store.read([self.row]).get(self.row, {}).get("flash", Tally())


def test_an_answer_is_counted_once_however_often_its_event_comes(machines: Machines, tenant: Tenant) -> None:
    with machines.measuring():
        counters = Counters(machines)
        before = counters.flash.successes

        def understood() -> str:
            text = f"Quero mudar o meu endereço {uuid4().hex}."
            return str(tenant.understand(json={"text": text, "source_language": "pt"})["id"])

        first = understood()
        until(lambda: counters.flash.successes == before + 1 or None, "the count of the first answer")

        detail = {"tenant": tenant.name, "type": "input.completed", "data": {"input_id": first}}
        machines.stack.client("events").put_events(
            Entries=[
                {
                    "EventBusName": machines.stack.outputs["EventBus"],
                    "Source": "intake",
                    "DetailType": "input.completed",
                    "Detail": json.dumps(detail),
                }
            ]
        )
        understood()
        until(lambda: counters.flash.successes >= before + 2 or None, "the count of the second answer")

        assert counters.flash.successes == before + 2
        assert counters.flash.log_ms > 0
