"""Count what the providers of an input did: the events `input.completed` and `input.failed` of our own bus."""

from __future__ import annotations

from typing import Any

from intake.inputs.measurement import MeasureCommand, measure
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(MeasureCommand)
def handler(command: MeasureCommand) -> dict[str, Any]:
    """Count once; see `intake.inputs.measurement.measure`."""
    parts = services()
    return measure(command, inputs=parts.inputs, statistics=parts.statistics, clock=parts.clock)
