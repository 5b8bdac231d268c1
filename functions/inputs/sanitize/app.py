"""Clean the English of one input with one provider: state `Sanitize` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.commands import ProviderCommand
from intake.inputs.sanitization import sanitize
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ProviderCommand)
def handler(command: ProviderCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.sanitization.sanitize`."""
    return sanitize(command, gateway=services().gateway, inputs=services().inputs, clock=services().clock).as_state()
