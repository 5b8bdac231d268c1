"""The desk of the inputs' tests."""

from __future__ import annotations

from tests.unit.inputs.conftest import desk

__all__ = ["desk"]
