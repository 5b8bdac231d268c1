"""The functions of the WebSocket API, as API Gateway and the streams call them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from functions.websocket.actions import app as actions
from functions.websocket.authorizer import app as authorizer
from functions.websocket.push import app as push
from intake.clock import SystemClock
from intake.documents.history import entries
from intake.documents.model import Document, DocumentError, Stage, StageRecord, Status
from intake.storage.streams import changes
from intake.subscriptions.delivery import Change
from intake.tenancy.api_keys import Principal, Role, issue
from intake.tenancy.known_keys import KnownKeys
from intake.tenancy.tickets import issue_ticket
from tests.fakes.subscriptions import MemoryTickets
from tests.fakes.tenancy import MemoryApiKeys

ROOT = Path(__file__).resolve().parents[3]


def sample(function: str) -> Any:
    return json.loads((ROOT / "events" / f"{function}.json").read_text(encoding="utf-8"))


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> MemoryApiKeys:
    keys = MemoryApiKeys()
    known = KnownKeys(keys, SystemClock())
    monkeypatch.setattr(authorizer, "known_keys", lambda: known)
    return keys


@pytest.fixture
def tickets(monkeypatch: pytest.MonkeyPatch) -> MemoryTickets:
    tickets = MemoryTickets()
    monkeypatch.setattr(authorizer, "tickets", lambda: tickets)
    return tickets


def authorized(keys: MemoryApiKeys, role: Role = Role.VIEWER, *, header: str = "X-Api-Key", scheme: str = "") -> Any:
    plain = issue("acme", role, label="test", keys=keys, clock=SystemClock()).plain
    event = sample("WebSocketAuthorizerFunction") | {"headers": {header: scheme + plain}}
    return authorizer.handler(event, None)


def effect(answer: Any) -> str:
    (statement,) = answer["policyDocument"]["Statement"]
    found: str = statement["Effect"]
    return found


@pytest.mark.parametrize(("header", "scheme"), [("X-Api-Key", ""), ("x-api-key", ""), ("Authorization", "Bearer ")])
def test_a_key_in_a_header_opens_a_connection_of_its_tenant(keys: MemoryApiKeys, header: str, scheme: str) -> None:
    answer = authorized(keys, header=header, scheme=scheme)

    assert effect(answer) == "Allow"
    assert (answer["context"]["tenant"], answer["context"]["role"]) == ("acme", "viewer")


@pytest.mark.usefixtures("keys")
def test_a_ticket_opens_one_connection(tickets: MemoryTickets) -> None:
    caller = Principal(tenant="acme", role=Role.OPERATOR, key_id="key_1")
    plain = issue_ticket(caller, tickets=tickets, clock=SystemClock()).plain
    event = sample("WebSocketAuthorizerFunction") | {"headers": {}, "queryStringParameters": {"ticket": plain}}

    first, second = authorizer.handler(event, None), authorizer.handler(event, None)

    assert (effect(first), first["context"]["tenant"]) == ("Allow", "acme")
    assert effect(second) == "Deny"


@pytest.mark.usefixtures("keys", "tickets")
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"headers": None, "queryStringParameters": None},
        {"headers": {}, "queryStringParameters": {"ticket": "wst_acme_x"}},
        {"headers": {}, "queryStringParameters": {"x-api-key": "ik_acme_" + "0" * 43}},
    ],
)
def test_who_proves_nothing_is_refused(more: dict[str, Any]) -> None:
    answer = authorizer.handler(sample("WebSocketAuthorizerFunction") | more, None)

    assert effect(answer) == "Deny"
    assert "context" not in answer


def test_a_role_that_may_not_read_is_refused(keys: MemoryApiKeys) -> None:
    assert effect(authorized(keys, Role.RESPONDENT)) == "Deny"


def test_the_sample_events_are_those_of_the_functions() -> None:
    frame = actions.Frame.model_validate(sample("WebSocketFunction"))
    batch = push.StreamBatch.model_validate(sample("PushProgressFunction"))

    assert (frame.context.event_type, frame.context.proved.tenant) == ("MESSAGE", "acme")
    assert list(changes(batch.records)) == [Change("acme", "input", "inp_01kaxw5c3mtq2v8r6n9d4e7f1g")]


@pytest.mark.parametrize(
    ("partition", "sort_key", "found"),
    [
        ("acme#input#inp_1", "input", [Change("acme", "input", "inp_1")]),
        ("acme#input#inp_1", "vault", []),
        ("acme#doc_1", "document", [Change("acme", "document", "doc_1")]),
        ("acme#sha256#ab", "content", []),
        ("acme#batch#bat_1", "batch", [Change("acme", "batch", "bat_1")]),
        ("acme#batch#bat_1", "line#000007", [Change("acme", "batch", "bat_1")]),
        ("acme#batch#bat_1", "line#000099", [Change("acme", "batch", "bat_1")]),
        ("acme#batch#bat_1", "line#000101", []),
        ("acme#batch#bat_1", "line#000110", [Change("acme", "batch", "bat_1")]),
        ("acme#batch#bat_1", "line#001010", []),
        ("acme#batch#bat_1", "line#001100", [Change("acme", "batch", "bat_1")]),
    ],
)
def test_only_these_are_things_that_change(partition: str, sort_key: str, found: list[Change]) -> None:
    record = {"dynamodb": {"Keys": {"pk": {"S": partition}, "sk": {"S": sort_key}}}}

    assert list(changes([record])) == found


def test_a_document_tells_its_changes_of_status_and_how_it_ended() -> None:
    now = SystemClock().now()
    document = Document(
        tenant="acme",
        id="doc_1",
        status=Status.REJECTED,
        filename="a.pdf",
        content_type="application/pdf",
        size=1,
        key="uploads/acme/doc_1",
        created_at=now,
        stages=(
            StageRecord(stage=Status.VALIDATED, at=now, duration_ms=20),
            StageRecord(stage=Status.REJECTED, at=now, duration_ms=5),
        ),
        error=DocumentError(stage=Stage.PARSE, code="encrypted", message="It has a password."),
    )

    told = entries(document)

    assert [(entry.kind, entry.stage, entry.error) for entry in told] == [
        ("accepted", None, None),
        ("stage_done", "validated", None),
        ("rejected", "rejected", "encrypted"),
    ]
