"""Warming: what is translated, what is not and why, and that nobody pays twice."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from intake.errors import ConflictError, TransientError
from intake.gateway.budget import Limits
from intake.gateway.outcome import CacheStatus
from intake.inputs.commands import ProviderCommand
from intake.inputs.translation import translate
from intake.machines import Run, RunStatus
from intake.phrases import warming
from intake.phrases.common import common_phrases
from intake.phrases.model import LIFE, LONGEST_RUN, Phrase, Schedule, WarmUp, own_id
from intake.phrases.presentation import as_public_warm_up
from intake.providers.ports import ProviderKind
from intake.settings import ProviderMode
from tests.fakes.clock import FakeClock
from tests.fakes.phrases import MemoryPhrases, MemoryWarmUps
from tests.fakes.providers import AMPLE, GatewayBench, ScriptedProvider
from tests.unit.inputs.conftest import INPUT_ID, Desk

TENANT, WARM_UP_ID = "acme", "wrm_1"
SPANISH = [phrase.id for phrase in common_phrases() if phrase.language == "es"]


@dataclass
class Starts:
    """`MachineRunner` that notes what was started."""

    started: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    broken: bool = False

    def run(self, machine: str, name: str, command: Any) -> Run:
        return Run(RunStatus.SUCCEEDED)

    def start(self, machine: str, name: str, command: Any) -> None:
        if self.broken:
            raise TransientError("The work could not be started for the moment.")
        if (name, dict(command)) not in self.started:
            self.started.append((name, dict(command)))


class Kitchen:
    """A warm-up of Spanish and what it needs; `work` does what the machine does."""

    def __init__(self, *providers: ScriptedProvider, limits: Limits = AMPLE, languages: tuple[str, ...] = ("es",)):
        self.provider = providers[0] if providers else ScriptedProvider()
        self.bench = GatewayBench(providers or [self.provider], limits=limits, mode=ProviderMode.HYBRID)
        self.clock = self.bench.clock
        self.phrases = MemoryPhrases()
        self.warm_ups = MemoryWarmUps(self.clock)
        self.begin(WARM_UP_ID, languages)

    def begin(self, warm_up_id: str, languages: tuple[str, ...] = ("es",), tenant: str = TENANT) -> None:
        now = self.clock.now()
        self.warm_ups.begin(
            WarmUp(tenant=tenant, id=warm_up_id, created_at=now, expires_at=now + LIFE, languages=languages)
        )

    def plan(self, warm_up_id: str = WARM_UP_ID, tenant: str = TENANT) -> list[dict[str, str]]:
        command = warming.WarmUpCommand(tenant=tenant, warm_up_id=warm_up_id)
        planned: list[dict[str, str]] = warming.plan_warm_up(
            command, gateway=self.bench.gateway, phrases=self.phrases, warm_ups=self.warm_ups
        )["phrases"]
        return planned

    def warm(self, phrase_id: str, provider: str, warm_up_id: str = WARM_UP_ID, tenant: str = TENANT) -> str:
        command = warming.PhraseCommand(tenant=tenant, warm_up_id=warm_up_id, phrase_id=phrase_id, provider=provider)
        outcome: str = warming.warm_phrase(
            command, gateway=self.bench.gateway, phrases=self.phrases, warm_ups=self.warm_ups
        )["outcome"]
        return outcome

    def finish(self, warm_up_id: str = WARM_UP_ID, tenant: str = TENANT) -> dict[str, int]:
        command = warming.WarmUpCommand(tenant=tenant, warm_up_id=warm_up_id)
        return warming.finish_warm_up(command, warm_ups=self.warm_ups, clock=self.clock)

    def work(self, warm_up_id: str = WARM_UP_ID, tenant: str = TENANT) -> dict[str, int]:
        for item in self.plan(warm_up_id, tenant):
            self.warm(item["phrase_id"], item["provider"], warm_up_id, tenant)
        return self.finish(warm_up_id, tenant)

    def public(self, warm_up_id: str = WARM_UP_ID, tenant: str = TENANT) -> dict[str, Any]:
        found = self.warm_ups.get(tenant, warm_up_id)
        return as_public_warm_up(found, self.warm_ups.results(tenant, warm_up_id), self.clock.now())


def test_the_plan_names_the_phrases_and_who_would_be_asked_first() -> None:
    kitchen = Kitchen(ScriptedProvider(), ScriptedProvider("flash", model="gemini-3.5-flash-lite"))

    planned = kitchen.plan()

    assert [item["phrase_id"] for item in planned] == SPANISH
    assert {item["provider"] for item in planned} == {"flash"}
    assert not any(phrase.text in json.dumps(planned, ensure_ascii=False) for phrase in common_phrases())


def test_phrases_are_warmed_once_and_cost_nothing_the_second_time() -> None:
    kitchen = Kitchen()
    first = kitchen.work()
    kitchen.begin("wrm_2")

    second = kitchen.work("wrm_2")

    assert first == {"warmed": 30, "already_warm": 0, "skipped": 0, "failed": 0}
    assert second == {"warmed": 0, "already_warm": 30, "skipped": 0, "failed": 0}
    assert kitchen.provider.calls == 30
    assert kitchen.public()["cost_microusd"] == 30 * 800
    assert kitchen.public("wrm_2")["cost_microusd"] == 0


def test_an_input_with_a_warm_phrase_is_translated_from_the_cache(desk: Desk) -> None:
    phrase = common_phrases()[0]
    kitchen = Kitchen()
    kitchen.bench = desk.bench
    [item] = [item for item in kitchen.plan() if item["phrase_id"] == phrase.id]
    kitchen.warm(phrase.id, item["provider"])
    desk.add(f" {phrase.text} ", source_language="es-MX")
    desk.detected("es-MX")
    command = ProviderCommand(tenant=TENANT, input_id=INPUT_ID, provider=item["provider"])

    made = translate(command, gateway=desk.gateway, inputs=desk.inputs, memory=desk.memory, clock=desk.clock)

    assert made.cache is not CacheStatus.MISS
    assert (made.cost_microusd, made.saved_microusd > 0) == (0, True)


def test_a_warm_up_of_one_tenant_warms_nothing_for_another() -> None:
    kitchen = Kitchen()
    kitchen.work()
    kitchen.begin("wrm_2", tenant="rival")

    kitchen.work("wrm_2", "rival")

    assert kitchen.provider.calls == 60


def test_a_language_that_nobody_translates_here_is_skipped_with_the_reason() -> None:
    kitchen = Kitchen(ScriptedProvider(obstacle="it knows no Vietnamese"), languages=("vi",))

    counts = kitchen.work()

    assert counts == {"warmed": 0, "already_warm": 0, "skipped": 20, "failed": 0}
    [reason] = kitchen.public()["reasons"]
    assert "it knows no Vietnamese" in reason["reason"]
    assert len(reason["phrases"]) == 20


@pytest.mark.parametrize(
    ("limits", "calls"),
    [
        (Limits(microusd_per_day=5_000_000, requests_per_hour=10), 5),
        (Limits(microusd_per_day=16_000, requests_per_hour=1000), 10),
        (Limits(microusd_per_day=5_000_000, requests_per_hour=0), 0),
    ],
)
def test_half_of_the_budget_is_left_for_inputs(limits: Limits, calls: int) -> None:
    kitchen = Kitchen(limits=limits)
    planned = [{"phrase_id": phrase_id, "provider": "openai"} for phrase_id in SPANISH]
    kitchen.warm_ups.plan(TENANT, WARM_UP_ID, SPANISH)

    for item in planned:
        kitchen.warm(item["phrase_id"], item["provider"])

    assert kitchen.provider.calls == calls
    public = kitchen.public()
    assert (public["warmed"], public["skipped"]) == (calls, 30 - calls)
    assert "Half of the budget for openai is used" in public["reasons"][0]["reason"]


def test_what_is_warm_already_needs_no_budget() -> None:
    kitchen = Kitchen(limits=Limits(microusd_per_day=5_000_000, requests_per_hour=2))
    kitchen.warm("es-01", "openai")
    kitchen.finish()
    kitchen.begin("wrm_2")

    assert kitchen.warm("es-01", "openai", "wrm_2") == "already_warm"


def test_an_engine_on_this_machine_has_no_budget_to_use_up() -> None:
    kitchen = Kitchen(
        ScriptedProvider("apertium", kind=ProviderKind.EMBEDDED),
        limits=Limits(microusd_per_day=0, requests_per_hour=0),
    )

    assert kitchen.work()["warmed"] == 30


def test_a_phrase_that_is_tried_again_is_not_paid_for_again() -> None:
    kitchen = Kitchen()
    kitchen.warm("es-01", "openai")

    assert kitchen.warm("es-01", "openai") == "warmed"
    assert kitchen.provider.calls == 1
    assert kitchen.public()["cost_microusd"] == 800


def test_a_phrase_that_was_paid_for_by_a_run_that_died_costs_nothing_again() -> None:
    kitchen = Kitchen()
    kitchen.warm("es-01", "openai")
    kitchen.warm_ups.kept.clear()

    assert kitchen.warm("es-01", "openai") == "already_warm"
    assert kitchen.provider.calls == 1


def test_a_failure_is_raised_to_be_tried_again_and_kept_when_nobody_tries_any_more() -> None:
    kitchen = Kitchen()
    kitchen.provider.will(TransientError("openai answered 503"))
    kitchen.plan()
    with pytest.raises(TransientError):
        kitchen.warm("es-01", "openai")
    cause = json.dumps({"errorMessage": "openai answered 503", "errorType": "TransientError", "stackTrace": []})

    warming.record_warm_up_failure(
        warming.WarmUpFailureCommand(
            tenant=TENANT,
            warm_up_id=WARM_UP_ID,
            phrase_id="es-01",
            provider="openai",
            error="TransientError",
            cause=cause,
        ),
        warm_ups=kitchen.warm_ups,
        clock=kitchen.clock,
    )

    public = kitchen.public()
    assert public["reasons"] == [{"outcome": "failed", "reason": "openai answered 503", "phrases": ["es-01"]}]
    assert public["status"] == "running"


def test_a_fault_of_ours_says_nothing_of_the_inside() -> None:
    kitchen = Kitchen()
    command = warming.WarmUpFailureCommand(
        tenant=TENANT, warm_up_id=WARM_UP_ID, error="KeyError", cause='{"errorMessage": "secret"}'
    )

    warming.record_warm_up_failure(command, warm_ups=kitchen.warm_ups, clock=kitchen.clock)

    public = kitchen.public()
    assert (public["status"], public["notice"]) == ("failed", "Something went wrong.")


def test_own_phrases_are_warmed_with_the_common_ones() -> None:
    kitchen = Kitchen(languages=("ca",))
    text = "Vull parlar amb algú."
    own = Phrase(id=own_id("ca", text), language="ca", label=common_phrases()[0].label, text=text)
    kitchen.phrases.put_own(TENANT, [own])

    assert kitchen.work() == {"warmed": 1, "already_warm": 0, "skipped": 0, "failed": 0}


def test_a_phrase_that_was_taken_off_the_list_meanwhile_is_skipped() -> None:
    kitchen = Kitchen()

    assert kitchen.warm("own-gone", "openai") == "skipped"


def test_a_phrase_in_the_target_language_needs_no_translation() -> None:
    kitchen = Kitchen(languages=("en",))
    label = common_phrases()[0].label
    kitchen.phrases.put_own(TENANT, [Phrase(id="own-1", language="en", label=label, text="Where is my card?")])

    assert kitchen.work()["skipped"] == 1
    assert kitchen.public()["reasons"][0]["reason"] == "It is in English already."


def test_one_that_was_cut_off_says_so() -> None:
    kitchen = Kitchen()
    kitchen.clock.advance(seconds=LONGEST_RUN.total_seconds())

    assert kitchen.public()["status"] == "failed"
    assert "cut off" in kitchen.public()["notice"]


def start(warm_ups: MemoryWarmUps, machines: Starts, clock: FakeClock) -> WarmUp:
    return warming.begin(TENANT, (), "en", machine="arn", warm_ups=warm_ups, machines=machines, clock=clock)


def test_a_warm_up_on_demand_starts_the_machine_with_ids_only() -> None:
    clock, machines = FakeClock(), Starts()

    begun = start(MemoryWarmUps(clock), machines, clock)

    assert machines.started == [(begun.id, {"tenant": TENANT, "warm_up_id": begun.id})]


def test_one_that_could_not_be_started_does_not_stand_in_the_way() -> None:
    clock, warm_ups = FakeClock(), MemoryWarmUps()
    with pytest.raises(TransientError):
        start(warm_ups, Starts(broken=True), clock)

    assert start(warm_ups, Starts(), clock).id


def scheduled(phrases: MemoryPhrases, warm_ups: MemoryWarmUps, machines: Starts, clock: FakeClock) -> dict[str, int]:
    return warming.begin_scheduled(machine="arn", phrases=phrases, warm_ups=warm_ups, machines=machines, clock=clock)


def test_each_night_those_who_want_it_are_warmed_once() -> None:
    clock, phrases, machines = FakeClock(), MemoryPhrases(), Starts()
    warm_ups = MemoryWarmUps(clock)
    for tenant, enabled in (("acme", True), ("rival", False), ("third", True)):
        phrases.put_schedule(Schedule(tenant=tenant, enabled=enabled, languages=("es",)))

    first = scheduled(phrases, warm_ups, machines, clock)
    again = scheduled(phrases, warm_ups, machines, clock)

    assert (first, again) == ({"begun": 2, "passed_over": 0}, {"begun": 2, "passed_over": 0})
    assert sorted(command["tenant"] for _name, command in machines.started) == ["acme", "third"]
    assert {warm_up.languages for warm_up in warm_ups.records.values()} == {("es",)}


def test_a_tenant_whose_warm_up_still_runs_is_passed_over() -> None:
    clock, phrases, machines = FakeClock(), MemoryPhrases(), Starts()
    warm_ups = MemoryWarmUps(clock)
    phrases.put_schedule(Schedule(tenant=TENANT, enabled=True))
    start(warm_ups, machines, clock)

    assert scheduled(phrases, warm_ups, machines, clock) == {"begun": 0, "passed_over": 1}
    clock.advance(seconds=timedelta(days=1).total_seconds())
    assert scheduled(phrases, warm_ups, machines, clock) == {"begun": 1, "passed_over": 0}


def test_two_on_demand_at_once_are_a_conflict() -> None:
    clock = FakeClock()
    warm_ups = MemoryWarmUps(clock)
    first = start(warm_ups, Starts(), clock)

    with pytest.raises(ConflictError, match=first.id):
        start(warm_ups, Starts(), clock)
