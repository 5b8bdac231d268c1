"""What can go wrong for a command, each with its exit code. The codes are a promise: docs/cli.md lists them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class ExitCode(IntEnum):
    """What a command's exit status means."""

    OK = 0
    FAILED = 1
    """The work was begun and failed, or a check found a problem."""
    USAGE = 2
    """The command line is wrong."""
    NOT_READY = 3
    """Intake is not reachable, or nothing says where it is."""
    REJECTED = 4
    """What was sent is not accepted, or does not exist: another try with the same will end the same."""
    REFUSED = 5
    """The API key is missing, unknown, expired, or may not do this."""
    INTERRUPTED = 130


class CliError(Exception):
    """An error with a sentence for whoever typed the command.

    Parameters
    ----------
    problem
        The API's problem, where it sent one: shown field by field, and whole with ``--json``.
    """

    def __init__(
        self, message: str, code: ExitCode = ExitCode.FAILED, problem: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.problem = dict(problem or {})

    @property
    def tried(self) -> list[str]:
        """What became of each provider that was tried, such as ``tried flash: A provider took too long``."""
        return [f"tried {_attempt(failure)}" for failure in self.problem.get("failures") or ()]

    def as_json(self) -> dict[str, Any]:
        return {"error": {"message": self.message, "exit_code": int(self.code), "problem": self.problem or None}}


def _attempt(failure: str | Mapping[str, Any]) -> str:
    # A problem has sentences; an input that is looked up later has provider and class name.
    return failure if isinstance(failure, str) else f"{failure['provider']}: {failure['error']}"
