"""What tests of several folders share: one running stack with the engines of this machine, started once a worker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.stack import RunningStack, running_stack

# How long an example takes is no property of what is tested: on a busy machine a right one took over 200 ms.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def embedded_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    with running_stack(tmp_path_factory.mktemp("embedded"), "embedded") as stack:
        yield stack
