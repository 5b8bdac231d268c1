"""The progress of an input: what its stages add to it, and what a failed call tells."""

from __future__ import annotations

from typing import Any

import pytest

from intake.errors import (
    BudgetExceededError,
    NotRetriedError,
    ProviderError,
    ProviderRefusedError,
    ProviderTimeoutError,
    RateLimitedError,
    TransientError,
)
from intake.gateway.budget import Budget
from intake.inputs.assessment import assess
from intake.inputs.model import Completion
from intake.inputs.planning import PlanCommand, plan
from intake.inputs.presentation import as_public
from intake.inputs.recording import RecordFailureCommand, record, record_failure
from intake.inputs.results import TranslationResult
from intake.inputs.translation import translate
from intake.money import Usage
from intake.progress import Entry
from tests.fakes.providers import AMPLE
from tests.unit.inputs.conftest import ROBBERY, Desk, provider_command, stage_command


def kinds(desk: Desk) -> list[str]:
    return [entry["kind"] for entry in shown(desk)]


def shown(desk: Desk) -> list[dict[str, Any]]:
    progress: list[dict[str, Any]] = as_public(desk.record)["progress"]
    return progress


def translating(desk: Desk, *, retry: int = 0, next_provider: str | None = "openai") -> TranslationResult:
    command = provider_command("flash").model_copy(update={"retry": retry, "next_provider": next_provider})
    return translate(command, gateway=desk.gateway, inputs=desk.inputs, memory=desk.memory, clock=desk.clock)


def ready(desk: Desk) -> Desk:
    desk.add()
    desk.detected("es")
    return desk


def test_progress_is_numbered_in_the_order_in_which_it_was_made(desk: Desk) -> None:
    ready(desk)
    command = PlanCommand(**stage_command().model_dump(), capability="translate")
    plan(
        command,
        gateway=desk.gateway,
        jobs=desk.jobs,
        inputs=desk.inputs,
        memory=desk.memory,
        experiments=desk.experiments,
        clock=desk.clock,
    )
    desk.will_translate("Does the policy cover theft?")
    translating(desk)

    progress = shown(desk)

    assert [entry["sequence"] for entry in progress] == [1, 2, 3, 4]
    assert kinds(desk) == ["accepted", "stage_done", "provider_chosen", "stage_done"]
    assert (progress[2]["stage"], progress[2]["providers"]) == ("translate", ["flash", "openai"])
    assert (progress[3]["stage"], progress[3]["provider"]) == ("translate", "flash")
    assert progress[3]["began_at"] <= progress[3]["at"]


def test_a_job_that_is_not_needed_is_told_as_skipped(desk: Desk) -> None:
    desk.add("My roof leaks.")
    desk.detected("en")
    desk.passed_on()

    assert kinds(desk)[-1] == "skipped"


def test_on_the_healthy_path_no_write_is_made_for_progress(desk: Desk) -> None:
    ready(desk)
    desk.will_translate("Does the policy cover theft?")
    before = desk.inputs.writes

    translating(desk)

    assert desk.inputs.writes == before + 1, "the result, and its entry with it"


@pytest.mark.parametrize("failure", [TransientError("down"), RateLimitedError("slow down"), ProviderTimeoutError("")])
def test_a_failure_that_is_retried_is_told_before_it_is_raised(desk: Desk, failure: ProviderError) -> None:
    ready(desk)
    desk.translator.will(failure)

    with pytest.raises(type(failure)):
        translating(desk)

    told = shown(desk)[-1]
    assert (told["kind"], told["provider"], told["attempt"]) == ("retrying", "flash", 1)
    assert told["error"] == type(failure).__name__


@pytest.mark.parametrize(
    ("failure", "retry"),
    [
        (TransientError("down"), 2),
        (ProviderTimeoutError("slow"), 1),
        (ProviderRefusedError("no"), 0),
        (BudgetExceededError("used up"), 0),
    ],
)
def test_a_failure_that_no_machine_retries_tells_who_is_asked_next(
    desk: Desk, failure: ProviderError, retry: int
) -> None:
    ready(desk)
    desk.translator.will(failure)

    with pytest.raises(type(failure)):
        translating(desk, retry=retry)

    told = shown(desk)[-1]
    assert (told["kind"], told["attempt"], told["next_provider"]) == ("falling_back", retry + 1, "openai")


def test_where_nobody_is_left_only_the_end_is_told(desk: Desk) -> None:
    ready(desk)
    desk.translator.will(ProviderRefusedError("no"))

    with pytest.raises(ProviderRefusedError):
        translating(desk, next_provider=None)

    assert kinds(desk) == ["accepted", "stage_done"]


def test_a_dear_call_is_not_tried_again(desk: Desk) -> None:
    ready(desk)
    desk.translator.largest = Usage(input_tokens=100_000)  # 3 cents
    desk.translator.will(TransientError("down"))

    with pytest.raises(NotRetriedError, match="flash failed"):
        translating(desk)

    assert shown(desk)[-1]["kind"] == "falling_back"
    assert shown(desk)[-1]["error"] == "TransientError"


def test_a_call_of_middling_price_is_tried_twice(desk: Desk) -> None:
    ready(desk)
    desk.translator.largest = Usage(input_tokens=40_000)  # 1.2 cents
    desk.translator.will(TransientError("down"), TransientError("down"))

    with pytest.raises(TransientError):
        translating(desk, retry=0)
    with pytest.raises(NotRetriedError):
        translating(desk, retry=1)


def test_a_retry_that_the_budget_cannot_pay_is_not_made(desk: Desk) -> None:
    ready(desk)
    budget = Budget(desk.bench.ledger, desk.clock, AMPLE)
    for _ in range(AMPLE.requests_per_hour - 1):
        budget.settle(budget.reserve("acme", "flash", 0), 0)
    desk.translator.will(TransientError("down"))

    with pytest.raises(NotRetriedError, match="budget"):
        translating(desk)


def test_a_note_that_cannot_be_written_does_not_hide_the_failure(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(desk)
    desk.translator.will(RateLimitedError("slow down"))

    def broken(*_: object) -> None:
        raise RuntimeError("no table")

    monkeypatch.setattr(desk.inputs, "note", broken)

    with pytest.raises(RateLimitedError):
        translating(desk)


def test_the_end_is_told_with_whether_it_is_degraded(desk: Desk) -> None:
    ready(desk)
    desk.translated("Does the policy cover theft?")
    desk.cleaned("Does the policy cover theft?")
    assess(stage_command(), inputs=desk.inputs, clock=desk.clock)

    done = record(stage_command(), inputs=desk.inputs, results=desk.results, events=desk.events, clock=desk.clock)

    assert isinstance(done, Completion)
    assert (shown(desk)[-1]["kind"], shown(desk)[-1]["degraded"]) == ("completed", False)


def test_a_failed_run_is_told_once_by_its_class_of_error(desk: Desk) -> None:
    desk.add()
    command = RecordFailureCommand(tenant="acme", input_id="inp_1", error="TransientError")

    for _ in range(2):
        record_failure(command, inputs=desk.inputs, events=desk.events, clock=desk.clock)

    assert kinds(desk) == ["accepted", "failed"]
    assert shown(desk)[-1]["error"] == "ProvidersUnavailableError"


def test_no_entry_holds_what_was_said(desk: Desk) -> None:
    ready(desk)
    desk.will_translate("Does the policy cover theft?")
    translating(desk)

    told = str(shown(desk))

    assert ROBBERY not in told
    assert "theft" not in told
    assert set(Entry.model_fields) == {
        *("kind", "at", "stage", "began_at", "duration_ms", "provider", "providers", "attempt", "error"),
        *("next_provider", "degraded", "lines", "completed", "failed"),
    }
