"""``python -m benchmarks [name …]``: run all benchmarks, or those named, and fail where a limit is not kept."""

from __future__ import annotations

import importlib
import os
import sys

# Order: what needs nothing first, what starts a stack last.
NAMES = ("imports", "gateway", "running", "cost")


def main(names: list[str]) -> int:
    """Print the figures of each benchmark; return 1 if a limit is not kept, else 0."""
    print(f"{os.cpu_count()} cores, CPython {sys.version.split()[0]}. Ratios and limits are the point; times vary.")
    kept = True
    for name in names or NAMES:
        figures = importlib.import_module(f"benchmarks.{name}").measure()
        print(f"\n{name}")
        for figure in figures:
            print(figure.line(), flush=True)
            kept = kept and figure.holds
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
