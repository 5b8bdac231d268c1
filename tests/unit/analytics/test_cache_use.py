"""What is counted of one input, and of an answer that is given again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.analytics.cache_use import CacheRow, Counts, reuse_of, uses
from intake.inputs.assessment import assess
from intake.inputs.measurement import MeasureCommand, measure
from intake.inputs.recording import record
from intake.inputs.reuse import recall
from tests.fakes.statistics import MemoryStatistics
from tests.unit.inputs.conftest import INPUT_ID, TENANT, Desk, stage_command

DAY = "2026-11-20"
TRANSLATED = CacheRow(DAY, "translate", "es-en")
WORKED_ON, REUSED = (CacheRow(DAY, name, "es-en") for name in ("worked_on", "reused"))


def counted(desk: Desk, text: str = "Me cobraron dos veces.", **translation: Any) -> Mapping[CacheRow, Counts]:
    desk.add(text)
    desk.detected("es-MX")
    desk.translated("They charged me twice.", **translation)
    desk.cleaned("They charged me twice.")
    assess(stage_command(), inputs=desk.inputs, clock=desk.clock)
    record(stage_command(), inputs=desk.inputs, results=desk.results, events=desk.events, clock=desk.clock)
    return dict(uses(desk.record))


def test_an_answer_that_was_paid_for_is_a_miss_and_so_is_its_whole_result(desk: Desk) -> None:
    counts = counted(desk, cost_microusd=41)

    assert counts == {WORKED_ON: {"miss": 1}, TRANSLATED: {"miss": 1, "spent_microusd": 41, "short_miss": 1}}


def test_a_long_text_is_no_short_miss(desk: Desk) -> None:
    counts = counted(desk, "Me cobraron dos veces la factura de octubre y nadie me contesta.", cost_microusd=41)

    assert "short_miss" not in counts[TRANSLATED]


def test_a_cached_answer_counts_what_it_saved_by_where_it_was_found(desk: Desk) -> None:
    counts = counted(desk, cache="table", saved_microusd=41, saved_ms=310.4)

    assert counts[TRANSLATED] == {"table": 1, "saved_microusd": 41, "saved_ms": 310}


def test_rules_that_are_never_cached_are_not_counted_against_the_cache(desk: Desk) -> None:
    assert not [row for row in counted(desk) if row.capability == "complete"]


def test_an_approved_correction_is_neither_a_hit_nor_a_miss_of_the_cache(desk: Desk) -> None:
    assert TRANSLATED not in counted(desk, provider="translation_memory", model="")


def test_a_second_delivery_of_the_end_counts_nothing(desk: Desk) -> None:
    counted(desk, cost_microusd=41)
    statistics = MemoryStatistics()
    event = {"detail": {"tenant": TENANT, "data": {"input_id": INPUT_ID}}}

    for _ in range(2):
        command = MeasureCommand.model_validate(event)
        measure(command, inputs=desk.inputs, statistics=statistics, clock=desk.clock)

    rows = statistics.cache_use.read(TENANT, DAY, DAY)
    assert {row: counts["miss"] for row, counts in rows.items()} == {WORKED_ON: 1, TRANSLATED: 1}


def test_an_input_that_is_not_completed_counts_nothing(desk: Desk) -> None:
    desk.add()

    assert list(uses(desk.record)) == []


def test_a_result_that_is_given_again_counts_what_its_run_cost_and_took(desk: Desk) -> None:
    counted(desk, cost_microusd=41, confidence=0.9)
    answer = recall(TENANT, desk.record.fingerprint or "", desk.results)
    assert answer is not None

    row, counts = reuse_of(answer, desk.clock.now())

    assert (row, counts["hit"], counts["saved_microusd"]) == (REUSED, 1, 41)
    completion = desk.record.record
    assert completion is not None
    assert counts["saved_ms"] == completion.timings_ms["total"]
