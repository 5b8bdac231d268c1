"""OpenAI on the wire, on this machine: a double for tests, in a thread or as a process. See README.md beside it."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pydantic import ValidationError

from tests.doubles import openai_answers
from tests.doubles.control import Control
from tests.doubles.faults import Fault, FaultPlan, Kind
from tests.doubles.http import Ending, HttpProtocol, Request, Response
from tests.doubles.openai_contract import CHECKS, BadRequestError, error

ROUTES = {"/chat/completions": "chat", "/embeddings": "embeddings"}
ENDINGS: dict[Kind | None, Ending] = {Kind.TRUNCATED_BODY: Ending.TRUNCATE, Kind.TRICKLE: Ending.TRICKLE}
REMEMBERED_REQUESTS = 100


class OpenAIDouble:
    """The service without its socket: takes requests, gives responses, counts.

    Any base path serves, so that ``http://127.0.0.1:1234/v1`` and ``…/v1beta/openai`` are two providers of one double.
    """

    def __init__(self, *, delay_seconds: float = 0.0, control: bool = True) -> None:
        self._delay_seconds = delay_seconds
        self._control = control
        self._faults = FaultPlan()
        self.connections: set[asyncio.Transport] = set()
        self._reset_counts()

    def _reset_counts(self) -> None:
        self._calls = 0
        self._answered = 0
        self._in_flight = 0
        self._peak = 0
        self._by_key: Counter[str] = Counter()
        self._by_route: Counter[str] = Counter()
        self._requests: deque[dict[str, Any]] = deque(maxlen=REMEMBERED_REQUESTS)

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        self._in_flight += 1
        if request.path.startswith("/_control"):
            return self._handle_control(request)
        self._peak = max(self._peak, self._in_flight)
        route = next((name for path, name in ROUTES.items() if request.path.endswith(path)), None)
        if route is None:
            return error(404, f"Unknown request URL: {request.path}", "invalid_request_error", "unknown_url")
        if request.method != "POST":
            return error(405, "Only POST is accepted", "invalid_request_error", "method_not_supported")
        key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not key:
            return error(401, "You didn't provide an API key", "invalid_request_error", "invalid_api_key")
        return self._answer(request, route, key)

    def finished(self) -> None:
        """Note that a response was sent."""
        self._in_flight = max(0, self._in_flight - 1)

    def _answer(self, request: Request, route: str, key: str) -> Response:
        self._calls += 1
        self._by_key[key] += 1
        self._by_route[route] += 1
        fault = self._faults.take(route, key)
        delay_seconds = self._delay_seconds + (fault.delay_seconds if fault else 0.0)
        if fault is not None and fault.kind is Kind.STATUS:
            body = {"error": {"message": "failed on demand", "type": fault.type, "param": None, "code": fault.code}}
            encoded = json.dumps(body if fault.body is None else fault.body).encode()
            return Response(fault.status, encoded, fault.headers, delay_seconds)
        if fault is not None and fault.kind is Kind.RESET:
            return Response(delay_seconds=delay_seconds, ending=Ending.RESET)
        try:
            body = json.loads(request.body)
            if not isinstance(body, dict):
                raise BadRequestError("the body must be a JSON object", None)
            CHECKS[route](body)
        except (ValueError, BadRequestError) as problem:
            return error(400, str(problem), "invalid_request_error", None, getattr(problem, "param", None))
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        seen = {"route": route, "key": key, "path": request.path, "headers": headers, "body": body}
        self._requests.append(seen)
        return self._respond(route, body, fault, delay_seconds)

    def _respond(self, route: str, body: dict[str, Any], fault: Fault | None, delay_seconds: float) -> Response:
        kind = fault.kind if fault else None
        if route == "chat":
            answer = openai_answers.chat_completion(body, self._calls, fault)
        else:
            answer = openai_answers.embeddings(body, kind)
        encoded = json.dumps(answer, ensure_ascii=False).encode()
        if kind is Kind.MALFORMED_JSON:
            encoded = encoded[:-1]
        self._answered += 1
        headers = {"x-request-id": f"req_{self._calls}"}
        ending = ENDINGS.get(kind, Ending.KEEP)
        return Response(200, encoded, headers, delay_seconds, ending)

    def _handle_control(self, request: Request) -> Response:
        if not self._control:
            return error(404, "The control is off: start with --control", "invalid_request_error")
        match request.method, request.path:
            case "GET", "/_control":
                return Response.of_json(self._counts())
            case "GET", "/_control/requests":
                return Response.of_json(list(self._requests))
            case "POST", "/_control/faults":
                try:
                    self._faults.add(Fault.model_validate_json(request.body))
                except ValidationError as problem:
                    return error(422, str(problem), "invalid_request_error")
                return Response.of_json({})
            case "DELETE", "/_control/faults":
                self._faults.clear()
                return Response.of_json({})
            case "POST", "/_control/reset":
                self._faults.clear()
                self._reset_counts()
                return Response.of_json({})
        return error(404, f"No such control: {request.method} {request.path}", "invalid_request_error")

    def _counts(self) -> dict[str, Any]:
        return {
            "calls": self._calls,
            "answered": self._answered,
            "peak_in_flight": self._peak,
            "by_key": dict(self._by_key),
            "by_route": dict(self._by_route),
        }


async def serve(double: OpenAIDouble, port: int = 0) -> asyncio.Server:
    """Start to serve on 127.0.0.1; port 0 takes a free one."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: HttpProtocol(double.handle, double.finished, double.connections), "127.0.0.1", port, backlog=1_024
    )


@contextmanager
def running(*, delay_seconds: float = 0.0) -> Iterator[Control]:
    """Serve in a thread of this process, for as long as the context lasts."""
    double = OpenAIDouble(delay_seconds=delay_seconds)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="openai-double", daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(double), loop).result()
    try:
        yield Control(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server, double), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server, double: OpenAIDouble) -> None:
    server.close()
    for connection in tuple(double.connections):
        connection.abort()
    await asyncio.sleep(0)  # one turn of the loop, in which aborted connections close their sockets


async def _serve_forever(port: int, double: OpenAIDouble) -> None:
    server = await serve(double, port)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    sys.stdout.write(json.dumps({"address": address, "openai": f"{address}/v1", "flash": f"{address}/v1beta/openai/"}))
    sys.stdout.write("\n")
    sys.stdout.flush()
    await server.serve_forever()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until interrupted; the first line on stdout is a JSON object with the addresses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--control", action="store_true", help="serve /_control, to order failures and read counts")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="time before every answer")
    options = parser.parse_args(arguments)
    double = OpenAIDouble(delay_seconds=options.delay_ms / 1000, control=options.control)
    try:
        asyncio.run(_serve_forever(options.port, double))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
