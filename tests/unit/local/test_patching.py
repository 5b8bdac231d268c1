"""Patches fit the code they were read against, or refuse."""

from __future__ import annotations

import threading
import types
from typing import Any

import pytest

from local.patches.step_functions import await_callback, retry_delay
from local.patching import PatchError, edit, replace


class Greeter:
    def greet(self, name: str) -> str:
        greeting = "hello"
        return f"{greeting} {name}"


@pytest.fixture
def owner() -> Any:
    return type("Greeter", (), {"greet": Greeter.greet, "__module__": "emulator"})


def test_a_passage_is_replaced(owner: Any) -> None:
    edit(owner, "greet", ('"hello"', '"good morning"'))
    assert owner().greet("Ada") == "good morning Ada"


def test_a_replacement_may_use_given_names(owner: Any) -> None:
    edit(owner, "greet", ('"hello"', "_given_for_test()"), given={"_given_for_test": lambda: "salut"})
    assert owner().greet("Ada") == "salut Ada"


def test_a_function_can_be_edited_twice(owner: Any) -> None:
    edit(owner, "greet", ('"hello"', '"good morning"'))
    edit(owner, "greet", ("good morning", "good evening"))
    assert owner().greet("Ada") == "good evening Ada"


@pytest.mark.parametrize(("passage", "count"), [("goodbye", 0), ("greeting", 2)])
def test_another_code_than_expected_is_refused(owner: Any, passage: str, count: int) -> None:
    with pytest.raises(PatchError, match=rf"emulator\.Greeter\.greet: {count} occurrences"):
        edit(owner, "greet", (passage, "x"))
    assert owner().greet("Ada") == "hello Ada"


def test_a_taken_name_is_refused(owner: Any) -> None:
    with pytest.raises(PatchError, match="the name pytest is taken"):
        edit(owner, "greet", ('"hello"', "pytest"), given={"pytest": None})


def test_a_function_is_replaced_when_its_signature_is_as_expected() -> None:
    module = types.SimpleNamespace(__name__="emulator", double=lambda number: 2 * number)
    original = replace(module, "double", "(number)", lambda number: 3 * number)
    assert (module.double(1), original(1)) == (3, 2)
    with pytest.raises(PatchError, match=r"emulator\.double takes \(number\), not \(number, times\)"):
        replace(module, "double", "(number, times)", original)


@pytest.mark.parametrize(
    ("retries", "seconds"), [(0, 1), (1, 2), (2, 4), (3, 5), (10, 5)], ids=["first", "second", "third", "cap", "late"]
)
def test_retries_back_off_up_to_their_cap(retries: int, seconds: float) -> None:
    assert retry_delay({"IntervalSeconds": 1, "BackoffRate": 2, "MaxDelaySeconds": 5}, retries) == seconds


def test_full_jitter_waits_between_nothing_and_the_delay() -> None:
    delays = [retry_delay({"IntervalSeconds": 4, "JitterStrategy": "FULL"}, 0) for _ in range(200)]
    assert 0 <= min(delays) < 1
    assert 3 < max(delays) <= 4


def test_a_missing_heartbeat_is_noticed() -> None:
    token: dict[str, Any] = {"event": threading.Event(), "heartbeat": None}
    await_callback(token, timeout=5, heartbeat=0.01)
    assert token["missed"]


def test_the_timeout_is_no_missing_heartbeat() -> None:
    token: dict[str, Any] = {"event": threading.Event(), "heartbeat": None}
    await_callback(token, timeout=0.01, heartbeat=60)
    assert "missed" not in token


def test_an_answer_ends_the_wait() -> None:
    token: dict[str, Any] = {"event": threading.Event(), "heartbeat": None}
    token["event"].set()
    await_callback(token, timeout=5, heartbeat=0.01)
    assert "missed" not in token
