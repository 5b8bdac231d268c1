"""Step Functions: timing, as AWS documents it."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

from local.patching import edit

TIMED_OUT = "The execution exceeded the TimeoutSeconds of its state machine"

LONGEST_DELAY = 60.0
"""Seconds: the emulator's own cap on one pause between retries."""


def start_executions_at_once() -> None:
    """Leave out the pause before the first state.

    Prevents: every execution takes 150 ms more, which is more than all of Intake's own work.
    """
    from ministack.services import stepfunctions

    edit(stepfunctions, "_run_execution", ("    time.sleep(0.15)\n", ""))


def retry_with_jitter_and_a_cap() -> None:
    """Honour ``MaxDelaySeconds`` and ``JitterStrategy``.

    Prevents: a retry policy that is capped at 5 s on AWS waits up to a minute here, and tests run into timeouts.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_execute_task",
        (
            'interval = retrier.get("IntervalSeconds", 1)\n'
            '                backoff = retrier.get("BackoffRate", 2.0)\n'
            "                sleep_sec = interval * (backoff ** count)\n"
            "                _scaled_sleep(min(sleep_sec, 60))\n",
            "_scaled_sleep(_intake_retry_delay(retrier, count))\n",
        ),
        given={"_intake_retry_delay": retry_delay},
    )
    edit(
        stepfunctions,
        "_with_retry_and_catch",
        (
            'interval = retrier.get("IntervalSeconds", 1)\n'
            '                _scaled_sleep(min(interval * (retrier.get("BackoffRate", 2.0) ** count), 60))\n',
            "_scaled_sleep(_intake_retry_delay(retrier, count))\n",
        ),
    )


def retry_delay(retrier: dict[str, Any], retries: int) -> float:
    """Return the seconds to wait before the next attempt after ``retries`` retries."""
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** retries
    delay = min(delay, retrier.get("MaxDelaySeconds", LONGEST_DELAY), LONGEST_DELAY)
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay


def assign_variables_together() -> None:
    """Evaluate all of a state's ``Assign`` with the variables as they were when the state was entered.

    Prevents: ``{"attempt": "$attempt + 1", "failed": "$providers[$attempt]"}`` names the next provider here and the
    failed one on AWS.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_apply_state_assign",
        (
            "    for name, template in assign.items():\n",
            "    assigned = {}\n    for name, template in assign.items():\n",
        ),
        ("        variables[name] = _apply_jsonata_template(\n", "        assigned[name] = _apply_jsonata_template(\n"),
        (
            "            result=result, error_output=error_output,\n        )\n",
            "            result=result, error_output=error_output,\n        )\n    variables.update(assigned)\n",
        ),
    )


def fire_heartbeats() -> None:
    """Fail a waiting task with ``States.HeartbeatTimeout`` when its heartbeat stays away.

    Prevents: a callback that never comes is noticed only at the task's timeout, here and in no other place.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_invoke_with_callback",
        (
            "    if not evt.wait(timeout=timeout):\n",
            "    _intake_await_callback(_task_tokens[token], timeout, state_def.get('HeartbeatSeconds'))\n"
            "    if not evt.is_set() and _task_tokens[token].get('missed'):\n"
            "        _task_tokens.pop(token, None)\n"
            "        raise _ExecutionError('States.HeartbeatTimeout', 'No heartbeat from the task')\n"
            "    if not evt.is_set():\n",
        ),
        given={"_intake_await_callback": await_callback},
    )


def await_callback(token: dict[str, Any], timeout: float, heartbeat: float | None) -> None:
    """Wait for a task token's event; set ``missed`` when a heartbeat interval passes without a heartbeat."""
    event: threading.Event = token["event"]
    deadline = time.monotonic() + timeout
    while (left := deadline - time.monotonic()) > 0:
        token["heartbeat"] = None
        if event.wait(left if heartbeat is None else min(left, heartbeat)):
            return
        if heartbeat is not None and token["heartbeat"] is None and time.monotonic() < deadline:
            token["missed"] = True
            return


def fail_waiting_tasks_with_their_function() -> None:
    """Fail a task that waits for a callback when the function that it called has failed.

    Prevents: a refusal is swallowed, and the machine waits for a callback that nobody will send.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_invoke_with_callback",
        (
            "        except _ExecutionError:\n            pass\n",
            "        except _ExecutionError:\n            _task_tokens.pop(token, None)\n            raise\n",
        ),
    )


def end_machines_at_their_timeout() -> None:
    """End an execution between two states when the machine's ``TimeoutSeconds`` has passed.

    Prevents: a loop that never ends runs for ever here, although the machine forbids it.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_run_execution",
        (
            '        while current_name and execution["status"] == "RUNNING":\n',
            "        _intake_deadline = time.monotonic() + definition.get('TimeoutSeconds', float('inf'))\n"
            '        while current_name and execution["status"] == "RUNNING":\n'
            "            if time.monotonic() > _intake_deadline:\n"
            "                raise _ExecutionError('States.Timeout', _INTAKE_TIMED_OUT)\n",
        ),
        given={"_INTAKE_TIMED_OUT": TIMED_OUT},
    )
    edit(
        stepfunctions,
        "_fail_execution",
        (
            '    execution["status"] = "FAILED"\n',
            '    execution["status"] = "TIMED_OUT" if cause == _INTAKE_TIMED_OUT else "FAILED"\n',
        ),
    )


def name_throttled_calls() -> None:
    """Fail a task whose function is at its limit with ``Lambda.TooManyRequestsException``.

    Prevents: a machine that retries throttled calls ends here, because they are called ``Lambda.Unknown``.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_call_lambda",
        (
            'body.get("errorType", "Lambda.Unknown"),\n',
            'body.get("errorType", _INTAKE_THROTTLED if result.get("throttle") else "Lambda.Unknown"),\n',
        ),
        given={"_INTAKE_THROTTLED": "Lambda.TooManyRequestsException"},
    )


LARGEST_RESULT = 256 * 1024
"""Bytes of JSON that one state may hand to the next."""


def refuse_results_over_the_limit() -> None:
    """Fail a task whose result is over 256 KB with ``States.DataLimitExceeded``.

    Prevents: a text that travels through the state, not through a table, is noticed only on AWS.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_execute_task",
        (
            '            _add_event(execution, "TaskSucceeded", {\n',
            "            if len(json.dumps(task_result)) > _INTAKE_LARGEST_RESULT:\n"
            "                raise _ExecutionError('States.DataLimitExceeded', 'The result is over 262144 bytes')\n"
            '            _add_event(execution, "TaskSucceeded", {\n',
        ),
        given={"_INTAKE_LARGEST_RESULT": LARGEST_RESULT},
    )


def answer_failures_without_output() -> None:
    """Give a failed execution its error and cause, and no output.

    Prevents: a caller who looks for the output finds one that AWS would not send, and takes a failure for a result.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_fail_execution",
        ('    execution["output"] = json.dumps({"Error": error, "Cause": cause})\n', ""),
    )
    edit(
        stepfunctions,
        "_start_sync_execution",
        (
            '        "output": execution.get("output") or "{}",\n',
            '        **({"output": execution["output"]} if execution.get("output") else {}),\n',
        ),
        ('    if execution["status"] == "FAILED":\n', '    if execution["status"] != "SUCCEEDED":\n'),
    )


def forget_finished_express_executions() -> None:
    """Drop the record of a synchronous execution with its answer.

    Prevents: memory grows with every request; on AWS an Express execution cannot be described either.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_start_sync_execution",
        ("    execution = _executions[exec_arn]\n", "    execution = _executions.pop(exec_arn)\n"),
    )


def read_items_in_jsonata() -> None:
    """Evaluate the ``Arguments`` of an ``ItemReader`` in the language of the machine.

    Prevents: a distributed map in JSONata looks for a bucket that is called ``{% $bucket %}``.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_read_map_items",
        (
            'params = _resolve_params_obj(reader.get("Parameters") or reader.get("Arguments") or {}, effective, ctx)\n',
            'resolve = _apply_jsonata_template if "Arguments" in reader else _resolve_params_obj\n'
            '    params = resolve(reader.get("Parameters") or reader.get("Arguments") or {}, effective, ctx)\n',
        ),
    )


def stop_lines_with_their_run() -> None:
    """Begin no further item of a distributed map whose execution has ended.

    Prevents: a batch that was aborted is worked on to its end here, and is not on AWS.
    """
    from ministack.services import stepfunctions

    edit(
        stepfunctions,
        "_run_distributed_map",
        (
            "    def run_child(idx, item):\n",
            '    def run_child(idx, item):\n        if execution["status"] != "RUNNING":\n            return\n',
        ),
    )
