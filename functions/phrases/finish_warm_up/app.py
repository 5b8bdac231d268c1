"""Close a warm-up: state `FinishWarmUp` of the warm-up machine."""

from __future__ import annotations

from typing import Any

from intake.observability import lambda_handler
from intake.phrases.warming import WarmUpCommand, finish_warm_up
from intake.runtime import services


@lambda_handler(WarmUpCommand)
def handler(command: WarmUpCommand) -> dict[str, Any]:
    """Run the stage; see `intake.phrases.warming.finish_warm_up`."""
    parts = services()
    return finish_warm_up(command, warm_ups=parts.warm_ups, clock=parts.clock)
