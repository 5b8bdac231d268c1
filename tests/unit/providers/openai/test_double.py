"""The double itself: as strict as the contract, quick with many callers, and driven from another process."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from intake.errors import IntakeError, TransientError
from intake.providers.ports import Capability
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.unit.providers.openai.remote import Remote
from tests.unit.providers.openai.requests import SANITIZE_SCHEMA, embedding, translation

CHAT: dict[str, Any] = {"model": "gpt-5.6-luna", "messages": [{"role": "user", "content": "{}"}]}
EMBED: dict[str, Any] = {"model": "text-embedding-3-small", "input": ["a text"]}


def with_schema(schema: dict[str, Any], name: str = "answer") -> dict[str, Any]:
    described = {"name": name, "strict": True, "schema": schema}
    return {**CHAT, "response_format": {"type": "json_schema", "json_schema": described}}


def post(double: Control, path: str, body: object, key: str | None = "sk-test") -> tuple[int, Any]:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"{double.openai_base_url}{path}", content, headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/chat/completions", b"no json"),
        ("/chat/completions", []),
        ("/chat/completions", {**CHAT, "invented": 1}),
        ("/chat/completions", {"messages": CHAT["messages"]}),
        ("/chat/completions", {**CHAT, "messages": []}),
        ("/chat/completions", {**CHAT, "messages": [{"role": "robot", "content": "x"}]}),
        ("/chat/completions", {**CHAT, "max_completion_tokens": 0}),
        ("/chat/completions", {**CHAT, "reasoning_effort": "maximal"}),
        ("/chat/completions", with_schema(SANITIZE_SCHEMA, name="not a name")),
        ("/chat/completions", with_schema({"type": "object", "properties": {}, "required": []})),
        ("/chat/completions", with_schema({**SANITIZE_SCHEMA, "required": ["text"]})),
        ("/embeddings", {**EMBED, "invented": 1}),
        ("/embeddings", {"input": ["a"]}),
        ("/embeddings", {**EMBED, "input": []}),
        ("/embeddings", {**EMBED, "input": ["a", ""]}),
        ("/embeddings", {**EMBED, "input": ["a"] * 2_049}),
        ("/embeddings", {**EMBED, "input": ["a " * 16_385]}),
        ("/embeddings", {**EMBED, "input": ["a" * 32_000] * 38}),
        ("/embeddings", {**EMBED, "encoding_format": "hex"}),
        ("/embeddings", {**EMBED, "model": "text-embedding-ada-002", "dimensions": 64}),
    ],
)
def test_a_request_outside_of_the_contract_is_refused(double: Control, path: str, body: object) -> None:
    status, answer = post(double, path, body)

    assert status == 400
    assert answer["error"].keys() == {"message", "type", "param", "code"}


def test_a_request_within_the_contract_is_answered(double: Control) -> None:
    assert post(double, "/chat/completions", with_schema(SANITIZE_SCHEMA))[0] == 200
    assert post(double, "/embeddings", {**EMBED, "dimensions": 64})[1]["data"][0]["index"] == 0


def test_nobody_is_answered_without_a_key(double: Control) -> None:
    assert post(double, "/chat/completions", CHAT, key=None)[0] == 401
    assert double.counts()["calls"] == 0


def test_faults_are_for_their_route_key_and_number_of_calls(double: Control) -> None:
    double.fail(Fault(kind=Kind.STATUS, status=503, route="chat", key="sk-a", times=2))

    statuses = [
        post(double, "/chat/completions", CHAT, key="sk-b")[0],
        post(double, "/embeddings", EMBED, key="sk-a")[0],
        *(post(double, "/chat/completions", CHAT, key="sk-a")[0] for _ in range(3)),
    ]

    assert statuses == [200, 200, 503, 503, 200]
    counts = double.counts()
    assert (counts["calls"], counts["answered"]) == (5, 3)
    assert counts["by_key"] == {"sk-b": 1, "sk-a": 4}
    assert counts["by_route"] == {"chat": 4, "embeddings": 1}


def test_a_fault_without_a_number_lasts_until_it_is_cleared(double: Control) -> None:
    double.fail(Fault.rate_limit("1", times=None))
    assert [post(double, "/embeddings", EMBED)[0] for _ in range(3)] == [429] * 3

    double.clear_faults()

    assert post(double, "/embeddings", EMBED)[0] == 200


def test_a_hundred_callers_at_once_are_each_answered(remote: Remote, double: Control) -> None:
    double.fail(Fault(kind=Kind.STATUS, status=500, times=13))
    gate = threading.Barrier(100)

    def call(number: int) -> str:
        gate.wait()
        try:
            if number % 2:
                return str(remote(Capability.TRANSLATE).call(translation(f"texto {number}")).value.text)
            return str(remote(Capability.EMBED).call(embedding(f"text {number}")).value.dimension)
        except IntakeError as error:
            return type(error).__name__

    with ThreadPoolExecutor(100) as pool:
        outcomes = Counter(pool.map(call, range(100)))

    assert outcomes.pop(TransientError.__name__) == 13
    assert sum(outcomes.values()) == 87
    assert double.counts()["calls"] == 100
    assert double.counts()["answered"] == 87


def test_another_process_serves_and_is_driven_from_here() -> None:
    command = [sys.executable, "-m", "tests.doubles.openai_server", "--port", "0", "--control"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            double = Control(json.loads(process.stdout.readline())["address"])
            double.fail(Fault.quota())

            statuses = [post(double, "/chat/completions", CHAT)[0] for _ in range(2)]

            assert statuses == [429, 200]
            assert double.counts()["calls"] == 2
        finally:
            process.terminate()


def test_the_control_is_off_unless_asked_for() -> None:
    command = [sys.executable, "-m", "tests.doubles.openai_server"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            double = Control(json.loads(process.stdout.readline())["address"])

            with pytest.raises(urllib.error.HTTPError) as caught:
                double.counts()

            with caught.value as refusal:
                assert refusal.code == 404
        finally:
            process.terminate()
