"""``/v1/experiments``: variants of routing compared on real inputs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from answers import json_answer
from dependencies import Admin, Provided, identifier, read_json

router = APIRouter(prefix="/v1/experiments", tags=["experiments"])


@router.post("")
async def create_experiment(request: Request, principal: Admin, provided: Provided) -> Response:
    """Begin an experiment: each user, else conversation, else input gets one variant, always the same.

    One is active for a capability at a time. The first variant is the one that the others are compared with.
    """
    from intake.experiments.model import ExperimentRequest, start

    begun = start(
        await read_json(request, ExperimentRequest),
        tenant=principal.tenant,
        providers=[(provider.capability, provider.name) for provider in provided.providers],
        experiments=provided.experiments,
        clock=provided.clock,
    )
    return json_answer(begun.public(), 201, {"location": f"/v1/experiments/{begun.id}"})


@router.get("")
async def list_experiments(principal: Admin, provided: Provided) -> Response:
    """List experiments, newest first."""
    return json_answer({"items": [one.public() for one in provided.experiments.list(principal.tenant)]})


@router.get("/{id}")
async def read_experiment(request: Request, principal: Admin, provided: Provided) -> Response:
    """Show an experiment with its results: figures of each variant, and whether they differ by more than chance."""
    from intake.experiments.model import results_row
    from intake.experiments.results import results

    found = provided.experiments.get(principal.tenant, identifier(request))
    row = results_row(found.tenant, found.capability, found.id)
    counted = provided.statistics.read([row]).get(row, {})
    return json_answer(found.public() | {"results": results(found, counted)})


@router.post("/{id}/stop")
async def stop_experiment(request: Request, principal: Admin, provided: Provided) -> Response:
    """Assign no more inputs. What was counted stays."""
    stopped = provided.experiments.stop(principal.tenant, identifier(request), provided.clock.now())
    return json_answer(stopped.public())
