"""What the doubles of all services have in common: counting, failing on demand, being driven, and being served."""

from __future__ import annotations

import asyncio
import json
import threading
from abc import ABC, abstractmethod
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from tests.doubles.control import Control
from tests.doubles.faults import Fault, FaultPlan, Kind
from tests.doubles.http import Ending, HttpProtocol, Request, Response

ENDINGS: dict[Kind | None, Ending] = {Kind.TRUNCATED_BODY: Ending.TRUNCATE, Kind.TRICKLE: Ending.TRICKLE}
REMEMBERED_REQUESTS = 100
UNREADABLE = frozenset({Kind.TRUNCATED_BODY, Kind.MALFORMED_JSON})
"""Answers that do not tell their caller what they cost."""


class RefusedError(Exception):
    """The service refuses the request, with this response."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class ServiceDouble(ABC):
    """A service without its socket: takes requests, gives responses, counts."""

    def __init__(self, *, delay_seconds: float = 0.0, control: bool = True) -> None:
        self._delay_seconds = delay_seconds
        self._control = control
        self._faults = FaultPlan()
        self.connections: set[asyncio.Transport] = set()
        self._reset_counts()

    @abstractmethod
    def admit(self, request: Request) -> tuple[str, str]:
        """Return route and key of a request, or raise `RefusedError` where there is no such route, or no key."""

    @abstractmethod
    def read(self, route: str, request: Request) -> dict[str, Any]:
        """Return the request as JSON can hold it, or raise `RefusedError` where it breaks the contract."""

    @abstractmethod
    def answer(self, route: str, body: dict[str, Any], fault: Fault | None) -> Response:
        """Answer a request that was read."""

    @abstractmethod
    def error_of(self, fault: Fault) -> Response:
        """Answer with the status of a fault, in the service's form."""

    def usage_of(self, response: Response) -> dict[str, Any] | None:
        """Return what an answer says is billed for it, or None where it does not say."""
        return None

    @property
    def calls(self) -> int:
        """How many calls came with a key."""
        return self._calls

    def control(self, _request: Request) -> Response | None:
        """Answer a control that only this service has; None for any other, which is seen here first all the same."""
        return None

    def _reset_counts(self) -> None:
        self._calls = 0
        self._answered = 0
        self._in_flight = 0
        self._peak = 0
        self._by_key: Counter[str] = Counter()
        self._by_route: Counter[str] = Counter()
        self._requests: deque[dict[str, Any]] = deque(maxlen=REMEMBERED_REQUESTS)
        self.billed: list[dict[str, Any]] = []
        """The usage of every answer that told what it costs."""

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        self._in_flight += 1
        if request.path.startswith("/_control"):
            return self._handle_control(request)
        self._peak = max(self._peak, self._in_flight)
        try:
            route, key = self.admit(request)
            return self._answer(request, route, key)
        except RefusedError as refusal:
            return refusal.response

    def finished(self) -> None:
        """Note that a response was sent."""
        self._in_flight = max(0, self._in_flight - 1)

    def _answer(self, request: Request, route: str, key: str) -> Response:
        self._calls += 1
        self._by_key[key] += 1
        self._by_route[route] += 1
        fault = self._faults.take(route, key)
        kind = fault.kind if fault else None
        delay_seconds = self._delay_seconds + (fault.delay_seconds if fault else 0.0)
        if fault is not None and kind is Kind.STATUS:
            response = self.error_of(fault)
            return replace(response, headers={**response.headers, **fault.headers}, delay_seconds=delay_seconds)
        if kind is Kind.RESET:
            return Response(delay_seconds=delay_seconds, ending=Ending.RESET)
        body = self.read(route, request)
        headers = {
            name: value for name, value in request.headers.items() if name not in ("authorization", "xi-api-key")
        }
        self._requests.append({"route": route, "key": key, "path": request.path, "headers": headers, "body": body})
        response = self.answer(route, body, fault)
        usage = None if kind in UNREADABLE else self.usage_of(response)
        if usage is not None:
            self.billed.append(usage)
        if kind is Kind.MALFORMED_JSON:
            response = replace(response, body=response.body[:-1])
        self._answered += 1
        return replace(response, delay_seconds=delay_seconds, ending=ENDINGS.get(kind, Ending.KEEP))

    def _handle_control(self, request: Request) -> Response:
        if not self._control:
            return Response.of_json({"error": "The control is off: start with --control"}, 404)
        own = self.control(request)
        if own is not None:
            return own
        match request.method, request.path:
            case "GET", "/_control":
                return Response.of_json(self._counts())
            case "GET", "/_control/requests":
                return Response.of_json(list(self._requests))
            case "POST", "/_control/faults":
                try:
                    self._faults.add(Fault.model_validate_json(request.body))
                except ValidationError as problem:
                    return Response.of_json({"error": str(problem)}, 422)
                return Response.of_json({})
            case "DELETE", "/_control/faults":
                self._faults.clear()
                return Response.of_json({})
            case "POST", "/_control/reset":
                self._faults.clear()
                self._reset_counts()
                return Response.of_json({})
        return Response.of_json({"error": f"No such control: {request.method} {request.path}"}, 404)

    def _counts(self) -> dict[str, Any]:
        return {
            "calls": self._calls,
            "answered": self._answered,
            "peak_in_flight": self._peak,
            "by_key": dict(self._by_key),
            "by_route": dict(self._by_route),
        }


def encoded_fault(fault: Fault, body: object) -> Response:
    """Answer with a fault's own body, or the one given."""
    return Response(fault.status, json.dumps(body if fault.body is None else fault.body).encode())


async def serve(double: ServiceDouble, port: int = 0) -> asyncio.Server:
    """Start to serve on 127.0.0.1; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: HttpProtocol(double.handle, double.finished, double.connections), "127.0.0.1", port, backlog=1_024
    )


@contextmanager
def served(double: ServiceDouble, port: int = 0) -> Iterator[Control]:
    """Serve in a thread of this process, for as long as the context lasts; then its connections are cut."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="double", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(double, port), loop).result()
    try:
        yield Control(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server, double), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server, double: ServiceDouble) -> None:
    server.close()
    for connection in tuple(double.connections):
        connection.abort()
    await asyncio.sleep(0)  # one turn of the loop, in which aborted connections close their sockets
