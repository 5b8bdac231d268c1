"""The input machine, one case for each edge: what the caller is told, what reached the providers, what was charged."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import Any

import pytest

from intake.gateway.circuit import BreakerPolicy
from intake.providers.ports import Capability
from tests.doubles.faults import Fault, Kind
from tests.machines.conftest import DAILY_LIMIT, FLASH_KEY, OPENAI_KEY, Machines
from tests.machines.subscribers import subscriber
from tests.machines.workers import workers
from tests.support.tenants import until

pytestmark = [pytest.mark.emulator, pytest.mark.xdist_group("machines")]


def result(response: Any) -> Any:
    assert response.status_code == 200, response.text
    return response.json()


def test_a_text_is_understood_by_the_first_provider(machines: Machines) -> None:
    answer = result(machines.post("Quiero presentar una reclamación por mi coche."))

    assert answer["status"] == "completed"
    assert (answer["translation"]["provider"], answer["translation"]["attempts"]) == ("flash", 1)
    assert answer["translation"]["fallback_reason"] is None
    assert answer["cost_microusd"] > 0
    assert not answer["degraded"]


def test_a_failure_that_passes_is_retried(machines: Machines) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=503, key=FLASH_KEY, route="chat", times=1))

    answer = result(machines.post("El seguro no cubre mi tejado."))

    assert answer["translation"]["provider"] == "flash"
    assert machines.calls(FLASH_KEY) >= 2


def test_when_the_first_provider_is_down_the_next_one_answers(machines: Machines) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=500, key=FLASH_KEY, times=None))

    answer = result(machines.post("La factura del hospital es incorrecta."))

    assert (answer["translation"]["provider"], answer["translation"]["attempts"]) == ("openai", 2)
    assert "flash" in answer["translation"]["fallback_reason"]
    assert answer["degraded"]
    assert answer["notice"]


@pytest.mark.parametrize(
    "fault",
    [
        Fault.quota(key=FLASH_KEY, times=None),
        Fault.rate_limit(retry_after="60", key=FLASH_KEY, times=None),
        Fault(kind=Kind.RESET, key=FLASH_KEY, times=None),
        Fault(kind=Kind.TRUNCATED_BODY, key=FLASH_KEY, times=None),
        Fault(kind=Kind.MALFORMED_JSON, key=FLASH_KEY, times=None),
        Fault(kind=Kind.SCHEMA_VIOLATION, key=FLASH_KEY, times=None),
        Fault(kind=Kind.REFUSAL, key=FLASH_KEY, times=None),
    ],
    ids=["quota", "rate limit", "reset", "truncated", "malformed", "schema", "refusal"],
)
def test_every_kind_of_failure_leads_to_the_next_provider(machines: Machines, fault: Fault) -> None:
    machines.double.fail(fault)

    answer = result(machines.post(f"Mi teléfono se rompió. Caso {fault.kind} {fault.code}."))

    assert answer["translation"]["provider"] == "openai"


def test_an_exhausted_quota_is_not_retried(machines: Machines) -> None:
    machines.double.fail(Fault.quota(key=FLASH_KEY, times=None))

    result(machines.post("Necesito una cita con el médico."))

    assert machines.calls(FLASH_KEY) <= 2, "one translation and one sanitization at most"


def test_an_open_circuit_is_passed_over_without_a_call(machines: Machines) -> None:
    machines.open_circuit(Capability.TRANSLATE, "flash")

    answer = result(machines.post("¿Cubre la póliza el robo?"))

    assert answer["translation"]["provider"] == "openai"
    passed_over = {choice["provider"]: choice["reason"] for choice in answer["routing"]["translate"]["passed_over"]}
    assert "circuit" in passed_over["flash"]


def test_a_held_provider_is_passed_over_and_told_to_the_caller_and_to_subscribers(machines: Machines) -> None:
    api = machines.stack.api
    with subscriber(machines.stack, "*") as told:
        held = api.post(
            "/v1/providers/flash/hold", json={"reason": "Its invoice is disputed.", "capability": "translate"}
        )
        try:
            # A worker trusts the last healthy row that it read for so long.
            time.sleep(BreakerPolicy().memory.total_seconds())
            answer = result(machines.post("El granizo rompió dos ventanas."))
        finally:
            api.post("/v1/providers/flash/resume")
        news = [told.next()["detail"] for _ in range(2)]

    assert held.status_code == 200
    assert answer["translation"]["provider"] == "openai"
    assert "flash was passed over (an operator holds it: Its invoice is disputed.)" in answer["notice"]
    assert [event["type"] for event in news] == ["provider.degraded", "provider.recovered"]
    assert {event["data"]["since"] for event in news} == {held.json()["items"][0]["hold"]["since"]}


def test_a_used_up_budget_is_passed_over_and_told(machines: Machines) -> None:
    budget = machines.budget
    spent = budget.balance("demo", "flash").spent_microusd
    rest = budget.reserve("demo", "flash", DAILY_LIMIT.microusd_per_day - spent)
    try:
        answer = result(machines.post("He perdido mi tarjeta del seguro."))
    finally:
        budget.settle(rest, 0)

    assert answer["translation"]["provider"] == "openai"
    assert machines.calls(FLASH_KEY) == 0


def test_when_every_provider_is_down_the_caller_is_told_which_and_nothing_is_lost(machines: Machines) -> None:
    machines.double.fail(Fault(kind=Kind.STATUS, status=500, times=None))

    response = machines.post("Nadie contesta mis llamadas.")

    assert response.status_code == 503
    problem = response.json()
    assert problem["type"].endswith("providers-unavailable")
    assert [failure.split()[0].rstrip(":") for failure in problem["failures"]] == ["flash", "openai"]
    kept = machines.stack.api.get(f"/v1/inputs/{problem['input_id']}").json()
    assert kept["status"] == "failed"
    assert kept["text"] == "Nadie contesta mis llamadas."


def test_the_rules_stand_in_when_no_model_cleans_the_text(machines: Machines) -> None:
    for provider in ("openai", "flash"):
        machines.open_circuit(Capability.COMPLETE, provider)

    answer = result(machines.post("Eh, quiero, quiero cancelar mi póliza."))

    assert answer["sanitized"]["provider"] == "rules"
    assert answer["degraded"]
    assert "rules" in answer["notice"]


def test_a_stage_whose_worker_is_killed_is_run_again(machines: Machines) -> None:
    machines.double.fail(Fault(kind=Kind.SLOW, key=FLASH_KEY, delay_seconds=3, times=1))
    answers: list[Any] = []
    caller = threading.Thread(target=lambda: answers.append(machines.post("Mi hijo está en el hospital.")))
    caller.start()
    deadline = time.monotonic() + 5
    while machines.calls(FLASH_KEY) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    for worker in workers(machines.stack, "TranslateFunction"):
        os.kill(worker, signal.SIGKILL)
    caller.join()

    assert result(answers[0])["translation"]["provider"] == "flash"


def test_an_identical_text_is_answered_without_a_call(machines: Machines) -> None:
    text = "Hola, necesito ayuda con mi reclamación."
    result(machines.post(text))
    machines.double.reset()

    again = result(machines.post(text))

    assert again["cache"] == "hit"
    assert again["cost_microusd"] == 0
    assert again["timings_ms"] == {}
    assert machines.double.counts()["calls"] == 0


def test_a_text_in_the_target_language_is_passed_on(machines: Machines) -> None:
    answer = result(machines.post("I would like to report a broken window.", source_language="en"))

    assert answer["translation"]["provider"] is None or answer["translation"]["provider"] == "none"
    assert answer["sanitized"]["text"]


def test_the_standard_machine_does_the_same_later(machines: Machines) -> None:
    response = machines.stack.api.post(
        "/v1/inputs",
        json={"text": "Quiero hablar con una persona.", "source_language": "es"},
        headers={"Prefer": "respond-async"},
    )

    assert response.status_code == 202
    location = str(response.url.join(response.headers["location"]))
    deadline = time.monotonic() + 20
    while (answer := machines.stack.api.get(location).json())["status"] not in ("completed", "failed"):
        assert time.monotonic() < deadline, answer
        time.sleep(0.1)
    assert answer["status"] == "completed"


def test_a_text_of_no_known_language_is_turned_down_with_its_field_and_wakes_nobody(machines: Machines) -> None:
    request = {"text": "hola", "source_language": "auto"}

    waited = machines.stack.api.post("/v1/inputs", json=request)
    later = machines.stack.api.post("/v1/inputs", json=request, headers={"Prefer": "respond-async"})

    assert waited.status_code == 422, waited.text
    assert waited.json()["type"].endswith("unsupported-input")
    assert [error["field"] for error in waited.json()["errors"]] == ["source_language"]
    kept = until(lambda: _ended(machines, str(later.url.join(later.headers["location"]))), "the end of the input")
    assert (kept["status"], kept["error"]["type"]) == ("failed", "unsupported-input")
    assert until(lambda: _run_of(machines, kept["id"]), "the end of its run") == "SUCCEEDED", "no alarm"


def _ended(machines: Machines, location: str) -> Any:
    kept = machines.stack.api.get(location).json()
    return kept if kept["status"] in ("completed", "failed") else None


def _run_of(machines: Machines, input_id: str) -> str | None:
    """Return how a run of the Standard machine ended, which is named as its input."""
    machine = machines.stack.outputs["InputStandardMachine"]
    states = machines.stack.client("stepfunctions")
    runs = states.list_executions(stateMachineArn=machine, maxResults=200)["executions"]
    return next((run["status"] for run in runs if run["name"] == input_id and run["status"] != "RUNNING"), None)


def test_what_a_failed_call_was_billed_is_in_the_sum(machines: Machines) -> None:
    before = {name: machines.budget.balance("demo", name).spent_microusd for name in ("flash", "openai")}
    machines.double.fail(Fault(kind=Kind.SCHEMA_VIOLATION, key=FLASH_KEY, route="chat", times=2))

    answer = result(machines.post("Mi recibo de octubre tiene un error de 40 dólares."))

    after = {name: machines.budget.balance("demo", name).spent_microusd for name in ("flash", "openai")}
    parts = answer["translation"]["cost_microusd"] + answer["sanitized"]["cost_microusd"]
    assert sum(after.values()) - sum(before.values()) == answer["cost_microusd"] > parts


def test_the_sum_of_the_ledger_is_the_sum_of_the_answers(machines: Machines) -> None:
    before = {name: machines.budget.balance("demo", name).spent_microusd for name in ("flash", "openai")}

    answers = [result(machines.post(f"Tengo una pregunta sobre el recibo {number}.")) for number in range(5)]

    after = {name: machines.budget.balance("demo", name).spent_microusd for name in ("flash", "openai")}
    assert sum(after.values()) - sum(before.values()) == sum(answer["cost_microusd"] for answer in answers)
    assert machines.calls(OPENAI_KEY) + machines.calls(FLASH_KEY) == 10
