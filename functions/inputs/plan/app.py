"""Order the providers for one job of an input: states `PlanTranscription`, `PlanTranslation` and `PlanSanitization`."""

from __future__ import annotations

from typing import Any

from intake.inputs.planning import PlanCommand, plan
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(PlanCommand)
def handler(command: PlanCommand) -> dict[str, Any]:
    """Run the stage; see `intake.inputs.planning.plan`."""
    parts = services()
    return plan(
        command,
        gateway=parts.gateway,
        jobs=parts.jobs,
        inputs=parts.inputs,
        memory=parts.memory,
        experiments=parts.experiments,
        clock=parts.clock,
    ).as_state()
