"""What of the emulator is changed, and the failure that each change prevents."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from local.patches import http_api, lambda_workers, step_functions, streams
from local.patching import PatchError

MINISTACK = "1.5.33"

PATCHES: tuple[Callable[[], None], ...] = (
    lambda_workers.answer_without_waiting_for_logs,
    lambda_workers.send_events_at_once,
    lambda_workers.keep_function_logs_in_files,
    lambda_workers.report_crashes,
    lambda_workers.name_errors_of_the_start,
    lambda_workers.lend_workers_sparingly,
    lambda_workers.drop_only_the_broken_worker,
    streams.read_four_times_a_second,
    step_functions.start_executions_at_once,
    step_functions.retry_with_jitter_and_a_cap,
    step_functions.assign_variables_together,
    step_functions.fire_heartbeats,
    step_functions.fail_waiting_tasks_with_their_function,
    step_functions.end_machines_at_their_timeout,
    step_functions.name_throttled_calls,
    step_functions.refuse_results_over_the_limit,
    step_functions.answer_failures_without_output,
    step_functions.forget_finished_express_executions,
    step_functions.read_items_in_jsonata,
    step_functions.stop_lines_with_their_run,
    http_api.import_openapi_bodies,
    http_api.hide_errors_of_functions,
    http_api.refuse_bodies_that_lambda_cannot_take,
)


def apply_all() -> None:
    """Apply every patch, or raise :class:`PatchError` and change nothing that serves."""
    if (found := version("ministack")) != MINISTACK:
        raise PatchError(f"ministack {found} is installed, but the patches were read against {MINISTACK}")
    for patch in PATCHES:
        patch()
