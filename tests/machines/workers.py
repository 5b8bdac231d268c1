"""The processes that run the functions of a stack."""

from __future__ import annotations

from pathlib import Path

from tests.support.stack import RunningStack


def workers(stack: RunningStack, function: str) -> list[int]:
    """Return the processes that run a function of this stack."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            environment = (process / "environ").read_bytes().decode(errors="replace").split("\0")
        except (OSError, ValueError):
            continue
        of_this_stack = f"AWS_ENDPOINT_URL={stack.endpoints['aws_endpoint_url']}" in environment
        named = [line for line in environment if line.startswith("AWS_LAMBDA_FUNCTION_NAME=")]
        if of_this_stack and any(function in line for line in named):
            found.append(int(process.name))
    return found
