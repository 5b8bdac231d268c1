"""``python -m tests.load [name …]``: run all load tests, or those named; fail where a limit is not kept."""

from __future__ import annotations

import importlib
import sys

NAMES = ("faults", "killed_provider", "batches")


def main(names: list[str]) -> int:
    """Print the figures of each test; return 1 if a limit is not kept, else 0."""
    kept = True
    for name in names or NAMES:
        module = importlib.import_module(f"tests.load.{name}")
        print(f"\n{name}: {module.__doc__}", flush=True)
        for figure in module.measure():
            print(figure.line(), flush=True)
            kept = kept and figure.holds
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
