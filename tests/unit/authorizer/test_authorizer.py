"""The authorizer lets valid keys in and nobody else, as API Gateway calls it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from functions.authorizer import app
from intake.tenancy.api_keys import ApiKey, Role, issue
from intake.tenancy.known_keys import KnownKeys
from tests.fakes.tenancy import MemoryApiKeys

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
REFUSED = {"isAuthorized": False}


class MovableClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment

    def monotonic_ms(self) -> float:
        return self.moment.timestamp() * 1000


class Unreachable(MemoryApiKeys):
    """A table that cannot be read."""

    def find(self, tenant: str, key_hash: str) -> ApiKey | None:
        raise ConnectionError("the table is not reachable")


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, clock: MovableClock) -> MemoryApiKeys:
    keys = MemoryApiKeys()
    known = KnownKeys(keys, clock)
    monkeypatch.setattr(app, "known_keys", lambda: known)
    return keys


@pytest.fixture
def plain(keys: MemoryApiKeys, clock: MovableClock) -> str:
    expires = NOW + timedelta(hours=1)
    return issue("acme", Role.OPERATOR, label="portal", keys=keys, clock=clock, expires=expires).plain


def asked_with(**headers: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((ROOT / "events" / "AuthorizerFunction.json").read_text())
    del event["headers"]["x-api-key"]
    event["headers"] |= {name.replace("_", "-"): value for name, value in headers.items()}
    return event


@pytest.mark.parametrize(
    "request_of",
    [
        lambda key: asked_with(x_api_key=key),
        lambda key: asked_with(authorization=f"Bearer {key}"),
        lambda key: asked_with(authorization=f"bearer  {key} "),
        lambda key: asked_with(**{"X-Api-Key": key}),
    ],
)
def test_a_valid_key_gives_tenant_and_role(plain: str, request_of: Callable[[str], dict[str, Any]]) -> None:
    answer = app.handler(request_of(plain), None)

    assert answer["isAuthorized"] is True
    assert answer["context"]["tenant"] == "acme"
    assert answer["context"]["role"] == "operator"
    assert answer["context"]["key_id"].startswith("key_")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": ""},
        {"x-api-key": "ik_acme_short"},
        {"authorization": "Bearer"},
        {"authorization": "Basic aWs6YWNtZQ=="},
        {"authorization": "Bearer \ud800"},
        {"x-api-key": "ik_acme_" + "A" * 43},
    ],
)
def test_anything_else_is_refused(plain: str, headers: dict[str, str]) -> None:
    assert app.handler(asked_with(**headers), None) == REFUSED


def test_a_request_without_headers_is_refused(keys: MemoryApiKeys) -> None:
    assert app.handler({"version": "2.0", "headers": None}, None) == REFUSED


def test_a_key_removed_is_refused_a_minute_later(keys: MemoryApiKeys, plain: str, clock: MovableClock) -> None:
    assert app.handler(asked_with(x_api_key=plain), None)["isAuthorized"] is True
    keys.records.clear()

    clock.moment = NOW + timedelta(seconds=59)
    remembered = app.handler(asked_with(x_api_key=plain), None)
    clock.moment = NOW + timedelta(seconds=60)
    forgotten = app.handler(asked_with(x_api_key=plain), None)

    assert remembered["isAuthorized"] is True
    assert forgotten == REFUSED


def test_a_key_that_expires_while_remembered_is_refused_at_once(plain: str, clock: MovableClock) -> None:
    clock.moment = NOW + timedelta(minutes=59, seconds=50)
    assert app.handler(asked_with(x_api_key=plain), None)["isAuthorized"] is True

    clock.moment = NOW + timedelta(minutes=60)

    assert app.handler(asked_with(x_api_key=plain), None) == REFUSED


def test_a_key_made_after_a_refusal_works_at_once(keys: MemoryApiKeys, plain: str) -> None:
    saved = dict(keys.records)
    keys.records.clear()
    assert app.handler(asked_with(x_api_key=plain), None) == REFUSED

    keys.records.update(saved)

    assert app.handler(asked_with(x_api_key=plain), None)["isAuthorized"] is True


def test_nobody_is_let_in_while_the_table_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, clock: MovableClock, plain: str
) -> None:
    known = KnownKeys(Unreachable(), clock)
    monkeypatch.setattr(app, "known_keys", lambda: known)

    with pytest.raises(ConnectionError):
        app.handler(asked_with(x_api_key=plain), None)


def test_no_key_material_is_logged(plain: str, caplog: pytest.LogCaptureFixture) -> None:
    changed = plain[:-4] + ("AAAA" if not plain.endswith("AAAA") else "BBBB")
    with caplog.at_level(logging.DEBUG):
        app.handler(asked_with(x_api_key=plain), None)
        app.handler(asked_with(x_api_key=changed), None)

    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert caplog.records
    assert plain.removeprefix("ik_acme_")[:12] not in logged


def test_importing_it_loads_no_client_of_aws() -> None:
    listed = (
        "import sys, app; print([m for m in ('boto3', 'botocore', 'pynamodb', 'fastapi', 'httpx') if m in sys.modules])"
    )

    done = subprocess.run(
        [sys.executable, "-c", listed],
        env={"PYTHONPATH": f"{ROOT / 'functions/authorizer'}:{ROOT / 'layers/core'}"},
        capture_output=True,
        text=True,
    )

    assert done.stdout.strip() == "[]", done.stderr
