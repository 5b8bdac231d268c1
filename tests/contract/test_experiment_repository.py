"""Experiments: the same cases on the fake and on DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import boto3
import pytest

from intake.errors import ConflictError, NotFoundError
from intake.experiments.model import Experiment, ExperimentRepository, ExperimentStatus, VariantRequest, results_row
from intake.gateway.statistics import Moments, Tally
from intake.providers.ports import Capability
from intake.storage.experiments import DynamoDBExperiments
from intake.storage.statistics import DynamoDBStatistics
from tests.fakes.clock import FakeClock
from tests.fakes.experiments import MemoryExperiments
from tests.fakes.tables import dynamodb_table

TRANSLATE = Capability.TRANSLATE
CLOCK = FakeClock()


@pytest.fixture(params=["memory", "dynamodb"])
def experiments(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExperimentRepository]:
    if request.param == "memory":
        yield MemoryExperiments()
        return
    with dynamodb_table(monkeypatch, "gateway") as table:
        yield DynamoDBExperiments(boto3.client("dynamodb"), table, CLOCK)


def experiment(**fields: Any) -> Experiment:
    variants = (VariantRequest(name="usual"), VariantRequest(name="openai", provider_first="openai"))
    common = {"id": "exp_1", "tenant": "acme", "name": "one", "capability": TRANSLATE, "created_at": CLOCK.now()}
    return Experiment.model_validate(common | {"variants": variants} | fields)


def test_an_experiment_comes_back_and_is_active(experiments: ExperimentRepository) -> None:
    assert experiments.active("acme", TRANSLATE) is None
    experiments.create(experiment())

    assert experiments.get("acme", "exp_1") == experiments.active("acme", TRANSLATE) == experiment()
    assert experiments.active("acme", Capability.COMPLETE) is None
    assert experiments.active("rival", TRANSLATE) is None


def test_a_second_one_of_a_capability_is_a_conflict_that_names_the_first(experiments: ExperimentRepository) -> None:
    experiments.create(experiment())
    with pytest.raises(ConflictError, match="exp_1"):
        experiments.create(experiment(id="exp_2"))

    experiments.create(experiment(id="exp_3", capability=Capability.COMPLETE))
    experiments.create(experiment(tenant="rival"))

    assert [one.id for one in experiments.list("acme")] == ["exp_3", "exp_1"]


def test_a_stopped_one_makes_room_and_stays_stopped(experiments: ExperimentRepository) -> None:
    experiments.create(experiment())

    stopped = experiments.stop("acme", "exp_1", CLOCK.now())
    again = experiments.stop("acme", "exp_1", CLOCK.now() + timedelta(hours=1))

    assert stopped == again == experiments.get("acme", "exp_1")
    assert stopped.status is ExperimentStatus.STOPPED
    assert experiments.active("acme", TRANSLATE) is None
    experiments.create(experiment(id="exp_2"))
    assert experiments.stop("acme", "exp_1", CLOCK.now()) == stopped
    assert experiments.get("acme", "exp_2").status is ExperimentStatus.ACTIVE


def test_what_is_not_there_is_not_found(experiments: ExperimentRepository) -> None:
    experiments.create(experiment())

    for tenant, name in (("acme", "exp_9"), ("rival", "exp_1")):
        with pytest.raises(NotFoundError):
            experiments.get(tenant, name)
        with pytest.raises(NotFoundError):
            experiments.stop(tenant, name, CLOCK.now())


def test_figures_of_variants_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with dynamodb_table(monkeypatch, "gateway") as table:
        store = DynamoDBStatistics(boto3.client("dynamodb"), table)
        row = results_row("acme", TRANSLATE, "exp_1")
        for number, value in enumerate((2.0, 3.0)):
            tally = Tally(successes=1, measures={"quality": Moments.of(value)})
            store.add_once("acme", f"inp_{number}", {row: {"usual": tally}}, CLOCK.now())

        assert store.read([row])[row]["usual"] == Tally(successes=2, measures={"quality": Moments(2, 5, 13)})
