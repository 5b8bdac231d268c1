"""What is told of a failure: Intake's own words, and nothing that a foreign exception may quote."""

from __future__ import annotations

import json

import pytest

from intake.errors import ProviderRefusedError, own_error, reported_detail, tried_in_vain
from intake.inputs.results import Failure

CAUSE = json.dumps({"errorMessage": "openai answered HTTP 401.", "errorType": "ProviderRefusedError", "stackTrace": []})


def test_own_errors_are_found_by_their_names() -> None:
    assert own_error("ProviderRefusedError") is ProviderRefusedError
    assert own_error("KeyError") is None
    assert own_error("BaseModel") is None


@pytest.mark.parametrize(
    ("name", "cause", "detail"),
    [
        ("ProviderRefusedError", CAUSE, "openai answered HTTP 401."),
        ("KeyError", CAUSE, ""),
        ("States.Timeout", "", ""),
        ("NotFoundError", "There is no object.", "There is no object."),
        ("NotFoundError", "[1]", ""),
        ("NotFoundError", '{"errorMessage": 3}', ""),
    ],
)
def test_only_our_own_words_are_repeated(name: str, cause: str, detail: str) -> None:
    assert reported_detail(name, cause) == detail


def test_a_failed_provider_keeps_our_words_and_drops_the_rest() -> None:
    failure = Failure.model_validate({"provider": "openai", "error": "ProviderRefusedError", "cause": CAUSE})

    assert failure.detail == "openai answered HTTP 401."
    assert "stackTrace" not in failure.model_dump_json()
    assert Failure.model_validate_json(failure.model_dump_json()) == failure


def test_a_provider_is_named_once() -> None:
    assert tried_in_vain("openai", "openai answered HTTP 500.") == "openai answered HTTP 500."
    assert tried_in_vain("tesseract", "It ran out of time.") == "tesseract: It ran out of time."
