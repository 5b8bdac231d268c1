"""Whole answers are given again to the same tenant, while the same providers answer."""

from __future__ import annotations

from datetime import timedelta

from intake.settings import Settings
from intake.storage.results import CachedResults
from tests.fakes.clock import FakeClock
from tests.fakes.gateway_stores import InMemoryCacheStore


def results(store: InMemoryCacheStore, clock: FakeClock, **variables: str) -> CachedResults:
    return CachedResults(store, clock, edition=Settings.model_validate(variables).edition)


def test_an_answer_is_given_again_until_its_end() -> None:
    store, clock = InMemoryCacheStore(), FakeClock()
    results(store, clock).put("acme", "print", "{}", clock.now() + timedelta(hours=1))

    assert results(store, clock).get("acme", "print") == "{}"
    assert results(store, clock).get("rival", "print") is None
    clock.advance(hours=1)
    assert results(store, clock).get("acme", "print") is None


def test_an_answer_does_not_outlive_the_providers_that_gave_it() -> None:
    store, clock = InMemoryCacheStore(), FakeClock()
    results(store, clock).put("acme", "print", "{}", clock.now() + timedelta(hours=1))

    assert results(store, clock, INTAKE_PROVIDERS="real").get("acme", "print") is None
    assert results(store, clock, FLASH_MODEL="gemini-3.8-flash").get("acme", "print") is None
