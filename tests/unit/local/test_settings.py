"""What of the caller's environment reaches functions, by mode."""

from __future__ import annotations

import pytest

from local.settings import imposed, inherited, parameters

CALLER = {
    "OPENAI_API_KEY": "sk-secret",
    "FLASH_MODEL": "some-flash",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "http://elsewhere.example",
    "AWS_ENDPOINT_URL_TRANSCRIBE": "http://127.0.0.1:9",
    "INTAKE_BUDGET_USD_PER_DAY": "1.50",
}


@pytest.mark.parametrize("mode", ["real", "hybrid"])
def test_remote_modes_pass_the_keys_of_providers(mode: str) -> None:
    passed = inherited(mode, CALLER)
    assert passed["OPENAI_API_KEY"] == "sk-secret"
    assert passed["FLASH_MODEL"] == "some-flash"


@pytest.mark.parametrize("mode", ["embedded", "mock"])
def test_other_modes_know_no_key(mode: str) -> None:
    assert "OPENAI_API_KEY" not in inherited(mode, CALLER)


@pytest.mark.parametrize("mode", ["embedded", "mock", "real", "hybrid"])
def test_only_a_services_own_endpoint_is_passed(mode: str) -> None:
    passed = inherited(mode, CALLER)
    assert passed["AWS_ENDPOINT_URL_TRANSCRIBE"] == "http://127.0.0.1:9"
    assert "AWS_ENDPOINT_URL" not in passed
    assert "AWS_PROFILE" not in passed


def test_a_proxy_is_not_asked_for_this_machine() -> None:
    passed = inherited("real", {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "internal.example"})
    assert passed["HTTPS_PROXY"] == "http://proxy.example:3128"
    assert passed["NO_PROXY"] == passed["no_proxy"] == "internal.example,127.0.0.1,localhost"


def test_parameters_follow_the_caller() -> None:
    assert parameters("mock", CALLER) == {"Stage": "local", "Providers": "mock", "BudgetUsdPerDay": "1.50"}


def test_functions_know_the_stage_and_the_mode() -> None:
    assert imposed("hybrid") == {"INTAKE_STAGE": "local", "INTAKE_PROVIDERS": "hybrid"}
