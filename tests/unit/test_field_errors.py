"""What is said of a field that breaks its schema: what to send instead, and never what was sent."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from intake.field_errors import field_errors
from intake.inputs.acceptance import InputRequest
from intake.inputs.reveal import RevealRequest


def told(request: dict[str, Any], model: type[Any] = InputRequest) -> dict[str, str]:
    with pytest.raises(ValidationError) as refused:
        model.model_validate(request)
    details = refused.value.errors(include_input=False, include_url=False)
    return {error.field: error.message for error in field_errors(details)}


@pytest.mark.parametrize(
    ("fields", "place", "message"),
    [
        ({"context": {"user_id": ""}}, "context.user_id", "This is too short. Send 1 character or more."),
        ({"context": {"user_id": "a" * 129}}, "context.user_id", "Send at most 128 characters."),
        ({"context": {"history": ["x"] * 21}}, "context.history", "Send at most 20 of them; these are 21."),
        (
            {"context": {"history": [{"role": "bot", "text": "x"}]}},
            "context.history.0.role",
            "Send one of: 'user' or 'agent'.",
        ),
        ({"context": {"history": [{"role": "user"}]}}, "context.history.0.text", "This field is required."),
        ({"preferences": {"cost": 1.5}}, "preferences.cost", "Send a number of at most 1."),
        ({"preferences": {"quality": -0.1}}, "preferences.quality", "Send a number of at least 0."),
        ({"preferences": {"quality": "high"}}, "preferences.quality", "Send a number."),
        ({"texts": "x"}, "texts", "There is no such field here. Remove it, or check its spelling."),
    ],
)
def test_a_field_at_fault_is_named_with_its_remedy(fields: dict[str, Any], place: str, message: str) -> None:
    assert told({"text": "Hola."} | fields) == {place: message}


def test_a_choice_is_told_with_what_there_is_to_choose() -> None:
    (message,) = told({"reason": "because"}, RevealRequest).values()

    assert message.startswith("Send one of: 'case_work'")
    assert "because" not in message


def test_no_message_and_no_field_holds_what_was_sent() -> None:
    sent = {"text": 7, "Ana García, 48213": 1, "context": {"user_id": ["Ana García"], "history": "Ana García"}}

    assert "Ana" not in str(told(sent))
