"""Noticing changed sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.watch import INTERVAL, SourceWatch


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(tmp_path: Path, clock: Clock) -> SourceWatch:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "app.py").write_text("VERSION = 1\n")
    made = SourceWatch((tmp_path,), clock)
    assert made.generation() == 0
    clock.seconds += INTERVAL
    return made


def test_unchanged_sources_stay_the_same_generation(watch: SourceWatch) -> None:
    assert watch.generation() == 0


def test_a_changed_file_is_a_new_generation(watch: SourceWatch, tmp_path: Path) -> None:
    source = tmp_path / "package" / "app.py"
    source.write_text("VERSION = 2\n")
    os.utime(source, ns=(1, 1))
    assert watch.generation() == 1


def test_added_and_removed_files_are_new_generations(watch: SourceWatch, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "new.py").write_text("")
    assert watch.generation() == 1
    (tmp_path / "new.py").unlink()
    clock.seconds += INTERVAL
    assert watch.generation() == 2


def test_bytecode_and_hidden_files_are_no_change(watch: SourceWatch, tmp_path: Path) -> None:
    (tmp_path / "package" / "__pycache__").mkdir()
    (tmp_path / "package" / "__pycache__" / "app.pyc").write_text("")
    (tmp_path / "package" / ".app.py.swp").write_text("")
    assert watch.generation() == 0


def test_the_files_are_not_looked_at_more_often_than_the_interval(
    watch: SourceWatch, tmp_path: Path, clock: Clock
) -> None:
    assert watch.generation() == 0
    (tmp_path / "new.py").write_text("")
    clock.seconds += INTERVAL / 2
    assert watch.generation() == 0
    clock.seconds += INTERVAL / 2
    assert watch.generation() == 1


def test_a_missing_directory_is_empty(tmp_path: Path) -> None:
    assert SourceWatch((tmp_path / "none",)).generation() == 0
