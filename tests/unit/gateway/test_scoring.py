"""What moves a route, how far, and what does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.clock import day_of
from intake.gateway.scoring import Preference
from intake.gateway.statistics import Row, Statistics, Tally, month_of
from intake.providers.ports import Capability, Need, ProviderKind
from intake.settings import ProviderMode
from tests.fakes.clock import FakeClock
from tests.fakes.providers import GatewayBench, ScriptedProvider
from tests.fakes.statistics import MemoryStatistics

TRANSLATE = Capability.TRANSLATE
NEED = Need(source_language="es", target_language="en", size=80)
PRIORS = ["flash", "openai", "amazon_translate", "apertium"]
MODELS = {"flash": "gemini-3.5-flash-lite", "openai": "gpt-5.6-luna", "amazon_translate": "real-time"}

preferences = st.builds(Preference, cost=st.floats(0, 1), quality=st.floats(0, 1))
needs = st.builds(
    Need,
    source_language=st.just("es"),
    target_language=st.just("en"),
    size=st.integers(1, 5_000),
    complexity=st.floats(0, 1),
)
observations = st.one_of(
    st.floats(0, 1e6).map(Tally.success),
    st.sampled_from(["TransientError", "States.Timeout"]).map(Tally.failure),
    st.integers(1, 5).map(Tally.rated),
)


class Office:
    """Translators of every kind in the mode ``hybrid``, and what they did lately."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.store = MemoryStatistics()
        providers = [
            ScriptedProvider(name, model=MODELS.get(name, "eng"), kind=_kind(name)) for name in reversed(PRIORS)
        ]
        self.statistics = Statistics(self.store, self.clock)
        bench = GatewayBench(providers, mode=ProviderMode.HYBRID, clock=self.clock, statistics=self.statistics)
        self.gateway = bench.gateway

    def saw(self, provider: str, tally: Tally, *, days_ago: int = 0, tenant: str = "acme") -> None:
        now = self.clock.now() - timedelta(days=days_ago)
        row = (
            Row(tenant, TRANSLATE, "es-en", month_of(now))
            if tally.ratings
            else Row(None, TRANSLATE, "es-en", day_of(now))
        )
        self.store.add(row, {provider: tally})

    def route(self, preference: Preference | None = None, need: Need = NEED, tenant: str = "acme") -> list[str]:
        return self.gateway.route(TRANSLATE, need, tenant=tenant, preference=preference or Preference()).names

    def score(self, provider: str) -> float:
        route = self.gateway.route(TRANSLATE, NEED, tenant="acme")
        return next(choice.score or 0.0 for choice in route.providers if choice.provider == provider)


def _kind(name: str) -> ProviderKind:
    return ProviderKind.EMBEDDED if name == "apertium" else ProviderKind.REMOTE


def times(count: int, tally: Tally) -> Tally:
    return Tally().plus(tally, count)


def test_priors_decide_where_nothing_is_measured() -> None:
    assert Office().route() == PRIORS


def test_a_provider_that_fails_sinks() -> None:
    office = Office()
    office.saw("flash", times(30, Tally.failure("TransientError")))

    assert office.route()[0] == "openai"


def test_a_provider_that_was_faster_rises() -> None:
    office = Office()
    office.saw("openai", times(200, Tally.success(150)))
    office.saw("flash", times(200, Tally.success(2_500)))

    assert office.route()[0] == "openai"


def test_old_failures_weigh_less_than_recent_ones_and_are_forgotten() -> None:
    failures = times(30, Tally.failure("TransientError"))
    scores = []
    for days_ago in (0, 3, 6, 8):
        office = Office()
        office.saw("flash", failures, days_ago=days_ago)
        scores.append(office.score("flash"))

    assert scores == sorted(scores)
    assert scores[0] < scores[1] < scores[2] < scores[3] == Office().score("flash")


def test_ten_bad_ratings_move_little_and_a_thousand_do() -> None:
    few, many = Office(), Office()
    few.saw("flash", times(10, Tally.rated(1)))
    many.saw("flash", times(1_000, Tally.rated(1)))

    assert Office().score("flash") - few.score("flash") < 0.1
    assert few.route().index("flash") <= 1
    assert many.route().index("flash") == 3


def test_a_tenants_ratings_move_its_own_routes_only() -> None:
    office = Office()
    office.saw("flash", times(1_000, Tally.rated(1)), tenant="rival")

    assert office.route() == PRIORS
    assert office.route(tenant="rival")[0] == "openai"


@given(preferences, needs)
def test_an_engine_on_this_machine_stands_last_unless_cost_is_what_counts(preference: Preference, need: Need) -> None:
    if preference.lean >= 0:
        assert Office().route(preference, need)[-1] == "apertium"


@pytest.mark.parametrize("error_rate", [0.2, 0.5])
def test_an_engine_on_this_machine_stands_last_even_when_a_remote_one_often_fails(error_rate: float) -> None:
    office = Office()
    for name in ("flash", "openai", "amazon_translate"):
        office.saw(name, times(round(1_000 * error_rate), Tally.failure("TransientError")))
        office.saw(name, times(round(1_000 * (1 - error_rate)), Tally.success(3_000)))

    assert office.route(Preference(cost=0, quality=1))[-1] == "apertium"


def test_who_cares_for_cost_alone_is_served_by_what_is_free() -> None:
    assert Office().route(Preference(cost=1, quality=0))[0] == "apertium"


@given(preferences, needs, st.sampled_from(PRIORS), observations)
def test_no_order_flips_from_one_observation(
    preference: Preference, need: Need, provider: str, observation: Tally
) -> None:
    before, after = Office(), Office()
    after.saw(provider, observation)

    assert after.route(preference, need) == before.route(preference, need)


@given(preferences, needs, st.lists(st.tuples(st.sampled_from(PRIORS), observations), max_size=20))
def test_a_route_is_a_function_of_what_is_known(
    preference: Preference, need: Need, seen: list[tuple[str, Tally]]
) -> None:
    first, second = Office(), Office()
    for provider, tally in seen:
        first.saw(provider, tally)
    for provider, tally in reversed(seen):
        second.saw(provider, tally)

    assert first.route(preference, need) == second.route(preference, need)
    assert sorted(first.route(preference, need)) == sorted(PRIORS)


@given(needs, st.integers(1, 500), st.floats(0, 1e5))
def test_more_failures_never_help_and_weights_add_up_to_one(need: Need, count: int, duration_ms: float) -> None:
    office = Office()
    office.saw("flash", times(count, Tally.success(duration_ms)))
    before = office.score("flash")
    worse = Office()
    worse.saw("flash", times(count, Tally.success(duration_ms)).plus(times(count, Tally.failure("TransientError"))))

    assert worse.score("flash") < before
    for choice in office.gateway.route(TRANSLATE, need, tenant="acme").providers:
        assert sum(part.weight for part in choice.components.values()) == pytest.approx(1, abs=0.001)
        assert all(0 <= part.value <= 1 for part in choice.components.values())


def test_statistics_that_cannot_be_read_leave_the_priors() -> None:
    office = Office()
    office.saw("flash", times(100, Tally.failure("TransientError")))
    office.store.broken = True

    assert office.route() == PRIORS


def test_statistics_are_read_once_in_a_while_and_in_one_request() -> None:
    office = Office()
    for _ in range(10):
        office.route()
    assert office.store.reads == 1

    office.clock.advance(seconds=60)
    office.route()
    assert office.store.reads == 2


def test_what_nobody_counts_is_not_read() -> None:
    office = Office()

    assert office.statistics.look("acme", Capability.EMBED, "auto") == {}
    assert office.store.reads == 0


def test_reasons_tell_what_was_measured_and_what_is_lacking() -> None:
    office = Office()
    office.saw("flash", times(200, Tally.success(500)))

    first, second, *_others, last = office.gateway.route(TRANSLATE, NEED, tenant="acme").providers

    assert "success 1.00 (measured, 200 calls)" in first.reason
    assert "quality 0.82 (expected)" in first.reason
    assert "behind flash" in second.reason
    assert last.reason.startswith("last resort, an engine on this machine: ")
    assert "behind flash above all in quality, 0.40 against 0.82" in last.reason
