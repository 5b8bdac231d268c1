"""The report on the cache: rates, sums, and recommendations that the figures bear."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from intake.analytics.cache_report import report
from intake.analytics.cache_use import CacheRow, Counts
from tests.fakes.clock import FakeClock

NOW = FakeClock().now()
TODAY, LAST_WEEK, LAST_MONTH, LONG_AGO = "2026-11-20", "2026-11-14", "2026-10-22", "2026-10-21"


def translated(day: str = TODAY, pair: str = "es-en", **counts: int) -> dict[CacheRow, Counts]:
    return {CacheRow(day, "translate", pair): counts}


def made(*rows: dict[CacheRow, Counts], phrase_languages: tuple[str, ...] = ("es",)) -> Any:
    merged = {row: counts for some in rows for row, counts in some.items()}
    return report(merged, phrase_languages=phrase_languages, now=NOW)


def test_nothing_was_asked_has_no_rate_and_no_advice() -> None:
    empty = made()

    assert empty["recommendations"] == []
    assert empty["periods"]["30_days"]["layers"]["memory"] == {"requests": 0, "hits": 0, "hit_rate": None}


def test_each_layer_is_measured_by_what_came_to_it() -> None:
    whole: dict[CacheRow, Counts] = {
        CacheRow(TODAY, "reused", "es-en"): {"hit": 30, "saved_microusd": 300, "saved_ms": 9000},
        CacheRow(TODAY, "worked_on", "es-en"): {"miss": 10},
    }

    today = made(whole, translated(memory=2, table=3, miss=5, saved_microusd=50, saved_ms=100, spent_microusd=70))[
        "periods"
    ]["today"]

    assert today["layers"]["result"] == {"requests": 40, "hits": 30, "hit_rate": 0.75}
    assert today["layers"]["memory"] == {"requests": 10, "hits": 2, "hit_rate": 0.2}
    assert today["layers"]["table"] == {"requests": 8, "hits": 3, "hit_rate": 0.375}
    assert (today["saved_microusd"], today["saved_ms"], today["spent_microusd"]) == (350, 9100, 70)
    [pair] = today["pairs"]
    assert (pair["pair"], pair["requests"], pair["hits"], pair["hit_rate"]) == ("es-en", 10, 5, 0.5)


def test_periods_end_where_they_say() -> None:
    periods = made(*(translated(day, miss=1) for day in (TODAY, LAST_WEEK, LAST_MONTH, LONG_AGO)))["periods"]

    requests = {name: period["layers"]["memory"]["requests"] for name, period in periods.items()}
    assert requests == {"today": 1, "7_days": 2, "30_days": 3}


def test_many_short_misses_of_one_pair_are_phrases_to_warm() -> None:
    [advice] = made(translated(miss=83, short_miss=83, table=1), translated(pair="vi-en", miss=17))["recommendations"]

    assert advice["text"].startswith(
        "83% of 100 translations that were not in the cache in 7 days are Spanish to English"
    )
    assert "POST /v1/phrases/warm" in advice["text"]
    assert advice["evidence"] == {"misses": 100, "short_misses": 83, "pair": "es-en"}


def test_a_language_without_phrases_needs_a_list_first() -> None:
    [advice] = made(translated(pair="sw-en", miss=60, short_miss=60, table=1))["recommendations"]

    assert "PUT /v1/phrases" in advice["text"]
    assert "Swahili" in advice["text"]


def test_a_capability_that_is_never_asked_again_is_told() -> None:
    [advice] = made({CacheRow(TODAY, "transcribe", "es-en"): {"miss": 50}})["recommendations"]

    assert advice["evidence"] == {"capability": "transcribe", "requests": 50, "hits": 0}
    assert "saves nothing for transcriptions" in advice["text"]


def test_thin_evidence_recommends_nothing() -> None:
    assert made(translated(miss=49, short_miss=49))["recommendations"] == []
    assert made(translated(miss=100, short_miss=20, table=1))["recommendations"] == []


COUNTS = st.fixed_dictionaries(
    {name: st.integers(0, 500) for name in ("memory", "table", "miss", "short_miss", "hit", "saved_microusd")}
)


@given(
    st.dictionaries(
        st.builds(
            CacheRow,
            st.sampled_from([TODAY, LAST_WEEK, LAST_MONTH]),
            st.sampled_from(["reused", "worked_on", "translate", "complete"]),
            st.sampled_from(["es-en", "vi-en"]),
        ),
        COUNTS,
    )
)
def test_rates_are_shares_and_longer_periods_hold_the_shorter(rows: dict[CacheRow, Counts]) -> None:
    periods = made(rows)["periods"]

    for period in periods.values():
        for layer in period["layers"].values():
            assert layer["hit_rate"] is None or 0 <= layer["hit_rate"] <= 1
        assert sum(pair["requests"] for pair in period["pairs"]) == period["layers"]["memory"]["requests"]
    saved = [periods[name]["saved_microusd"] for name in ("today", "7_days", "30_days")]
    assert saved == sorted(saved)
