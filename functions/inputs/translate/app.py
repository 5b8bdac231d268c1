"""Translate one input with one provider: state `Translate` of the input machine."""

from __future__ import annotations

from typing import Any

from intake.inputs.commands import ProviderCommand
from intake.inputs.translation import translate
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(ProviderCommand)
def handler(command: ProviderCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.translation.translate`."""
    parts = services()
    return translate(
        command, gateway=parts.gateway, inputs=parts.inputs, memory=parts.memory, clock=parts.clock
    ).as_state()
