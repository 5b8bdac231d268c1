"""Experiments in memory, under the same contract test as those in DynamoDB."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from intake.errors import ConflictError, NotFoundError
from intake.experiments.model import Experiment, ExperimentStatus
from intake.providers.ports import Capability


@dataclass
class MemoryExperiments:
    """`ExperimentRepository` in a dictionary."""

    records: dict[tuple[str, str], Experiment] = field(default_factory=dict)

    def create(self, experiment: Experiment) -> None:
        active = self.active(experiment.tenant, experiment.capability)
        if active is not None:
            raise ConflictError(f"{active.name} ({active.id}) is active for {experiment.capability}. Stop it first.")
        self.records[experiment.tenant, experiment.id] = experiment

    def get(self, tenant: str, experiment_id: str) -> Experiment:
        if (tenant, experiment_id) not in self.records:
            raise NotFoundError(f"There is no experiment {experiment_id}.")
        return self.records[tenant, experiment_id]

    def list(self, tenant: str) -> list[Experiment]:
        mine = [one for (owner, _id), one in self.records.items() if owner == tenant]
        return sorted(mine, key=lambda one: one.id, reverse=True)

    def stop(self, tenant: str, experiment_id: str, now: datetime) -> Experiment:
        known = self.get(tenant, experiment_id)
        if known.status is ExperimentStatus.ACTIVE:
            known = known.model_copy(update={"status": ExperimentStatus.STOPPED, "stopped_at": now})
            self.records[tenant, experiment_id] = known
        return known

    def active(self, tenant: str, capability: Capability) -> Experiment | None:
        for one in self.list(tenant):
            if one.capability is capability and one.status is ExperimentStatus.ACTIVE:
                return one
        return None
