"""Choose the phrases of a warm-up, and who translates them: state `PlanWarmUp` of the warm-up machine."""

from __future__ import annotations

from typing import Any

from intake.observability import lambda_handler
from intake.phrases.warming import WarmUpCommand, plan_warm_up
from intake.runtime import services


@lambda_handler(WarmUpCommand)
def handler(command: WarmUpCommand) -> dict[str, Any]:
    """Run the stage; see `intake.phrases.warming.plan_warm_up`."""
    parts = services()
    return plan_warm_up(command, gateway=parts.gateway, phrases=parts.phrases, warm_ups=parts.warm_ups)
