"""The exact cache: how long lines live, what is in their keys, and that no tenant ever meets another's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.gateway.cache import (
    LONGEST_LIFE,
    SHORTEST_LIFE,
    UNRATED_LIFE,
    Cache,
    CacheLine,
    CacheStore,
    cache_key,
    time_to_live,
)
from intake.gateway.outcome import CacheStatus
from intake.providers.ports import Capability, CompletionRequest, ProviderKind, TranslationRequest
from intake.settings import ProviderMode
from intake.storage.cache import DynamoDBCacheStore
from intake.storage.results import CachedResults
from tests.fakes.clock import FakeClock
from tests.fakes.gateway_stores import InMemoryCacheStore
from tests.fakes.providers import GatewayBench, ScriptedProvider
from tests.fakes.tables import dynamodb_table

# Characters that separate parts in keys somewhere, mixed with few others, so that near misses are common.
TRICKY = st.text(alphabet='ab#\0|/:-_"\\,[] ', min_size=1, max_size=8)
SOLID = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def line_of(body: str, **changes: Any) -> CacheLine:
    expires = FakeClock().now() + timedelta(days=1)
    return CacheLine.model_validate(
        {"body": body, "provider": "p", "model": "m", "cost_microusd": 1, "expires": expires} | changes
    )


def request_of(**fields: Any) -> TranslationRequest:
    return TranslationRequest.model_validate(
        {"text": "hola", "source_language": "es", "target_language": "en"} | fields
    )


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_surer_an_answer_the_longer_it_lives(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert SHORTEST_LIFE <= time_to_live(low) <= time_to_live(high) <= LONGEST_LIFE


@pytest.mark.parametrize(
    ("confidence", "life"),
    [
        (None, UNRATED_LIFE),
        (0.0, SHORTEST_LIFE),
        (0.3, SHORTEST_LIFE),
        (0.5, SHORTEST_LIFE),
        (1.0, LONGEST_LIFE),
        (7.0, LONGEST_LIFE),
    ],
)
def test_an_answer_that_is_a_guess_is_kept_shortly(confidence: float | None, life: timedelta) -> None:
    assert time_to_live(confidence) == life


def test_a_rather_unsure_answer_is_not_kept_longer_than_one_that_nobody_rated() -> None:
    assert time_to_live(0.6) < UNRATED_LIFE < time_to_live(0.8)


@given(st.lists(TRICKY, max_size=5), st.lists(TRICKY, max_size=5))
def test_different_parts_make_different_keys(one: list[str], other: list[str]) -> None:
    assert (cache_key(*one) == cache_key(*other)) == (one == other)


@given(st.dictionaries(st.tuples(TRICKY, TRICKY), st.text(max_size=5), max_size=12), st.tuples(TRICKY, TRICKY))
def test_a_memory_gives_a_line_to_the_tenant_and_key_it_was_put_under_only(
    lines: dict[tuple[str, str], str], asked: tuple[str, str]
) -> None:
    cache = Cache(_Forgetful(), FakeClock())
    for (tenant, key), body in lines.items():
        cache.put(tenant, key, line_of(body))

    for tenant, key in {*lines, asked}:
        found = cache.get(tenant, key)
        expected = lines.get((tenant, key))
        assert (found[0].body if found else None) == expected
        assert found is None or found[1] is CacheStatus.MEMORY


class _Forgetful(InMemoryCacheStore):
    """A table that keeps nothing: what comes back was in memory."""

    def put(self, tenant: str, key: str, line: CacheLine) -> None:
        pass


@SOLID
@given(
    lines=st.dictionaries(st.tuples(TRICKY, TRICKY), st.text(max_size=5), max_size=8), asked=st.tuples(TRICKY, TRICKY)
)
@pytest.mark.parametrize("kind", ["memory", "dynamodb"])
def test_a_table_gives_a_line_to_the_tenant_and_key_it_was_put_under_only(
    kind: str, store_of: Any, lines: dict[tuple[str, str], str], asked: tuple[str, str]
) -> None:
    store: CacheStore = store_of(kind)
    for (tenant, key), body in lines.items():
        store.put(tenant, key, line_of(body))

    for tenant, key in {*lines, asked}:
        found = store.get(tenant, key)
        assert (found.body if found else None) == lines.get((tenant, key))


@pytest.fixture
def store_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make an empty store of a kind; the table is emptied instead of made anew for each example."""
    with dynamodb_table(monkeypatch, "gateway") as table:
        client = boto3.client("dynamodb")

        def make(kind: str) -> CacheStore:
            if kind == "memory":
                return InMemoryCacheStore()
            for item in client.scan(TableName=table)["Items"]:
                client.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})
            return DynamoDBCacheStore(client, table)

        yield make


@given(st.lists(st.tuples(TRICKY, TRICKY), min_size=2, max_size=6, unique=True))
def test_a_tenant_pays_for_its_own_answers_whatever_others_asked(asked: list[tuple[str, str]]) -> None:
    provider = ScriptedProvider()
    bench = GatewayBench([provider])

    for tenant, text in asked:
        bench.translate(text=text, tenant=tenant)

    assert provider.calls == len(asked), "an answer came from another tenant or another text"


@given(st.dictionaries(st.tuples(TRICKY, TRICKY), st.text(max_size=5), max_size=8), st.tuples(TRICKY, TRICKY))
def test_a_whole_answer_is_given_to_the_tenant_and_fingerprint_it_was_kept_under_only(
    answers: dict[tuple[str, str], str], asked: tuple[str, str]
) -> None:
    clock = FakeClock()
    results = CachedResults(InMemoryCacheStore(), clock, edition="real")
    for (tenant, fingerprint), answer in answers.items():
        results.put(tenant, fingerprint, answer, clock.now() + timedelta(days=1))

    for tenant, fingerprint in {*answers, asked}:
        assert results.get(tenant, fingerprint) == answers.get((tenant, fingerprint))


@pytest.mark.parametrize(
    "change",
    [{"text": "hola."}, {"source_language": "ca"}, {"target_language": "fr"}, {"glossary": {"póliza": "policy"}}],
)
def test_whatever_may_change_a_translation_is_in_its_key(change: dict[str, Any]) -> None:
    assert request_of().fingerprint() != request_of(**change).fingerprint()


def test_a_glossary_of_other_words_is_another_request() -> None:
    one, other = ({"póliza": word} for word in ("policy", "contract"))

    assert request_of(glossary=one).fingerprint() != request_of(glossary=other).fingerprint()


def test_the_version_of_a_prompt_is_in_the_key_of_a_completion() -> None:
    def fingerprint(version: str) -> str:
        return CompletionRequest(
            task="sanitize",
            prompt_version=version,
            instructions="clean",
            data={},
            answer_schema={},
            max_output_tokens=10,
        ).fingerprint()

    assert fingerprint("1") != fingerprint("2")


@pytest.mark.parametrize(("attribute", "other"), [("model", "gpt-5.6-terra"), ("version", "2"), ("name", "flash")])
def test_another_model_or_adapter_is_asked_anew(attribute: str, other: str) -> None:
    lines = InMemoryCacheStore()
    GatewayBench([ScriptedProvider(kind=ProviderKind.EMBEDDED)], lines=lines, mode=ProviderMode.EMBEDDED).translate()
    changed = ScriptedProvider(kind=ProviderKind.EMBEDDED)
    setattr(changed, attribute, other)

    bench = GatewayBench([changed], lines=lines, mode=ProviderMode.EMBEDDED)
    outcome = bench.gateway.call(Capability.TRANSLATE, changed.name, request_of(), tenant="acme")

    assert (outcome.cache, changed.calls) == (CacheStatus.MISS, 1)


def test_a_fallback_never_answers_for_the_first_choice() -> None:
    first, second = ScriptedProvider("flash", model="gemini-3.5-flash-lite"), ScriptedProvider("openai")
    bench = GatewayBench([first, second])
    bench.translate(provider="openai")

    assert bench.translate(provider="flash").cache is CacheStatus.MISS


def test_a_cached_answer_says_what_it_cost_and_how_long_it_took_when_it_was_made() -> None:
    clock = FakeClock()
    provider = ScriptedProvider()
    provider.will(lambda: clock.advance(milliseconds=300))
    bench = GatewayBench([provider], clock=clock)
    made = bench.translate()

    again = bench.translate()

    assert (made.saved_microusd, made.saved_ms) == (0, 0)
    assert (again.saved_microusd, again.saved_ms) == (made.cost_microusd, 300)
