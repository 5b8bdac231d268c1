"""One double a module, empty for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.doubles.control import Control
from tests.doubles.openai_server import running
from tests.unit.providers.openai.remote import Remote


@pytest.fixture(scope="module")
def server() -> Iterator[Control]:
    with running() as control:
        yield control


@pytest.fixture
def double(server: Control) -> Control:
    server.reset()
    return server


@pytest.fixture
def remote(double: Control) -> Remote:
    return Remote(double)
