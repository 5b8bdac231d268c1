"""State machines on the embedded AWS: the provider loop, and machines that events start."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.local.conftest import RunningStack

pytestmark = pytest.mark.emulator


def eventually(ask: Callable[[], Any], seconds: float = 15) -> Any:
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
    return answer


def test_the_first_provider_answers(stack: RunningStack) -> None:
    execution = stack.express("works")
    assert execution["status"] == "SUCCEEDED"
    assert json.loads(execution["output"]) == {"provider": "works", "failures": []}


def test_a_refusal_goes_to_the_next_provider_and_is_recorded_with_its_name(stack: RunningStack) -> None:
    execution = stack.express("refuses", "works")
    # The name of the provider that failed: all variables of an Assign are those of the state's entry.
    assert json.loads(execution["output"]) == {
        "provider": "works",
        "failures": [{"provider": "refuses", "error": "ProviderRefusedError"}],
    }


def test_a_transient_error_is_retried_by_class_name(stack: RunningStack) -> None:
    execution = stack.express("fails_once", id=uuid4().hex)
    assert json.loads(execution["output"]) == {"provider": "fails_once", "failures": []}


def test_a_killed_worker_is_retried(stack: RunningStack) -> None:
    execution = stack.express("kills_its_worker_once", id=uuid4().hex)
    assert json.loads(execution["output"]) == {"provider": "kills_its_worker_once", "failures": []}


def test_no_provider_left_fails_the_execution_with_the_list_as_cause(stack: RunningStack) -> None:
    execution = stack.express("refuses", "hangs")
    assert execution["status"] == "FAILED"
    assert execution["error"] == "NoProviderLeft"
    assert "output" not in execution
    assert [failure["error"] for failure in json.loads(execution["cause"])] == [
        "ProviderRefusedError",
        "Sandbox.Timedout",
    ]


def test_a_result_over_the_limit_fails_the_task(stack: RunningStack) -> None:
    execution = stack.express("says_too_much")
    assert "States.DataLimitExceeded" in execution["cause"]


def test_a_standard_machine_runs_the_same_definition(stack: RunningStack) -> None:
    states = stack.client("stepfunctions")
    started = states.start_execution(
        stateMachineArn=stack.outputs["LoopStandardMachineArn"],
        input=json.dumps({"id": "some", "providers": ["refuses", "works"]}),
    )

    def ended() -> Any:
        found = states.describe_execution(executionArn=started["executionArn"])
        return found if found["status"] != "RUNNING" else None

    execution = eventually(ended)
    assert execution["status"] == "SUCCEEDED"
    assert json.loads(execution["output"])["provider"] == "works"


def test_a_posted_upload_starts_its_machine_and_too_large_a_one_is_refused(stack: RunningStack) -> None:
    key = f"uploads/tenant-a/{uuid4().hex}"
    form = stack.client("s3").generate_presigned_post(
        stack.outputs["UploadsBucketName"], key, Conditions=[["content-length-range", 1, 10]]
    )
    assert post(form, b"x" * 11) == 400
    assert post(form, b"x" * 10) == 204

    states = stack.client("stepfunctions")

    def output() -> Any:
        machine = stack.outputs["UploadMachineArn"]
        arns = [item["executionArn"] for item in states.list_executions(stateMachineArn=machine)["executions"]]
        outputs = [states.describe_execution(executionArn=arn).get("output") for arn in arns]
        return next((json.loads(found) for found in outputs if found and key in found), None)

    # A Map over three items, in their order.
    assert eventually(output) == {"key": key, "items": [1, 2, 3]}


def post(form: dict[str, Any], content: bytes) -> int:
    boundary = uuid4().hex
    fields = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    )
    head = f'{fields}--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    request = urllib.request.Request(
        form["url"],
        data=head.encode() + content + f"\r\n--{boundary}--\r\n".encode(),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_expiry_of_a_table_is_switched_on(stack: RunningStack) -> None:
    answer = stack.client("dynamodb").describe_time_to_live(TableName=stack.outputs["ItemsTableName"])
    assert answer["TimeToLiveDescription"] == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_a_heartbeat_that_stays_away_fails_the_task(stack: RunningStack) -> None:
    waiting = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": {"FunctionName": stack.outputs["StageFunctionName"], "Payload": {"provider": "works"}},
        "HeartbeatSeconds": 1,
        "TimeoutSeconds": 60,
        "End": True,
    }
    execution = stack.run_once({"QueryLanguage": "JSONata", "StartAt": "Wait", "States": {"Wait": waiting}})
    assert execution["status"] == "FAILED"
    assert execution["error"] == "States.HeartbeatTimeout"


def test_the_timeout_of_a_machine_ends_it(stack: RunningStack) -> None:
    states = {"Wait": {"Type": "Wait", "Seconds": 1, "Next": "Wait"}}
    execution = stack.run_once({"QueryLanguage": "JSONata", "StartAt": "Wait", "TimeoutSeconds": 2, "States": states})
    assert execution["status"] == "TIMED_OUT"
    assert execution["error"] == "States.Timeout"
    assert "output" not in execution
