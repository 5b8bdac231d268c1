"""The desk of inputs: what is warm for a phrase has to be warm for an input."""

from __future__ import annotations

import pytest

from tests.unit.inputs.conftest import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
