"""Logs, and the frame of every stage handler. Neutral: neither domain nor adapter, so both may use it.

Logs carry ids, counts and class names, never the text, audio or document of a user, and never a secret.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from aws_lambda_powertools import Logger
from pydantic import BaseModel

from intake.clock import SystemClock

CommandT = TypeVar("CommandT", bound=BaseModel)

LOGGED_IDS = ("tenant", "input_id", "document_id", "batch_id", "line", "erasure_id", "provider")

logger = Logger(service="intake")

_clock = SystemClock()


def lambda_handler(
    command_type: type[CommandT],
) -> Callable[[Callable[[CommandT], dict[str, Any]]], Callable[[dict[str, Any], Any], dict[str, Any]]]:
    """Make a function of a command into a Lambda handler.

    The event is validated into ``command_type``; ids found in it become keys of every log line; the end is logged with
    its duration, and a failure with the class name that the state machine will match. Nothing is caught.
    """

    def decorate(handle: Callable[[CommandT], dict[str, Any]]) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
        @wraps(handle)
        @logger.inject_lambda_context(clear_state=True)
        def entry(event: dict[str, Any], _context: Any) -> dict[str, Any]:
            logger.append_keys(**{name: event[name] for name in LOGGED_IDS if isinstance(event.get(name), str | int)})
            started = _clock.monotonic_ms()
            outcome = "failed"
            try:
                result = handle(command_type.model_validate(event))
                outcome = "done"
                return result
            except Exception as error:
                outcome = type(error).__name__
                raise
            finally:
                logger.info("stage ended", outcome=outcome, duration_ms=round(_clock.monotonic_ms() - started, 1))

        return entry

    return decorate
