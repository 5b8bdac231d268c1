"""The desk of inputs: what is counted is what happened to one."""

from __future__ import annotations

import pytest

from tests.unit.inputs.conftest import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()
