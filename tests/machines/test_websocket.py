"""Progress over the WebSocket of a running stack: in order, to whom it belongs, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from intake.tenancy.api_keys import Role
from tests.doubles.faults import Fault, Kind
from tests.machines.conftest import FLASH_KEY, Machines
from tests.support.batches import Batches
from tests.support.tenants import PATIENCE_SECONDS, Tenant, new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


def tenant(machines: Machines, role: Role = Role.OPERATOR) -> Tenant:
    return new_tenant(machines.stack, f"t{uuid4().hex[:12]}", role)


@contextmanager
def opened(holder: Tenant) -> Iterator[ClientConnection]:
    """Open a connection as a program does, with the key in a header."""
    with connect(holder.stack.endpoints["websocket_url"], additional_headers=_key(holder)) as connection:
        yield connection


def _key(holder: Tenant) -> dict[str, str]:
    return {"X-Api-Key": holder.api.headers["x-api-key"]}


def ask(connection: ClientConnection, **message: Any) -> None:
    connection.send(json.dumps(message))


def heard(connection: ClientConnection, until_message: Callable[[Any], bool]) -> list[Any]:
    """Return messages up to and including the first that is waited for."""
    messages: list[Any] = []
    while not messages or not until_message(messages[-1]):
        messages.append(json.loads(connection.recv(timeout=PATIENCE_SECONDS)))
    return messages


def is_end(message: Any) -> bool:
    return any(entry["kind"] in ("completed", "failed") for entry in message.get("entries", ()))


def entries(messages: list[Any]) -> list[Any]:
    """Return what a client sees that drops repetitions."""
    seen: list[Any] = []
    for entry in (entry for message in messages for entry in message.get("entries", ())):
        if not seen or entry["sequence"] > seen[-1]["sequence"]:
            seen.append(entry)
    return seen


def send(sender: Tenant, text: str) -> str:
    response = sender.api.post(
        "/v1/inputs", json={"text": text, "source_language": "es"}, headers={"Prefer": "respond-async"}
    )
    assert response.status_code == 202, response.text
    input_id: str = response.json()["id"]
    return input_id


def test_progress_comes_in_order_while_a_provider_is_retried(machines: Machines) -> None:
    sender = tenant(machines)
    machines.double.fail(Fault(kind=Kind.STATUS, status=503, key=FLASH_KEY, route="chat", times=2))

    with opened(sender) as connection:
        input_id = send(sender, "El granizo ha roto el parabrisas de mi coche.")
        ask(connection, action="subscribe", id=input_id)
        messages = heard(connection, is_end)

    told = entries(messages)
    assert messages[0]["type"] == "subscribed"
    assert [entry["sequence"] for entry in told] == list(range(1, len(told) + 1))
    assert [entry["kind"] for entry in told].count("retrying") == 2
    assert told[-1]["kind"] == "completed"
    assert told == sender.api.get(f"/v1/inputs/{input_id}").json()["progress"]


def test_who_comes_back_with_the_last_number_gets_what_was_missed(machines: Machines) -> None:
    sender = tenant(machines)
    with opened(sender) as connection:
        input_id = send(sender, "Quiero cambiar mi dirección de correo.")
        ask(connection, action="subscribe", id=input_id)
        # As if the connection had dropped after the first entry: on a slow machine all of them come in one message.
        last = heard(connection, lambda message: message["type"] == "progress")[-1]["entries"][0]["sequence"]
    until(lambda: sender.api.get(f"/v1/inputs/{input_id}").json()["completed_at"], "the end of the input")

    ticket = sender.api.post("/v1/websocket/tickets").json()
    with connect(ticket["url"]) as connection:
        ask(connection, action="subscribe", id=input_id, after=last)
        told = entries(heard(connection, is_end))

    assert told[0]["sequence"] == last + 1
    assert told[-1]["kind"] == "completed"


def test_another_tenant_sees_nothing(machines: Machines) -> None:
    sender, other = tenant(machines), tenant(machines)
    with opened(sender) as own, opened(other) as foreign:
        ask(foreign, action="subscribe", kind="input")
        ask(own, action="subscribe", kind="input")
        heard(foreign, lambda message: message["type"] == "subscribed")
        input_id = send(sender, "Mi tarjeta del seguro no funciona.")
        ask(foreign, action="subscribe", id=input_id)
        assert entries(heard(own, is_end))[-1]["kind"] == "completed"
        ask(foreign, action="ping")
        messages = heard(foreign, lambda message: message["type"] == "pong")

    assert [message["type"] for message in messages] == ["error", "pong"]
    assert messages[0]["problem"]["type"] == "not-found"


def test_a_document_is_followed_as_an_input_is(machines: Machines) -> None:
    sender = tenant(machines)
    with opened(sender) as connection:
        ask(connection, action="subscribe", kind="document")
        heard(connection, lambda message: message["type"] == "subscribed")
        document = sender.write("Dental cleanings are covered twice a year.")
        messages = heard(connection, is_end)

    told = entries(messages)
    assert {message["id"] for message in messages} == {document["id"]}
    assert [entry["sequence"] for entry in told] == list(range(1, len(told) + 1))
    assert (told[0]["kind"], told[-1]["kind"], told[-1]["stage"]) == ("accepted", "completed", "complete")


def test_a_batch_is_followed_with_its_counts_and_by_no_other_tenant(machines: Machines) -> None:
    sender, other = tenant(machines), tenant(machines)
    rows = [{"text": f"Tengo un reclamo por {n} dólares.", "source_language": "es"} for n in range(4)] + [{"text": 1}]
    with opened(sender) as own, opened(other) as foreign:
        for connection in (own, foreign):
            ask(connection, action="subscribe", kind="batch")
            heard(connection, lambda message: message["type"] == "subscribed")
        batch = Batches(sender).run("\n".join(json.dumps(row) for row in rows).encode())
        told = entries(heard(own, is_end))
        ask(foreign, action="subscribe", id=batch["id"])
        refused = heard(foreign, lambda message: message["type"] == "error")

    numbers, kinds = [entry["sequence"] for entry in told], [entry["kind"] for entry in told]
    assert numbers == sorted(set(numbers))
    assert (kinds[:2], kinds[-1]) == (["accepted", "started"], "completed")
    assert set(kinds[2:-1]) <= {"lines_done"}
    assert {name: told[-1][name] for name in ("sequence", "lines", "completed", "failed")} == {
        "sequence": 8,
        "lines": 5,
        "completed": 4,
        "failed": 1,
    }
    assert [message["type"] for message in refused] == ["error"], "and nothing before it"
    assert refused[-1]["problem"]["type"] == "not-found"


def test_who_leaves_is_forgotten(machines: Machines) -> None:
    sender = tenant(machines)
    with opened(sender) as connection:
        ask(connection, action="subscribe", kind="input")
        heard(connection, lambda message: message["type"] == "subscribed")
        assert _rows(machines, sender)

    until(lambda: not _rows(machines, sender) or None, "the end of the subscription")


@pytest.mark.parametrize("case", ["no key", "unknown key", "key in the address", "used ticket", "respondent"])
def test_who_may_not_read_is_refused_at_the_door(machines: Machines, case: str) -> None:
    url: str = machines.stack.endpoints["websocket_url"]
    headers: dict[str, str] = {}
    if case == "unknown key":
        headers = {"X-Api-Key": "ik_demo_" + "x" * 43}
    elif case == "key in the address":
        url += f"?x-api-key={machines.stack.endpoints['admin_api_key']}"
    elif case == "used ticket":
        url = machines.stack.api.post("/v1/websocket/tickets").json()["url"]
        with connect(url):
            pass
    elif case == "respondent":
        headers = _key(tenant(machines, Role.RESPONDENT))

    with pytest.raises(InvalidStatus) as refused:
        connect(url, additional_headers=headers)

    assert refused.value.response.status_code == 403


def _rows(machines: Machines, holder: Tenant) -> list[Any]:
    rows = machines.stack.client("dynamodb").scan(TableName=machines.stack.outputs["ConnectionsTable"])["Items"]
    return [row for row in rows if row["pk"]["S"].startswith(f"{holder.name}#")]
