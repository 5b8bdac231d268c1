"""Stage Plan."""

from __future__ import annotations

import pytest

from intake.errors import ProvidersUnavailableError, UnsupportedInputError
from intake.inputs.model import Preferences
from intake.inputs.planning import PlanCommand, plan, preference
from intake.inputs.results import Plan
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk


def plan_for(desk: Desk, capability: str) -> Plan:
    command = PlanCommand.model_validate({"tenant": TENANT, "input_id": INPUT_ID, "capability": capability})
    return plan(
        command,
        gateway=desk.gateway,
        jobs=desk.jobs,
        inputs=desk.inputs,
        memory=desk.memory,
        experiments=desk.experiments,
        clock=desk.clock,
    )


def test_providers_come_in_order_with_reasons(desk: Desk) -> None:
    desk.add()
    desk.detected("es")

    made = plan_for(desk, "translate")

    assert made.as_state() == {"needed": True, "providers": ["flash", "openai"], "by_job": []}
    assert desk.record.plan_translation is not None
    assert desk.record.plan_translation.route is not None
    assert all(choice.reason for choice in desk.record.plan_translation.route.providers)


def test_text_in_the_target_language_is_passed_on_and_says_so(desk: Desk) -> None:
    desk.add("My car was stolen.")
    desk.detected("en")

    made = plan_for(desk, "translate")

    assert made.as_state() == {"needed": False, "providers": [], "by_job": []}
    assert desk.record.english == "My car was stolen."
    assert desk.record.translation is not None
    assert desk.record.translation.provider is None
    assert "English already" in (desk.record.translation.note or "")


def test_a_written_input_needs_no_transcription(desk: Desk) -> None:
    desk.add()

    assert not plan_for(desk, "transcribe").needed


def test_a_spoken_input_does(desk: Desk) -> None:
    desk.add_recording()
    desk.prepared()

    assert plan_for(desk, "transcribe").as_state()["providers"] == ["pocketsphinx"]


def test_the_rules_stand_last_for_cleaning(desk: Desk) -> None:
    desk.add()
    desk.translated("Hello")

    assert plan_for(desk, "complete").as_state()["providers"] == ["openai", "rules"]


def test_a_job_that_nobody_can_ever_do_names_the_field(desk: Desk) -> None:
    desk.add()
    desk.detected("so")
    desk.translator.cannot("no Somali")
    desk.second_translator.cannot("no Somali")

    with pytest.raises(UnsupportedInputError) as refused:
        plan_for(desk, "translate")

    assert refused.value.errors[0].field == "source_language"
    assert desk.record.failure is not None
    assert desk.record.failure.errors[0].field == "source_language"


def test_a_job_that_nobody_can_do_now_may_be_asked_again(desk: Desk) -> None:
    desk.add()
    desk.detected("es")
    desk.translator.lacks("no API key")
    desk.second_translator.lacks("no API key")

    with pytest.raises(ProvidersUnavailableError):
        plan_for(desk, "translate")

    assert desk.record.plan_translation is None


def test_a_plan_that_was_made_stands(desk: Desk) -> None:
    desk.add()
    desk.detected("es")
    first = plan_for(desk, "translate")
    desk.translator.cannot("gone")

    assert plan_for(desk, "translate") == first


@pytest.mark.parametrize(
    ("cost", "quality", "lean"),
    [(None, None, 0.0), (1, 1, 0.0), (1, None, -1.0), (0.2, 0.8, 0.6)],
)
def test_the_callers_weights_lean_to_cost_or_to_quality(cost: float | None, quality: float | None, lean: float) -> None:
    assert preference(Preferences(cost=cost, quality=quality)).lean == pytest.approx(lean)


def test_a_plan_shows_what_each_score_is_made_of(desk: Desk) -> None:
    desk.add()
    desk.detected("es")

    route = plan_for(desk, "translate").route

    assert route is not None
    first, second = route.providers
    assert set(first.components) == {"quality", "success", "speed", "cost"}
    weighed = sum(part.value * part.weight for part in first.components.values())
    assert first.score == pytest.approx(weighed, abs=0.001)
    assert "quality 0.82 (expected)" in first.reason
    assert second.reason.startswith("next, should those before it fail: score")
