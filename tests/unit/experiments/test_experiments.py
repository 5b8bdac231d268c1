"""Who gets which variant, and what an experiment shows."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.errors import ConflictError, UnsupportedInputError
from intake.experiments.model import Experiment, ExperimentRequest, results_row, start
from intake.experiments.results import mean, results, student, wilson
from intake.gateway.statistics import Moments, Tally
from intake.inputs.measurement import MeasureCommand, measure
from intake.inputs.model import Completion, Stage
from intake.inputs.planning import PlanCommand, plan
from intake.inputs.results import Assessment, Intent, IntentLabel, Plan, Quality, QualityLevel, Urgency
from intake.providers.ports import Capability
from tests.fakes.clock import FakeClock
from tests.fakes.experiments import MemoryExperiments
from tests.fakes.statistics import MemoryStatistics
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk

PROVIDERS = [(Capability.TRANSLATE, "flash"), (Capability.TRANSLATE, "openai")]
USUAL, OTHER = {"name": "usual"}, {"name": "openai", "provider_first": "openai"}


def begun(experiments: MemoryExperiments | None = None, **fields: Any) -> Experiment:
    request = {"name": "openai first", "capability": "translate", "variants": [USUAL, OTHER]} | fields
    return start(
        ExperimentRequest.model_validate(request),
        tenant=TENANT,
        providers=PROVIDERS,
        experiments=experiments or MemoryExperiments(),
        clock=FakeClock(),
    )


def test_a_user_keeps_the_variant_and_shares_follow_the_weights() -> None:
    experiment = begun(variants=[USUAL | {"weight": 3}, OTHER])
    given = [experiment.variant_of(f"user-{number}").name for number in range(4_000)]

    assert given == [experiment.variant_of(f"user-{number}").name for number in range(4_000)]
    assert given.count("usual") / len(given) == pytest.approx(0.75, abs=0.03)


def test_who_is_alike_in_one_experiment_is_mixed_in_the_next() -> None:
    first, second = begun(), begun()
    group = [user for user in map(str, range(2_000)) if first.variant_of(user).name == "usual"]

    share = sum(second.variant_of(user).name == "usual" for user in group) / len(group)

    assert share == pytest.approx(0.5, abs=0.06)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"variants": [USUAL, OTHER, OTHER]}, "variants.2.name"),
        ({"variants": [USUAL, {"name": "b", "provider_first": "apertiun"}]}, "variants.1.provider_first"),
        ({"variants": [USUAL, {"name": "b"}]}, "variants"),
        ({"languages": ["es", "xx"]}, "languages.1"),
    ],
)
def test_a_field_at_fault_is_named(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(UnsupportedInputError) as refused:
        begun(**fields)

    assert [problem.field for problem in refused.value.errors] == [field]


def test_one_is_active_for_a_capability_at_a_time() -> None:
    experiments = MemoryExperiments()
    first = begun(experiments)
    with pytest.raises(ConflictError, match=first.id):
        begun(experiments)

    experiments.stop(TENANT, first.id, FakeClock().now())

    assert begun(experiments).id != first.id


class Trial:
    """An input that takes part in an experiment."""

    def __init__(self, desk: Desk, **fields: Any) -> None:
        self.desk = desk
        self.experiment = begun(desk.experiments, **fields)
        self.statistics = MemoryStatistics()

    def planned(self, language: str = "es", **fields: Any) -> Plan:
        self.desk.add(**fields)
        self.desk.detected(language)
        command = PlanCommand(tenant=TENANT, input_id=INPUT_ID, capability="translate")
        desk = self.desk
        return plan(
            command,
            gateway=desk.gateway,
            inputs=desk.inputs,
            memory=desk.memory,
            experiments=desk.experiments,
            clock=desk.clock,
        )

    def user_of(self, variant: str) -> str:
        return next(user for user in map(str, range(100)) if self.experiment.variant_of(user).name == variant)

    def counted(self) -> dict[str, Tally]:
        event = {"detail": {"tenant": TENANT, "data": {"input_id": INPUT_ID}}}
        measure(
            MeasureCommand.model_validate(event),
            inputs=self.desk.inputs,
            statistics=self.statistics,
            clock=self.desk.clock,
        )
        return self.statistics.rows.get(results_row(TENANT, Capability.TRANSLATE, self.experiment.id), {})


def test_a_plan_follows_its_variant_and_says_so(desk: Desk) -> None:
    trial = Trial(desk)

    made = trial.planned(context={"user_id": trial.user_of("openai")})

    assert made.as_state()["providers"] == ["openai", "flash"]
    assert made.experiment is not None
    assert (made.experiment.experiment_id, made.experiment.variant) == (trial.experiment.id, "openai")
    assert "experiment openai first, variant openai" in made.reason


def test_the_usual_variant_changes_nothing_but_is_named(desk: Desk) -> None:
    trial = Trial(desk)

    made = trial.planned(context={"user_id": trial.user_of("usual")})

    assert made.as_state()["providers"] == ["flash", "openai"]
    assert made.experiment is not None


def test_languages_that_do_not_take_part_are_left_alone(desk: Desk) -> None:
    assert Trial(desk, languages=["fr"]).planned("es").experiment is None


def test_an_input_counts_for_its_variant(desk: Desk) -> None:
    trial = Trial(desk)
    trial.planned(context={"user_id": trial.user_of("openai")})
    desk.translated("Does it cover theft?", cost_microusd=120, duration_ms=400.0)
    quality = Quality(score=0.9, level=QualityLevel.EXCELLENT, components={}, requires_human_review=False)
    intent = Intent(label=IntentLabel.COVERAGE, urgency=Urgency.NORMAL, confidence=0.9)
    desk.keep(Stage.ASSESS, Assessment(quality=quality, intent=intent))
    done = Completion(
        completed_at=desk.clock.now(), cache="miss", degraded=False, notice=None, cost_microusd=120, timings_ms={}
    )
    desk.keep(Stage.RECORD, done)

    tally = trial.counted()["openai"]

    assert (tally.successes, tally.failures) == (1, 0)
    assert {name: moments.total for name, moments in tally.measures.items()} == {
        "quality": 0.9,
        "cost_microusd": 120,
        "latency_ms": 400.0,
    }


@pytest.mark.parametrize(
    ("probability", "freedom", "expected"),
    [
        (0.975, 1, 12.706),
        (0.975, 2, 4.303),
        (0.975, 4, 2.776),
        (0.975, 9, 2.262),
        (0.995, 9, 3.250),
        (0.975, 100, 1.984),
    ],
)
def test_students_quantiles_are_those_of_the_tables(probability: float, freedom: float, expected: float) -> None:
    assert student(probability, freedom) == pytest.approx(expected, rel=0.005)


def test_wilsons_interval_is_the_known_one() -> None:
    interval = wilson(9, 10)

    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.5958, 0.9821), abs=0.0005)
    assert wilson(0, 0) is None


def test_a_mean_and_its_interval_follow_from_the_sums() -> None:
    interval = mean(moments(2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0))

    assert interval is not None
    assert interval == pytest.approx((5.0, 3.2125, 6.7875), abs=0.01)
    assert mean(Moments.of(1.0)) is None


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_an_interval_holds_its_mean(values: list[float]) -> None:
    interval = mean(moments(*values))

    assert interval is not None
    assert interval.low <= interval.value <= interval.high
    assert math.isclose(interval.value, sum(values) / len(values), rel_tol=1e-6, abs_tol=1e-3)


def moments(*values: float) -> Moments:
    total = Moments()
    for value in values:
        total = total.plus(Moments.of(value))
    return total


def conclusions(first: Tally, second: Tally) -> list[str]:
    found: list[str] = results(begun(), {"usual": first, "openai": second})["conclusions"]
    return found


def qualities(mean_quality: float, count: int, seed: int) -> Tally:
    numbers = random.Random(seed)
    return Tally(
        successes=count, measures={"quality": moments(*(numbers.gauss(mean_quality, 0.1) for _ in range(count)))}
    )


def test_a_difference_is_told_where_it_is_more_than_chance() -> None:
    told = conclusions(qualities(0.80, 400, 1), qualities(0.86, 400, 2))

    assert any(line.startswith("quality: openai is higher than usual by more than chance") for line in told)


def test_a_difference_that_chance_explains_is_not_told_as_one() -> None:
    told = conclusions(qualities(0.80, 400, 1), qualities(0.80, 400, 2))

    assert any(line.startswith("quality: no difference between openai and usual beyond chance") for line in told)


def test_few_observations_are_said_to_be_few() -> None:
    told = conclusions(qualities(0.2, 5, 1), qualities(0.9, 5, 2))

    assert all("too few observations" in line for line in told)


def test_chance_alone_is_seldom_taken_for_a_difference() -> None:
    wrong = sum(
        any(
            "by more than chance" in line
            for line in conclusions(qualities(0.8, 60, seed), qualities(0.8, 60, seed + 999))
        )
        for seed in range(200)
    )

    assert wrong <= 8
