"""The runner of state machines, against Step Functions' own protocol."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.stub import Stubber

from intake.errors import ConfigurationError, TransientError
from intake.machines import Run, RunStatus, StepFunctions

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:Input"
EXECUTION = "arn:aws:states:us-east-1:123456789012:express:Input:inp_1:b1946ac9"
ASKED = {"stateMachineArn": ARN, "name": "inp_1", "input": '{"tenant": "acme", "input_id": "inp_1"}'}
COMMAND = {"tenant": "acme", "input_id": "inp_1"}


@pytest.fixture
def client() -> Any:
    return boto3.client(
        "stepfunctions",
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}),
    )


def ended(status: str, **more: str) -> dict[str, Any]:
    moment = "2026-11-20T12:00:00Z"
    return {"executionArn": EXECUTION, "startDate": moment, "stopDate": moment, "status": status, **more}


@pytest.mark.parametrize(
    ("answer", "run"),
    [
        (ended("SUCCEEDED", output="{}"), Run(RunStatus.SUCCEEDED)),
        (
            ended("FAILED", error="ProvidersUnavailableError", cause="…"),
            Run(RunStatus.FAILED, "ProvidersUnavailableError"),
        ),
        (ended("TIMED_OUT"), Run(RunStatus.FAILED, "States.Timeout")),
    ],
)
def test_a_run_that_ended_says_how(client: Any, answer: dict[str, Any], run: Run) -> None:
    with Stubber(client) as stub:
        stub.add_response("start_sync_execution", answer, ASKED)

        assert StepFunctions(client).run(ARN, "inp_1", COMMAND) == run


@pytest.mark.parametrize(
    "lost",
    [ReadTimeoutError(endpoint_url="https://sync-states"), ConnectionClosedError(endpoint_url="https://sync-states")],
)
def test_a_run_whose_answer_is_lost_goes_on(client: Any, monkeypatch: pytest.MonkeyPatch, lost: Exception) -> None:
    fail_with(client, monkeypatch, lost)

    assert StepFunctions(client).run(ARN, "inp_1", COMMAND) == Run(RunStatus.RUNNING)


def test_an_unreachable_service_began_nothing(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(client, monkeypatch, EndpointConnectionError(endpoint_url="https://sync-states"))

    with pytest.raises(TransientError):
        StepFunctions(client).run(ARN, "inp_1", COMMAND)
    with pytest.raises(TransientError):
        StepFunctions(client).start(ARN, "inp_1", COMMAND)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("ThrottlingException", TransientError),
        ("ExecutionLimitExceeded", TransientError),
        ("StateMachineDoesNotExist", ConfigurationError),
        ("AccessDeniedException", ConfigurationError),
    ],
)
def test_a_refused_start_is_said_by_its_kind(client: Any, code: str, error: type[Exception]) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("start_sync_execution", code)
        stub.add_client_error("start_execution", code)

        with pytest.raises(error):
            StepFunctions(client).run(ARN, "inp_1", COMMAND)
        with pytest.raises(error):
            StepFunctions(client).start(ARN, "inp_1", COMMAND)


def test_a_second_start_under_the_same_name_is_none(client: Any) -> None:
    with Stubber(client) as stub:
        stub.add_response("start_execution", {"executionArn": EXECUTION, "startDate": "2026-11-20T12:00:00Z"}, ASKED)
        stub.add_client_error("start_execution", "ExecutionAlreadyExists")
        runner = StepFunctions(client)

        runner.start(ARN, "inp_1", COMMAND)
        runner.start(ARN, "inp_1", COMMAND)


def test_a_machine_that_is_not_set_is_said() -> None:
    with pytest.raises(ConfigurationError, match="INPUT_EXPRESS_ARN"):
        StepFunctions(object()).run("", "inp_1", COMMAND)  # type: ignore[arg-type]


def fail_with(client: Any, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def call(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(client, "_make_api_call", call)
