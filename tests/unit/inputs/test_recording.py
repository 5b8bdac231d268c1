"""States Record and RecordFailure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from intake.errors import ConflictError, UnsupportedInputError
from intake.inputs.assessment import assess
from intake.inputs.detection import detect_language
from intake.inputs.model import Completion, Status
from intake.inputs.presentation import as_public
from intake.inputs.recording import RecordFailureCommand, record, record_failure
from intake.inputs.reuse import recall
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk, stage_command


def ready(desk: Desk, **translation: Any) -> None:
    desk.add("Quiero un reembolso de mi factura de octubre.")
    desk.detected()
    desk.translated("I want a refund of my October bill.", **({"cost_microusd": 7, "provider_ms": 40} | translation))
    desk.cleaned("I want a refund of my October bill.", cost_microusd=5)
    assess(stage_command(), inputs=desk.inputs, clock=desk.clock)


def finish(desk: Desk) -> Completion:
    return record(stage_command(), inputs=desk.inputs, results=desk.results, events=desk.events, clock=desk.clock)


def fail(desk: Desk, error: str, detail: str = "", **fields: Any) -> dict[str, Any]:
    cause = json.dumps({"errorMessage": detail, "errorType": error, "stackTrace": ["secret"]})
    command = {"tenant": TENANT, "input_id": INPUT_ID, "error": error, "cause": cause} | fields
    return record_failure(
        RecordFailureCommand.model_validate(command), inputs=desk.inputs, events=desk.events, clock=desk.clock
    )


def test_cost_and_time_are_added_up(desk: Desk) -> None:
    ready(desk)
    desk.clock.advance(seconds=2)

    done = finish(desk)

    assert desk.record.status is Status.COMPLETED
    assert done.cost_microusd == 12
    assert done.timings_ms["total"] == 2000
    assert done.timings_ms["providers"] == 40
    assert (done.degraded, done.notice) == (False, None)


def test_degraded_service_is_told_in_words(desk: Desk) -> None:
    ready(desk, provider="openai", failures=[{"provider": "flash", "error": "CircuitOpenError"}])

    done = finish(desk)

    assert done.degraded
    assert done.notice is not None
    assert "translated by openai, because flash failed (CircuitOpenError)" in done.notice


def test_a_hold_that_a_run_met_is_told_with_its_reason(desk: Desk) -> None:
    held = {
        "provider": "flash",
        "error": "CircuitOpenError",
        "detail": "flash is held by an operator: its invoice is disputed.",
    }
    ready(desk, provider="openai", failures=[held])

    notice = finish(desk).notice or ""

    assert "translated by openai, because flash is held by an operator: its invoice is disputed; the result" in notice


@pytest.mark.parametrize(("translation_cache", "told"), [("miss", "miss"), ("table", "partial")])
def test_reused_answers_are_told(desk: Desk, translation_cache: str, told: str) -> None:
    ready(desk, cache=translation_cache)

    assert finish(desk).cache == told


def test_recording_twice_changes_nothing(desk: Desk) -> None:
    ready(desk)
    first = finish(desk)
    desk.clock.advance(seconds=5)

    assert finish(desk) == first


def test_an_identical_input_is_answered_from_the_cache(desk: Desk) -> None:
    ready(desk)
    finish(desk)

    answer = recall(TENANT, desk.record.fingerprint or "", desk.results)

    assert answer is not None
    first = as_public(desk.record)
    assert {name for name, value in answer.items() if value != first[name]} == {
        "cache",
        "cost_microusd",
        "saved_microusd",
        "timings_ms",
        "progress",
        "translation",
        "sanitized",
    }
    assert (answer["cache"], answer["timings_ms"], answer["progress"]) == ("hit", {}, [])
    assert answer["saved_ms"] == first["timings_ms"]["total"]
    assert (answer["cost_microusd"], answer["saved_microusd"]) == (0, first["cost_microusd"])
    assert answer["translation"] == first["translation"] | {
        "cache": "result",
        "cost_microusd": 0,
        "saved_microusd": first["translation"]["cost_microusd"],
    }
    assert recall("other", desk.record.fingerprint or "", desk.results) is None


def test_a_degraded_answer_is_not_reused(desk: Desk) -> None:
    ready(desk, failures=[{"provider": "flash", "error": "CircuitOpenError"}])
    finish(desk)

    assert desk.results.answers == {}


def test_an_answer_that_needs_a_person_is_not_reused(desk: Desk) -> None:
    ready(desk, confidence=0.2)
    finish(desk)

    assert desk.results.answers == {}


def test_an_unfinished_input_is_not_completed(desk: Desk) -> None:
    desk.add()

    with pytest.raises(ConflictError):
        finish(desk)


def test_a_failure_keeps_what_is_known_and_who_failed(desk: Desk) -> None:
    desk.add()
    desk.detected()
    failures = [
        {"provider": "flash", "error": "RateLimitedError", "cause": "{}"},
        {"provider": "openai", "error": "ProviderTimeoutError", "cause": "{}"},
    ]

    ended = fail(desk, "ProvidersUnavailableError", failures=failures)

    assert ended["error"] == "ProvidersUnavailableError"
    assert desk.record.status is Status.FAILED
    assert desk.record.source_language == "es"
    public = as_public(desk.record)
    assert public["error"]["type"] == "providers-unavailable"
    assert [failure["provider"] for failure in public["error"]["failures"]] == ["flash", "openai"]


def test_only_budgets_in_the_way_is_a_budget_error(desk: Desk) -> None:
    desk.add()
    failures = [{"provider": name, "error": "BudgetExceededError"} for name in ("flash", "openai")]

    assert fail(desk, "ProvidersUnavailableError", failures=failures)["error"] == "BudgetExceededError"


def test_routing_says_why_there_was_no_provider(desk: Desk) -> None:
    desk.add()

    ended = fail(desk, "ProvidersUnavailableError", "No provider can translate this here (flash: its circuit is open).")

    assert "its circuit is open" in ended["detail"]


def test_a_refused_field_is_named_by_the_stage_that_refused_it(desk: Desk) -> None:
    desk.add("hola")
    with pytest.raises(UnsupportedInputError) as refused:
        detect_language(stage_command(), inputs=desk.inputs, identify=lambda text: (), clock=desk.clock)

    fail(desk, "UnsupportedInputError", refused.value.detail)

    public = as_public(desk.record)
    assert public["error"]["type"] == "unsupported-input"
    assert public["error"]["errors"][0]["field"] == "source_language"
    assert public["error"]["detail"] == refused.value.detail


@pytest.mark.parametrize("error", ["States.Timeout", "KeyError", "Lambda.Unknown", "ERROR"])
def test_our_own_faults_say_nothing_of_the_inside(desk: Desk, error: str) -> None:
    desk.add()

    ended = fail(desk, error, "secret detail")

    assert ended["error"] == "IntakeError"
    assert "secret" not in str(as_public(desk.record))


def test_a_cause_that_is_no_json_is_taken_as_it_is(desk: Desk) -> None:
    desk.add()

    assert fail(desk, "NotFoundError", cause="There is no object.")["detail"] == "There is no object."


def test_an_upload_that_never_became_an_input_leaves_nothing(desk: Desk) -> None:
    fail(desk, "UnsupportedInputError", "no", tenant=None, input_id=None)

    assert desk.inputs.records == {}


def test_a_completed_input_cannot_fail_any_more(desk: Desk) -> None:
    ready(desk)
    finish(desk)

    fail(desk, "States.Timeout")

    assert desk.record.status is Status.COMPLETED
    assert as_public(desk.record)["error"] is None
