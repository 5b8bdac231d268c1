"""A thousand lines, three in a hundred of them bad; two tenants at once; and a run that is killed in the middle."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.report import Figure
from tests.load.lines import Lines, make_lines
from tests.support.batches import Batches
from tests.support.stack import running_stack
from tests.support.tenants import new_tenant, until

COUNT, POISONED = 1_000, 30
SECONDS_OF_PATIENCE = 3_600.0


def measure() -> list[Figure]:
    """Run all three with the engines of this machine, and compare what came of every line with what must."""
    with tempfile.TemporaryDirectory() as directory, running_stack(Path(directory), "embedded") as stack:
        one, other = (Batches(new_tenant(stack, name)) for name in ("one", "other"))
        # Each batch says something else, or the second would be answered from the cache.
        return [
            *_figures("one tenant", [(one, _lines("First."))]),
            *_figures("two at once", [(one, _lines("Second.")), (other, _lines("Second."))]),
            *_killed(one, _lines("Third.")),
        ]


def _lines(of: str) -> Lines:
    return make_lines(COUNT, poisoned=POISONED, of=of)


def _figures(title: str, sent: list[tuple[Batches, Lines]]) -> Iterator[Figure]:
    started = time.monotonic()
    with ThreadPoolExecutor() as pool:
        ended = list(pool.map(lambda pair: pair[0].run(pair[1].body, SECONDS_OF_PATIENCE), sent))
    seconds = time.monotonic() - started
    for (batches, lines), batch in zip(sent, ended, strict=True):
        results = [line["line"] for line in batches.results(batch["id"]) if line["status"] == "completed"]
        named = {error["line"]: [fault["field"] for fault in error["errors"]] for error in batches.errors(batch["id"])}
        wrong = {line: field for line, field in lines.faults.items() if named.get(line) != [field]}
        yield Figure(f"{title}: results of good lines", len(results), "lines", len(lines.good), more_is_better=True)
        yield Figure(f"{title}: lines with a named error", len(named), "lines", POISONED)
        yield Figure(f"{title}: bad lines without their field", len(wrong), "lines", 0)
    yield Figure(f"{title}: until the last batch ended", seconds, "s")
    yield Figure(f"{title}: lines a second", COUNT * len(sent) / seconds, "lines")


def _killed(batches: Batches, lines: Lines) -> Iterator[Figure]:
    batch_id = batches.send(lines.body)["id"]
    until(lambda: batches.show(batch_id)["completed"] > COUNT // 10 or None, "the first lines", SECONDS_OF_PATIENCE)
    batches.stop_run(batch_id)
    started = time.monotonic()
    batch: Any = batches.ended(batch_id, SECONDS_OF_PATIENCE)
    seconds = time.monotonic() - started
    named = {line["line"] for line in (*batches.errors(batch_id), *batches.results(batch_id))}
    yield Figure("killed in the middle: results before that", batch["completed"], "lines")
    yield Figure("killed in the middle: lines lost", COUNT - len(named), "lines", 0)
    yield Figure("killed in the middle: until it was closed", seconds, "s", note=f"as {batch['status']}")
