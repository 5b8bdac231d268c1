"""One contract for the table of keys and for its fake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest
from moto import mock_aws

from intake.errors import ConflictError
from intake.storage.tenancy import DynamoApiKeys
from intake.tenancy.api_keys import ApiKey, ApiKeyRepository, Role
from tests.fakes.tenancy import MemoryApiKeys

KEY = ApiKey(
    tenant="acme",
    key_id="key_1",
    key_hash="ab" * 32,
    role=Role.OPERATOR,
    label="claims portal",
    created=datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
    expires=datetime(2027, 11, 20, 12, 0, tzinfo=UTC),
)


@pytest.fixture(params=["memory", "dynamodb"])
def keys(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiKeyRepository]:
    if request.param == "memory":
        yield MemoryApiKeys()
        return
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="tenancy",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": "pk", "AttributeType": "S"},
                {"AttributeName": "sk", "AttributeType": "S"},
            ],
        )
        yield DynamoApiKeys("tenancy")


def test_a_key_comes_back_as_it_was_stored(keys: ApiKeyRepository) -> None:
    keys.add(KEY)

    assert keys.find("acme", KEY.key_hash) == KEY


def test_a_key_without_end_comes_back_without_end(keys: ApiKeyRepository) -> None:
    endless = replace(KEY, expires=None)
    keys.add(endless)

    assert keys.find("acme", KEY.key_hash) == endless


def test_an_unknown_hash_is_nobody(keys: ApiKeyRepository) -> None:
    keys.add(KEY)

    assert keys.find("acme", "cd" * 32) is None


def test_another_tenant_does_not_find_the_key(keys: ApiKeyRepository) -> None:
    keys.add(KEY)

    assert keys.find("other", KEY.key_hash) is None


def test_a_stored_key_is_never_replaced(keys: ApiKeyRepository) -> None:
    keys.add(KEY)

    with pytest.raises(ConflictError):
        keys.add(replace(KEY, role=Role.ADMIN))

    assert keys.find("acme", KEY.key_hash) == KEY
