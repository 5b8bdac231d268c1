"""What a provider's failures lead to, as it is told: retries, fewer of them where they are dear, and fallback."""

from __future__ import annotations

import random
from typing import Any
from uuid import uuid4

import pytest

from tests.doubles.faults import Fault, Kind
from tests.machines.conftest import DAILY_LIMIT, FLASH_KEY, OPENAI_KEY, Machines
from tests.machines.test_input_machine import result
from tests.support.recordings import as_wav, syllables
from tests.support.tenants import new_tenant, until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


def told(answer: Any, *kinds: str) -> list[tuple[str, str, int, str]]:
    return [
        (entry["kind"], entry["provider"], entry["attempt"], entry["error"])
        for entry in answer["progress"]
        if entry["kind"] in (kinds or ("retrying", "falling_back"))
    ]


def test_a_healthy_run_tells_its_stages_in_order(machines: Machines) -> None:
    answer = result(machines.post("Quiero saber si mi póliza cubre el robo de mi bicicleta."))

    assert [entry["sequence"] for entry in answer["progress"]] == list(range(1, len(answer["progress"]) + 1))
    assert [(entry["kind"], entry.get("stage")) for entry in answer["progress"]] == [
        ("accepted", None),
        ("stage_done", "detect_language"),
        ("provider_chosen", "translate"),
        ("stage_done", "translate"),
        ("provider_chosen", "sanitize"),
        ("stage_done", "sanitize"),
        ("stage_done", "assess"),
        ("completed", None),
    ]


def test_two_failures_that_pass_are_told_and_the_third_call_answers(machines: Machines) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=503, key=FLASH_KEY, route="chat", times=2))

    answer = result(machines.post("El granizo ha roto el parabrisas."))

    assert answer["translation"]["provider"] == "flash"
    assert told(answer) == [("retrying", "flash", 1, "TransientError"), ("retrying", "flash", 2, "TransientError")]


def test_a_provider_that_stays_down_is_told_with_who_is_next(machines: Machines) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=500, key=FLASH_KEY, times=3))

    answer = result(machines.post("El perro del vecino mordió a mi hija."))

    assert answer["translation"]["provider"] == "openai"
    assert told(answer)[-1] == ("falling_back", "flash", 3, "TransientError")


def test_a_dropped_recording_tells_of_its_retries_and_of_who_is_next(machines: Machines) -> None:
    tenant = new_tenant(machines.stack, f"t-{uuid4().hex[:8]}")
    machines.elevenlabs.fail(Fault.elevenlabs(503, "unavailable", times=3))

    # At another pitch each time, so that no cache knows it.
    tenant.drop("call.wav", as_wav(syllables(2.0, pitch_hz=150 + random.random() * 100)), bucket="AudioBucket")

    ended = until(lambda: next((one for one in tenant.inputs() if one["status"] == "completed"), None), "the recording")
    answer = tenant.api.get(f"/v1/inputs/{ended['id']}").json()
    assert answer["transcription"]["provider"] == "openai"
    assert told(answer) == [
        ("retrying", "elevenlabs", 1, "TransientError"),
        ("retrying", "elevenlabs", 2, "TransientError"),
        ("falling_back", "elevenlabs", 3, "TransientError"),
    ]


def test_a_refusal_is_not_retried(machines: Machines) -> None:
    machines.double.fail(Fault.quota(key=FLASH_KEY, times=1))

    answer = result(machines.post("La cerradura de mi puerta está rota."))

    assert told(answer) == [("falling_back", "flash", 1, "QuotaExhaustedError")]


def test_a_retry_that_the_budget_cannot_pay_is_not_made(machines: Machines) -> None:
    budget = machines.budget
    used = budget.balance("demo", "flash")
    rest = budget.reserve(
        "demo", "flash", DAILY_LIMIT.microusd_per_day - used.spent_microusd - used.reserved_microusd - 1
    )
    machines.double.fail(Fault(kind=Kind.STATUS, status=503, key=FLASH_KEY, route="chat", times=None))
    try:
        answer = result(machines.post("Se inundó la cocina de mi casa anoche."))
    finally:
        budget.settle(rest, 0)

    assert answer["translation"]["provider"] == "openai"
    assert machines.calls(FLASH_KEY) == 0
    assert told(answer)[0] == ("falling_back", "flash", 1, "BudgetExceededError")


def test_a_dear_call_is_tried_less_often(machines: Machines) -> None:
    # The longest text, were its translation as long as a model may make it, costs cents a call.
    machines.double.fail(Fault(kind=Kind.STATUS, status=503, route="chat", times=None))

    response = machines.post("Mi casa se quemó. " * 270)

    kept = machines.stack.api.get(f"/v1/inputs/{response.json()['input_id']}").json()
    assert response.status_code == 503
    assert (machines.calls(FLASH_KEY), machines.calls(OPENAI_KEY)) == (1, 2)
    assert [failure["error"] for failure in kept["error"]["failures"]] == ["NotRetriedError", "NotRetriedError"]
