"""Keys: where they come from, what is said when there is none, and how a rotated one is picked up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from intake.errors import ProviderRefusedError, TransientError
from intake.providers import credentials
from intake.providers.credentials import Credentials
from intake.providers.ports import Capability
from intake.settings import Settings
from tests.doubles.control import Control
from tests.unit.providers.openai.remote import Remote
from tests.unit.providers.openai.requests import translation


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        credentials._secrets.cache_clear()
        yield
    credentials._secrets.cache_clear()


def secret(text: str) -> str:
    return boto3.client("secretsmanager").create_secret(Name="providers", SecretString=text)["ARN"]


def of(**settings: object) -> Credentials:
    return Credentials(Settings.model_validate(settings))


def test_a_key_of_the_environment_is_found() -> None:
    assert of(OPENAI_API_KEY="sk-1").key("OPENAI_API_KEY") == "sk-1"
    assert of(OPENAI_API_KEY="sk-1").missing("OPENAI_API_KEY") is None


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_key_the_variable_to_set_is_named(value: str | None) -> None:
    assert of(FLASH_API_KEY=value).missing("FLASH_API_KEY") == "Set FLASH_API_KEY."


def test_the_secret_is_the_only_source_where_there_is_one(aws: None) -> None:
    found = of(
        OPENAI_API_KEY="sk-forgotten",
        INTAKE_PROVIDER_SECRET_ARN=secret(json.dumps({"FLASH_API_KEY": "from-secret"})),
    )

    assert found.key("FLASH_API_KEY") == "from-secret"
    assert found.key("OPENAI_API_KEY") is None
    assert found.missing("OPENAI_API_KEY") == "Add OPENAI_API_KEY to the secret that INTAKE_PROVIDER_SECRET_ARN names."


@pytest.mark.parametrize("text", ["no json, but s3cret", '["s3cret"]'])
def test_a_secret_that_cannot_be_read_is_told_without_its_text(aws: None, text: str) -> None:
    found = of(INTAKE_PROVIDER_SECRET_ARN=secret(text))

    with pytest.raises(TransientError) as caught:
        found.key("OPENAI_API_KEY")

    assert "s3cret" not in repr(caught.value)
    assert caught.value.__context__ is None
    assert "INTAKE_PROVIDER_SECRET_ARN" in (found.missing("OPENAI_API_KEY") or "")


def test_a_secret_that_is_not_there_may_pass(aws: None) -> None:
    with pytest.raises(TransientError):
        of(INTAKE_PROVIDER_SECRET_ARN="providers").key("OPENAI_API_KEY")


def test_a_rotated_key_is_used_for_the_next_call(aws: None, double: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "SECRET_MAX_AGE_SECONDS", 0)
    arn = secret(json.dumps({"OPENAI_API_KEY": "sk-old"}))
    translator = Remote(double, INTAKE_PROVIDER_SECRET_ARN=arn)(Capability.TRANSLATE)

    translator.call(translation())
    boto3.client("secretsmanager").put_secret_value(SecretId=arn, SecretString='{"OPENAI_API_KEY": "sk-new"}')
    translator.call(translation())

    assert double.counts()["by_key"] == {"sk-old": 1, "sk-new": 1}


def test_a_provider_without_a_key_refuses_and_says_what_to_set(double: Control) -> None:
    translator = Remote(double, OPENAI_API_KEY=None)(Capability.TRANSLATE)

    with pytest.raises(ProviderRefusedError, match="Set OPENAI_API_KEY"):
        translator.call(translation())

    assert translator.missing() == "Set OPENAI_API_KEY."
    assert double.counts()["calls"] == 0


def test_providers_are_listed_without_loading_a_client() -> None:
    program = (
        "import sys; from intake.providers.remote import remote_providers; from intake.settings import Settings;"
        "providers = remote_providers(Settings.model_validate({})); assert len(providers) >= 10;"
        "assert all(provider.missing() for provider in providers);"
        "heavy = {'openai', 'httpx2', 'boto3', 'numpy', 'aws_lambda_powertools'};"
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env={"PYTHONPATH": "layers/core"}
    )

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_the_organisation_of_the_environment_reaches_no_other_service(
    double: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-ours")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-ours")
    key_without_client = "key-of-this-test"

    Remote(double, FLASH_API_KEY=key_without_client)(Capability.TRANSLATE, "flash").call(translation())

    assert not {"openai-organization", "openai-project"} & double.requests()[0]["headers"].keys()
