"""A thousand inputs while one call in ten fails: callers hardly notice, and each charge has its call."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.report import Figure, percentile
from tests.doubles.control import Control
from tests.doubles.faults import Fault, Kind
from tests.doubles.openai_server import OpenAIDouble
from tests.doubles.service import served
from tests.load.callers import Answer, billed_microusd, charged_microusd, send_all
from tests.load.settings import FLASH_MODEL, OPENAI_MODEL, variables
from tests.support.stack import RunningStack, running_stack

INPUTS = 1_000
WARM_UP = 32
ONE_IN = 50
"""Each of five kinds of fault takes one call in fifty: one in ten together."""
KINDS = (
    Fault(kind=Kind.STATUS, status=500),
    Fault.rate_limit(),
    Fault(kind=Kind.RESET),
    Fault(kind=Kind.MALFORMED_CONTENT),
    Fault(kind=Kind.REFUSAL),
)


def measure() -> list[Figure]:
    """Send the inputs and hold error rate and charges against their limits."""
    flash, openai = OpenAIDouble(), OpenAIDouble()
    with (
        served(flash) as at_flash,
        served(openai) as at_openai,
        tempfile.TemporaryDirectory() as directory,
        running_stack(Path(directory), "real", variables(at_flash, at_openai)) as stack,
    ):
        send_all(stack, [f"Hola, es una prueba {n}." for n in range(WARM_UP)])
        before = charged_microusd(stack)
        for double in (at_flash, at_openai):
            _order_faults(double)
        answers = send_all(stack, [f"Tengo una consulta sobre mi póliza número {n}." for n in range(INPUTS)])
        charged = charged_microusd(stack)
        told = sum(_cost_microusd(stack, answer) for answer in answers)
    billed = billed_microusd(flash, "flash", FLASH_MODEL) + billed_microusd(openai, "openai", OPENAI_MODEL)
    results = [answer for answer in answers if answer.is_result]
    return [
        Figure("inputs answered with a result", len(results), "inputs", INPUTS * 0.99, more_is_better=True),
        Figure("calls that reached the providers", flash.calls + openai.calls, "calls"),
        Figure("billed by the providers", billed, "micro-dollars"),
        Figure("charged in the ledger, apart from that", abs(charged - billed), "micro-dollars", 0),
        Figure(
            "the inputs' own costs, apart from the ledger",
            abs(charged - before - told),
            "micro-dollars",
            0,
        ),
        Figure("time of an answer, p50", percentile([answer.seconds for answer in answers], 0.5), "s"),
        Figure("time of an answer, p95", percentile([answer.seconds for answer in answers], 0.95), "s"),
    ]


def _cost_microusd(stack: RunningStack, answer: Answer) -> int:
    """Return what an input says that it cost; one that failed may have cost something all the same."""
    body = answer.body if answer.is_result else stack.api.get(f"/v1/inputs/{answer.body['input_id']}").json()
    cost: int = body["cost_microusd"]
    return cost


def _order_faults(double: Control) -> None:
    for fault in KINDS:
        double.fail(fault.model_copy(update={"times": None, "every": ONE_IN}))
