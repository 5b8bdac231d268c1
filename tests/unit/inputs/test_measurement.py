"""What the end of an input says about its providers."""

from __future__ import annotations

from typing import Any

import pytest

from intake.errors import TransientError
from intake.gateway.outcome import CacheStatus, Choice, Route
from intake.gateway.statistics import Row, Tally
from intake.inputs.measurement import MeasureCommand, measure
from intake.inputs.model import InputError, Stage
from intake.inputs.results import Failure, Plan, Transcription
from intake.providers.ports import Capability
from tests.fakes.statistics import MemoryStatistics
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk

EVENT = MeasureCommand.model_validate(
    {"detail-type": "input.completed", "detail": {"tenant": TENANT, "data": {"input_id": INPUT_ID}}}
)
SECOND = Plan(needed=True, reason="", route=Route(providers=(Choice(provider="flash", reason=""),)))


@pytest.fixture
def statistics() -> MemoryStatistics:
    return MemoryStatistics()


def counted(desk: Desk, statistics: MemoryStatistics) -> Any:
    return measure(EVENT, inputs=desk.inputs, statistics=statistics, clock=desk.clock)["outcome"]


def translators(statistics: MemoryStatistics) -> dict[str, Tally]:
    return statistics.rows.get(Row(None, Capability.TRANSLATE, "es-en", "2026-11-20"), {})


def translated(desk: Desk, **fields: Any) -> None:
    desk.add()
    desk.detected("es")
    desk.translated("Nobody answers.", provider_ms=640.0, **fields)


def test_an_answer_counts_with_its_time(desk: Desk, statistics: MemoryStatistics) -> None:
    translated(desk)

    assert counted(desk, statistics) == "counted"
    assert translators(statistics) == {"flash": Tally.success(640.0)}


def test_a_second_delivery_counts_nothing(desk: Desk, statistics: MemoryStatistics) -> None:
    translated(desk)
    counted(desk, statistics)

    assert counted(desk, statistics) == "counted_before"
    assert translators(statistics)["flash"].successes == 1


def test_a_cached_answer_says_nothing_about_its_provider(desk: Desk, statistics: MemoryStatistics) -> None:
    translated(desk, cache=CacheStatus.TABLE)

    counted(desk, statistics)

    assert translators(statistics) == {}


@pytest.mark.parametrize("error", ["TransientError", "RateLimitedError", "ProviderTimeoutError", "States.Timeout"])
def test_a_provider_that_failed_before_the_answer_counts_as_failed(
    desk: Desk, statistics: MemoryStatistics, error: str
) -> None:
    translated(desk, failures=[{"provider": "openai", "error": error}])

    counted(desk, statistics)

    assert translators(statistics)["openai"] == Tally.failure(error)
    assert translators(statistics)["flash"].successes == 1


@pytest.mark.parametrize(
    "error", ["ProviderRefusedError", "BudgetExceededError", "CircuitOpenError", "ConfigurationError", "KeyError"]
)
def test_what_is_no_fault_of_the_provider_does_not_count(desk: Desk, statistics: MemoryStatistics, error: str) -> None:
    translated(desk, failures=[{"provider": "openai", "error": error}])

    counted(desk, statistics)

    assert "openai" not in translators(statistics)


def test_a_failed_input_counts_against_those_that_were_asked_last(desk: Desk, statistics: MemoryStatistics) -> None:
    desk.add()
    desk.detected("es")
    desk.keep(Stage.PLAN_TRANSLATION, SECOND)
    failures = (Failure(provider="flash", error="TransientError"), Failure(provider="openai", error="TransientError"))
    error = InputError(error="ProvidersUnavailableError", detail="", failures=failures, failed_at=desk.clock.now())
    desk.inputs.fail(TENANT, INPUT_ID, error)

    counted(desk, statistics)

    assert {name: tally.failures for name, tally in translators(statistics).items()} == {"flash": 1, "openai": 1}


def test_an_input_that_the_caller_got_wrong_counts_against_nobody(desk: Desk, statistics: MemoryStatistics) -> None:
    desk.add()
    desk.detected("so")
    error = InputError(error="UnsupportedInputError", detail="", failed_at=desk.clock.now())
    desk.inputs.fail(TENANT, INPUT_ID, error)

    assert counted(desk, statistics) == "counted"
    assert statistics.rows == {}


def test_transcription_and_cleaning_are_counted_under_their_own_names(desk: Desk, statistics: MemoryStatistics) -> None:
    desk.add_recording()
    desk.prepared()
    desk.heard("My car was stolen.")
    desk.passed_on()
    desk.cleaned("My car was stolen.")

    counted(desk, statistics)

    assert {(row.capability, row.pair): list(tallies) for row, tallies in statistics.rows.items()} == {
        (Capability.TRANSCRIBE, "auto"): ["pocketsphinx"],
        (Capability.COMPLETE, "en"): ["rules"],
    }


def test_an_input_that_is_gone_is_not_counted(desk: Desk, statistics: MemoryStatistics) -> None:
    assert counted(desk, statistics) == "gone"
    assert statistics.counted == set()


def test_counters_that_cannot_be_written_have_the_event_delivered_again(
    desk: Desk, statistics: MemoryStatistics
) -> None:
    translated(desk)
    statistics.broken = True
    with pytest.raises(TransientError):
        counted(desk, statistics)

    statistics.broken = False
    assert counted(desk, statistics) == "counted"


def test_a_long_recording_counts_with_the_time_for_a_minute_of_it(desk: Desk, statistics: MemoryStatistics) -> None:
    desk.add_recording()
    desk.prepared()
    desk.keep(
        Stage.TRANSCRIBE,
        Transcription(
            provider="elevenlabs",
            text="Mi coche no arranca.",
            language="es",
            confidence=0.9,
            duration_seconds=180.0,
            provider_ms=30_000.0,
        ),
    )

    counted(desk, statistics)

    (tallies,) = statistics.rows.values()
    assert tallies == {"elevenlabs": Tally.success(10_000.0)}
