"""The script that issues the first key of a deployed stack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from intake.clock import SystemClock
from intake.storage.tenancy import DynamoApiKeys
from intake.tenancy.api_keys import Role, authenticate
from scripts import issue_api_key
from scripts.issue_api_key import main
from tests.fakes.tables import dynamodb_table

OPTIONS = ["--tenant", "acme", "--role", "admin", "--label", "first key"]


@pytest.fixture
def stacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """Stand in for CloudFormation's answers."""
    client: Any = boto3.client(
        "cloudformation", region_name="eu-west-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )
    monkeypatch.setattr(issue_api_key, "cloudformation", lambda: client)
    with Stubber(client) as stub:
        yield stub


def test_the_key_that_is_printed_lets_its_holder_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with dynamodb_table(monkeypatch, "tenancy") as table:
        assert main(["--table", table, *OPTIONS]) == 0

        printed = capsys.readouterr().out
        caller = authenticate(printed.strip(), keys=DynamoApiKeys(table), clock=SystemClock())

    assert printed.count("\n") == 1, "the key and nothing else, so that a shell can take it"
    assert (caller.tenant, caller.role) == ("acme", Role.ADMIN)


def test_a_stack_is_asked_for_its_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stacks: Stubber
) -> None:
    with dynamodb_table(monkeypatch, "tenancy") as table:
        stacks.add_response("describe_stacks", described({"TenancyTable": table}), {"StackName": "intake-dev"})

        assert main(["--stack", "intake-dev", *OPTIONS]) == 0

    assert capsys.readouterr().out.startswith("ik_acme_")


def test_a_stack_of_something_else_is_said(capsys: pytest.CaptureFixture[str], stacks: Stubber) -> None:
    stacks.add_response("describe_stacks", described({"Url": "https://example.com"}), {"StackName": "website"})

    assert main(["--stack", "website", *OPTIONS]) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert "website has no output TenancyTable" in told.err


def test_a_stack_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str], stacks: Stubber) -> None:
    stacks.add_client_error("describe_stacks", "ValidationError", "Stack with id missing does not exist")

    assert main(["--stack", "missing", *OPTIONS]) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert "No key was issued: the stack missing cannot be read: Stack with id missing does not exist" in told.err


def test_a_table_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with dynamodb_table(monkeypatch, "tenancy"):
        assert main(["--table", "missing", *OPTIONS]) == 1

    told = capsys.readouterr()
    assert told.out == ""
    assert "No key was issued: the table missing did not take the key: ResourceNotFoundException" in told.err


@pytest.mark.parametrize("place", ["--stack", "--table"])
def test_a_shell_without_a_region_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: object, place: str
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, f"{tmp_path}/none")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)

    assert main([place, "intake-dev", *OPTIONS]) == 1

    assert "region" in capsys.readouterr().err


def test_a_name_that_is_no_tenants_is_refused_before_anything_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--table", "tenancy", "--tenant", "Acme Inc", "--label", "first key"])

    assert "use 2 to 32 lower-case letters" in capsys.readouterr().err


def described(outputs: dict[str, str]) -> dict[str, Any]:
    """Return CloudFormation's answer about a stack with these outputs."""
    shown = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
    stack = {"StackName": "any", "CreationTime": "2026-11-20T12:00:00Z", "StackStatus": "CREATE_COMPLETE"}
    return {"Stacks": [stack | {"Outputs": shown}]}
