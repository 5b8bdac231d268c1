"""State machines as the HTTP API uses them: run one and wait, or start one and go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Protocol

from pydantic import JsonValue

from intake.errors import ConfigurationError, TransientError
from intake.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

SECONDS_TO_WAIT = 25
"""API Gateway gives up at 30 s; the rest is for answering."""


LONGEST_EXPRESS_RUN = timedelta(minutes=5)
"""AWS ends an Express run then, whatever its definition says, and tells nobody."""


class RunStatus(StrEnum):
    """How a run stands when it is no longer waited for."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    RUNNING = "running"
    """It goes on by itself, or nobody can tell: the record of what it works on will."""


@dataclass(frozen=True)
class Run:
    """One run of a machine; ``error`` is the class name that ended a failed one."""

    status: RunStatus
    error: str | None = None


class MachineRunner(Protocol):
    """Runs state machines by their ARN."""

    def run(self, machine: str, name: str, command: Mapping[str, JsonValue]) -> Run:
        """Run an Express machine and wait for its end, 25 s at most.

        Raises
        ------
        TransientError
            The run was not begun.
        ConfigurationError
            There is no such machine.
        """
        ...

    def start(self, machine: str, name: str, command: Mapping[str, JsonValue]) -> None:
        """Start a Standard machine. A second start under the same name is none: it runs already.

        Raises
        ------
        TransientError
            The run was not begun.
        ConfigurationError
            There is no such machine.
        """
        ...


class StepFunctions:
    """`MachineRunner`, and `intake.inputs.erasure.RunStopper`, over AWS Step Functions."""

    def __init__(self, client: SFNClient) -> None:
        self._machines = client

    def run(self, machine: str, name: str, command: Mapping[str, JsonValue]) -> Run:
        from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

        _require(machine)
        try:
            ended = self._machines.start_sync_execution(
                stateMachineArn=machine, name=name, input=json.dumps(dict(command))
            )
        except (ReadTimeoutError, ConnectionClosedError):
            # The execution does not end with the connection.
            return Run(RunStatus.RUNNING)
        except (ClientError, BotoCoreError) as error:
            raise _not_begun(error) from error
        if ended["status"] == "SUCCEEDED":
            return Run(RunStatus.SUCCEEDED)
        return Run(RunStatus.FAILED, ended.get("error") or "States.Timeout")

    def start(self, machine: str, name: str, command: Mapping[str, JsonValue]) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        _require(machine)
        try:
            self._machines.start_execution(stateMachineArn=machine, name=name, input=json.dumps(dict(command)))
        except self._machines.exceptions.ExecutionAlreadyExists:
            return
        except (ClientError, BotoCoreError) as error:
            raise _not_begun(error) from error

    def stop(self, machine: str, name: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        _require(machine)
        execution = machine.replace(":stateMachine:", ":execution:", 1) + f":{name}"
        try:
            self._machines.stop_execution(executionArn=execution, error="ErasedError")
        except self._machines.exceptions.ExecutionDoesNotExist:
            return
        except (ClientError, BotoCoreError) as error:
            raise TransientError("The run could not be stopped for the moment.") from error


@cache
def step_functions() -> StepFunctions:
    """Return the runner over this process's client of Step Functions.

    One attempt: an answer that is lost on its way would make a retry run the machine, and pay for it, twice.
    """
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "stepfunctions",
        config=Config(
            connect_timeout=2,
            read_timeout=SECONDS_TO_WAIT,
            retries={"total_max_attempts": 1},
            max_pool_connections=32,
            # StartSyncExecution goes to sync-<host>, a name that a local endpoint does not have.
            inject_host_prefix=settings().aws_endpoint_url is None,
        ),
    )
    return StepFunctions(client)


def _require(machine: str) -> None:
    if not machine:
        raise ConfigurationError("No state machine is set: INPUT_EXPRESS_ARN and INPUT_STANDARD_ARN name them.")


def _not_begun(error: Exception) -> TransientError | ConfigurationError:
    code = getattr(error, "response", {}).get("Error", {}).get("Code", "")
    if code in {"StateMachineDoesNotExist", "InvalidArn", "AccessDeniedException", "StateMachineTypeNotSupported"}:
        return ConfigurationError(f"The state machine cannot be run: Step Functions answered {code}.")
    return TransientError("The work could not be started for the moment. Send the request again in a few seconds.")
