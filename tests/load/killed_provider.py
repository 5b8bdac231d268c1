"""The primary provider is killed under load: no input is lost, others answer at once, and it comes back by itself."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from benchmarks.report import Figure
from intake.gateway.circuit import BreakerPolicy
from tests.doubles.openai_server import OpenAIDouble
from tests.doubles.service import served
from tests.load.callers import Answer, billed_microusd, charged_microusd, send_all
from tests.load.settings import FLASH_MODEL, OPENAI_MODEL, variables
from tests.machines.subscribers import subscriber
from tests.support.stack import RunningStack, running_stack

INPUTS = 200
KILLED_AFTER = 80
WARM_UP = 16
FALLBACK_LIMIT_SECONDS = 2.0
EVERY_TENANT = "*"


def measure() -> list[Figure]:
    """Kill the translator that stands first while inputs arrive, start it again, and hold what came of it."""
    flash, openai = OpenAIDouble(), OpenAIDouble()
    with (
        ExitStack() as life_of_flash,
        served(openai) as at_openai,
        tempfile.TemporaryDirectory() as directory,
    ):
        at_flash = life_of_flash.enter_context(served(flash))
        port = urlsplit(at_flash.address).port or 0

        def kill(answered: int) -> None:
            if answered == KILLED_AFTER:
                life_of_flash.close()

        with (
            running_stack(Path(directory), "real", variables(at_flash, at_openai)) as stack,
            subscriber(stack, EVERY_TENANT) as told,
        ):
            send_all(stack, [f"Buenos días, les llamo por la póliza {n}." for n in range(WARM_UP)])
            answers = send_all(stack, [f"Mi coche número {n} no arranca." for n in range(INPUTS)], kill)
            charged = charged_microusd(stack)
            billed = billed_microusd(flash, "flash", FLASH_MODEL) + billed_microusd(openai, "openai", OPENAI_MODEL)
            with served(flash, port):
                seconds_to_recover = _until_it_answers(stack)
            events = Counter(event["detail-type"] for event in told.waiting())
    return [
        *_of_answers(answers),
        # Less may be: an answer that the kill cut off was paid for, and nobody told the ledger.
        Figure("charged above what the providers billed", max(0, charged - billed), "micro-dollars", 0),
        Figure("provider.degraded events", events["provider.degraded"], "events", 1),
        Figure("provider.recovered events", events["provider.recovered"], "events", 1, more_is_better=True),
        Figure(
            "answers again, by itself, after", seconds_to_recover, "s", 2 * BreakerPolicy().cool_down.total_seconds()
        ),
    ]


def _of_answers(answers: list[Answer]) -> list[Figure]:
    results = [answer for answer in answers if answer.is_result]
    usual = median(answer.seconds for answer in results if not answer.body["degraded"])
    fallen_back = [answer for answer in results if answer.body["degraded"]]
    added = [answer.seconds - usual for answer in fallen_back]
    ids = Counter(answer.body["id"] for answer in results)
    return [
        Figure("inputs answered with a result", len(results), "inputs", INPUTS, more_is_better=True),
        Figure("inputs answered twice", sum(count - 1 for count in ids.values()), "inputs", 0),
        Figure("of them by the fallback, and told so", len(fallen_back), "inputs", 1, more_is_better=True),
        Figure("the longest that a fallback added", max(added), "s", FALLBACK_LIMIT_SECONDS),
        Figure("  and half of them at most", median(added), "s"),
    ]


def _until_it_answers(stack: RunningStack) -> float:
    """Send an input a second until the provider that came back has closed its circuit; return the seconds."""
    started = time.monotonic()
    by_flash = 0
    for number in range(1, 1_000):
        (answer,) = send_all(stack, [f"¿Sigue cubierto mi seguro número {number}?"])
        by_flash += answer.body["translation"]["provider"] == "flash"
        if by_flash == BreakerPolicy().good_probes_to_close:
            return time.monotonic() - started
        time.sleep(1)
    raise RuntimeError("The circuit never closed.")
