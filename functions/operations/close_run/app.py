"""End what a run worked on that was cut off: the event of Step Functions on the end of a Standard run."""

from __future__ import annotations

from typing import Any

from intake.closing import CloseRunCommand, close_run
from intake.observability import lambda_handler
from intake.runtime import services


@lambda_handler(CloseRunCommand)
def handler(command: CloseRunCommand) -> dict[str, Any]:
    """Close the run; see `intake.closing.close_run`."""
    parts = services()
    return close_run(
        command,
        input_machines=(parts.settings.input_standard_arn, parts.settings.recording_arn),
        batch_machine=parts.settings.batch_machine_arn,
        batches=parts.closing,
        inputs=parts.inputs,
        documents=parts.documents,
        events=parts.events,
        clock=parts.clock,
    )
