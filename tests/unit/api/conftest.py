"""The application of this folder's tests, over fakes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import app as application
import dependencies
from tests.unit.api.double import Api, FakeServices


@pytest.fixture
def services() -> FakeServices:
    services = FakeServices()
    services.machines.on_run = services.finish
    return services


@pytest.fixture
def api(services: FakeServices) -> Iterator[Api]:
    overrides = application.app.dependency_overrides
    overrides[dependencies.provided] = lambda: services
    yield Api(application.handler)
    overrides.clear()
