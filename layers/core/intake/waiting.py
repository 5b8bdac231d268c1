"""States of machines that wait for a callback: how they are told that it came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import JsonValue

from intake.errors import IntakeError, TransientError
from intake.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_NOBODY_WAITS = frozenset({"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"})


class WaitingTasks(Protocol):
    """Tasks by the token that their machine gave out. One that waits no longer is told in vain, and that is right."""

    def succeed(self, token: str, result: Mapping[str, JsonValue]) -> None:
        """Let the task go on with a result.

        Raises
        ------
        TransientError
            It could not be told.
        """
        ...

    def fail(self, token: str, error: IntakeError) -> None:
        """Let the task fail as if its function had raised the error; raises as `succeed` does."""
        ...


class StepFunctionsTasks:
    """`WaitingTasks` of AWS Step Functions."""

    def __init__(self, client: SFNClient) -> None:
        self._client = client

    def succeed(self, token: str, result: Mapping[str, JsonValue]) -> None:
        _tell(lambda: self._client.send_task_success(taskToken=token, output=json.dumps(dict(result))))

    def fail(self, token: str, error: IntakeError) -> None:
        name = type(error).__name__
        # In the form in which Lambda reports an exception: the machine's failures are read from it.
        cause = json.dumps({"errorMessage": error.detail, "errorType": name})
        _tell(lambda: self._client.send_task_failure(taskToken=token, error=name, cause=cause))


@cache
def waiting_tasks() -> StepFunctionsTasks:
    """Return the tasks of this process's client of Step Functions."""
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 3, "mode": "standard"})
    return StepFunctionsTasks(boto3.client("stepfunctions", config=config))


def _tell(call: Any) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        call()
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "unknown")
        if code not in _NOBODY_WAITS:
            raise TransientError(f"Step Functions answered {code}.") from error
        logger.info("a callback came when nobody waited for it any more", code=code)
    except BotoCoreError as error:
        raise TransientError(f"Step Functions did not answer: {type(error).__name__}.") from error
