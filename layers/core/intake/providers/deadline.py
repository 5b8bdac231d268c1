"""A time limit for the whole of an answer.

The HTTP client limits each wait for bytes only: a service that trickles its answer would hold the function until it is
killed, and a killed function neither settles its budget nor says what failed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import httpx2

_DEADLINE = "intake_deadline"


class _LimitedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("the answer took too long as a whole")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def deadline_hooks(timeout_seconds: float) -> Mapping[str, list[Callable[..., Any]]]:
    """Return the hooks of a client that ends every answer not read whole within a time from its request.

    Between the last bytes in time and the client's own limit of a wait, an answer ends after twice the time at most.
    """

    def start(request: httpx2.Request) -> None:
        request.extensions[_DEADLINE] = time.monotonic() + timeout_seconds

    def limit(response: httpx2.Response) -> None:
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _LimitedStream(response.stream, response.request.extensions[_DEADLINE])

    return {"request": [start], "response": [limit]}
