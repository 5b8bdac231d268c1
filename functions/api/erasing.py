"""Requests to erase: noted, begun, and answered with where to see how far they are."""

from __future__ import annotations

from starlette.responses import Response

from answers import json_answer
from dependencies import Services
from intake.inputs.erasure import ask_for_input, ask_for_user, run_name
from intake.inputs.erasures import Erasure, ErasureStatus, as_public
from intake.tenancy.api_keys import Principal


def erase_input(input_id: str, principal: Principal, services: Services) -> Response:
    """Erase one input: 202 while that goes on, 200 when it is complete; asked again, it is the same erasure."""
    erasure = ask_for_input(
        principal.tenant,
        input_id,
        by=principal.key_id,
        inputs=services.inputs,
        erasures=services.erasures,
        clock=services.clock,
    )
    return _begun(erasure, services)


def erase_inputs_of_user(user_id: str, principal: Principal, services: Services) -> Response:
    """Erase what a user has sent."""
    erasure = ask_for_user(
        principal.tenant, user_id, by=principal.key_id, erasures=services.erasures, clock=services.clock
    )
    return _begun(erasure, services)


def _begun(erasure: Erasure, services: Services) -> Response:
    if erasure.status is ErasureStatus.ERASED:
        return json_answer(as_public(erasure))
    command = {"tenant": erasure.tenant, "erasure_id": erasure.id}
    services.machines.start(services.settings.erasure_arn, run_name(erasure, services.clock), command)
    return json_answer(as_public(erasure), 202, {"location": f"/v1/erasures/{erasure.id}"})
