"""``python -m evaluation [name …]``: measure everything, or what is named, and print it beside its targets.

A missed target is printed and changes nothing else: only a run that breaks returns another status than 0.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys

from evaluation.report import Table, summary

NAMES = ("detection", "quality", "masking", "cleaning", "intent", "injection", "translation", "speech")


def main(names: list[str]) -> int:
    """Print the tables of each evaluation; return 2 for a name that is none, else 0."""
    if unknown := [name for name in names if name not in NAMES]:
        print(f"There is no evaluation {', '.join(unknown)}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    print(f"{platform.machine()}, {os.cpu_count()} cores, CPython {platform.python_version()}")
    tables: list[Table] = []
    for name in names or NAMES:
        for table in importlib.import_module(f"evaluation.{name}").measure():
            print(f"\n{table.text()}", flush=True)
            tables.append(table)
    print(f"\n{summary(tables)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
