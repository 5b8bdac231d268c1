"""What is told of an input's end."""

from __future__ import annotations

from typing import Any

import pytest

from intake.errors import TransientError
from intake.inputs.announcement import announce
from intake.inputs.assessment import assess
from intake.inputs.recording import RecordFailureCommand, record, record_failure
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk, stage_command

SPOKEN_OF = "I want a refund of my October bill."


def ready(desk: Desk) -> None:
    desk.add("Quiero un reembolso de mi factura de octubre.")
    desk.detected()
    desk.translated(SPOKEN_OF, cost_microusd=7)
    desk.cleaned(SPOKEN_OF, cost_microusd=5)
    assess(stage_command(), inputs=desk.inputs, clock=desk.clock)


def finish(desk: Desk) -> None:
    record(stage_command(), inputs=desk.inputs, results=desk.results, events=desk.events, clock=desk.clock)


def fail(desk: Desk, error: str, **more: Any) -> None:
    command = RecordFailureCommand.model_validate({"tenant": TENANT, "input_id": INPUT_ID, "error": error} | more)
    record_failure(command, inputs=desk.inputs, events=desk.events, clock=desk.clock)


def test_a_completed_input_is_told_with_its_figures(desk: Desk) -> None:
    ready(desk)
    desk.clock.advance(seconds=2)

    finish(desk)

    (event,) = desk.events.published
    assert (event.type, event.tenant, event.occurred_at) == ("input.completed", TENANT, desk.clock.now())
    assert event.data.model_dump() == {
        "input_id": INPUT_ID,
        "status": "completed",
        "spoken": False,
        "source_language": "es",
        "target_language": "en",
        "cost_microusd": 12,
        "degraded": False,
        "cache": "miss",
        "duration_ms": 2000.0,
    }


def test_no_event_holds_what_was_said(desk: Desk) -> None:
    ready(desk)
    finish(desk)

    (event,) = desk.events.published
    assert "refund" not in event.model_dump_json()
    assert "reembolso" not in event.model_dump_json()


def test_a_stage_run_again_tells_the_same_thing(desk: Desk) -> None:
    ready(desk)
    finish(desk)
    desk.clock.advance(seconds=60)

    finish(desk)

    first, second = desk.events.published
    assert first == second


def test_an_input_whose_announcement_failed_is_told_as_completed(desk: Desk) -> None:
    ready(desk)
    desk.events.is_down = True
    with pytest.raises(TransientError):
        finish(desk)
    desk.events.is_down = False

    fail(desk, "TransientError")

    assert desk.events.types == ["input.completed"]


def test_a_failed_input_is_told_with_its_problem_type_and_one_id(desk: Desk) -> None:
    desk.add()
    failures = [{"provider": "flash", "error": "TransientError"}, {"provider": "openai", "error": "TransientError"}]

    for _ in range(2):
        fail(desk, "TransientError", failures=failures)
        desk.clock.advance(seconds=1)

    first, second = desk.events.published
    assert (first.type, first.id) == ("input.failed", second.id)
    told = first.data.model_dump()
    assert (told["status"], told["error"], told["providers_failed"]) == ("failed", "providers-unavailable", 2)


def test_nothing_is_told_of_an_input_on_its_way(desk: Desk) -> None:
    desk.add()

    announce(desk.record, desk.events)

    assert desk.events.published == []
