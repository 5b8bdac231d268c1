"""Functions on the embedded AWS: real processes, real errors, changed while they run."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.local.conftest import RunningStack

pytestmark = pytest.mark.emulator


def get(stack: RunningStack, path: str, key: str | None = None, data: bytes | None = None) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json", **({"X-Api-Key": key} if key else {})}
    request = urllib.request.Request(stack.endpoints["api_url"] + path, headers=headers, data=data)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_an_open_route_needs_no_key(stack: RunningStack) -> None:
    assert get(stack, "/health")[0] == 200


def test_the_authorizer_decides_and_its_context_reaches_the_function(stack: RunningStack) -> None:
    assert get(stack, "/v1/inputs")[0] == 401
    assert get(stack, "/v1/inputs", key="made-up")[0] == 403
    status, answer = get(stack, "/v1/inputs?limit=5", key="key-b", data=b'{"text": "hola"}')
    assert status == 200
    assert answer["tenant"] == "tenant-b"
    assert answer["path"] == "/v1/inputs"
    assert answer["query"] == {"limit": "5"}
    assert answer["body"] == '{"text": "hola"}'


def test_a_body_that_lambda_cannot_take_is_refused(stack: RunningStack) -> None:
    assert get(stack, "/v1/inputs", key="key-a", data=b"x" * (6 * 1024 * 1024 + 1))[0] == 413
    assert get(stack, "/v1/inputs", key="key-a", data=b"x" * (5 * 1024 * 1024))[0] == 200


def test_functions_get_the_local_stage_and_the_mode(stack: RunningStack) -> None:
    _, answer = get(stack, "/health")
    assert (answer["stage"], answer["providers"]) == ("local", "mock")


def test_an_unknown_route_is_not_found(stack: RunningStack) -> None:
    assert get(stack, "/v2/inputs", key="key-a")[0] == 404


def test_cors_follows_the_template(stack: RunningStack) -> None:
    request = urllib.request.Request(stack.endpoints["api_url"] + "/v1/inputs", method="OPTIONS")
    request.add_header("Origin", "https://console.example")
    request.add_header("Access-Control-Request-Method", "POST")
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "https://console.example"


def test_an_exception_keeps_its_class_name(stack: RunningStack) -> None:
    answer = stack.invoke("StageFunctionName", {"provider": "refuses"})
    assert answer["errorType"] == "ProviderRefusedError"
    assert answer["errorMessage"] == "not this one"


def test_a_worker_that_ends_is_an_error_and_is_reported(stack: RunningStack) -> None:
    answer = stack.invoke("StageFunctionName", {"provider": "exits"})
    assert answer["errorType"] == "Runtime.ExitError"
    assert "StageFunction" in (stack.state / "local.log").read_text()
    assert "exit status 7" in (stack.state / "local.log").read_text()


def test_a_function_that_cannot_start_says_why(stack: RunningStack) -> None:
    source = stack.application / "echo" / "app.py"
    original = source.read_text()
    try:
        source.write_text("import no_such_module\n")
        time.sleep(0.25)
        answer = stack.invoke("EchoFunctionName", {})
        # What went wrong inside is not for the API's clients.
        assert get(stack, "/health") == (500, {"message": "Internal Server Error"})
    finally:
        source.write_text(original)
        time.sleep(0.25)
    assert answer["errorType"] == "Runtime.ImportModuleError"
    assert "no_such_module" in answer["errorMessage"]
    assert "EchoFunction did not start" in (stack.state / "local.log").read_text()
    assert get(stack, "/health")[0] == 200


def test_the_timeout_of_a_function_holds(stack: RunningStack) -> None:
    began = time.monotonic()
    answer = stack.invoke("StageFunctionName", {"provider": "hangs"})
    assert answer["errorType"] == "Sandbox.Timedout"
    assert time.monotonic() - began < 10


def test_a_function_writes_its_log_to_a_file(stack: RunningStack) -> None:
    stack.invoke("StageFunctionName", {"provider": "seen_in_the_log"})
    log = stack.state / "logs" / "functions" / "StageFunction.log"
    assert "provider seen_in_the_log" in log.read_text()


def test_many_callers_are_served_by_few_workers(stack: RunningStack) -> None:
    with ThreadPoolExecutor(16) as callers:
        answers = list(callers.map(lambda _: get(stack, "/v1/inputs", key="key-a"), range(160)))
    assert {status for status, _ in answers} == {200}
    assert len({answer["pid"] for _, answer in answers}) <= 8


@pytest.mark.parametrize("changed", ["stage/app.py", "layers/core/shared/errors.py"])
def test_a_changed_source_is_used_by_the_next_call(stack: RunningStack, changed: str) -> None:
    before = stack.invoke("StageFunctionName", {"provider": "works"})
    source = stack.application / changed
    original = source.read_text()
    try:
        if changed == "stage/app.py":
            source.write_text(original.replace('VERSION = "first"', 'VERSION = "second"'))
        else:
            source.write_text(original + "\n\nraise RuntimeError('the layer was changed')\n")
        # The files are looked at five times a second at most.
        time.sleep(0.25)
        after = stack.invoke("StageFunctionName", {"provider": "works"})
    finally:
        source.write_text(original)
        time.sleep(0.25)
    assert before["version"] == "first"
    assert after.get("version") == "second" or "the layer was changed" in after["errorMessage"]
    assert stack.invoke("StageFunctionName", {"provider": "works"})["version"] == "first"


@pytest.mark.parametrize(
    ("service", "operation", "arguments"),
    [
        ("transcribe", "list_transcription_jobs", {}),
        ("translate", "translate_text", {"Text": "hola", "SourceLanguageCode": "es", "TargetLanguageCode": "en"}),
        ("bedrock-runtime", "converse", {"modelId": "any", "messages": []}),
    ],
)
def test_made_up_answers_of_ai_services_are_out_of_reach(
    stack: RunningStack, service: str, operation: str, arguments: dict[str, Any]
) -> None:
    from botocore.exceptions import ClientError

    client = stack.client(service)
    with pytest.raises(ClientError) as refused:
        getattr(client, operation)(**arguments)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
