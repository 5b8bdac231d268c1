"""An API on a port of this machine that answers what a test tells it to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

KEY = "ik_acme_secret-of-this-test_with-an-underscore"


Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]
"""Status, body, and headers where there are some."""


@dataclass(frozen=True)
class Request:
    """What the double was asked."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content


@dataclass
class ApiDouble:
    """Answers by route; several answers to one route come one after another, the last again and again."""

    url: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)

    def will(self, route: str, *answers: Answer) -> None:
        self.answers[route] = list(answers)

    def asked(self, route: str) -> list[Request]:
        return [request for request in self.requests if f"{request.method} {request.path}" == route]

    def answer(self, request: Request) -> Answer:
        self.requests.append(request)
        waiting = self.answers.get(f"{request.method} {request.path}")
        if not waiting:
            return 404, problem(404, "not-found", f"There is no route {request.path}.")
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]


def problem(status: int, slug: str, detail: str, **more: Any) -> dict[str, Any]:
    kind = f"urn:problem-type:intake:{slug}"
    return {"type": kind, "title": slug, "status": status, "detail": detail, "request_id": "req-1", **more}


@contextmanager
def serve(double: ApiDouble) -> Iterator[ApiDouble]:
    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            place = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, content, *more = double.answer(Request(self.command, place.path, place.query, headers, body))
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            for name, value in more[0].items() if more else ():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_DELETE = _handle  # noqa: N815 - the names that http.server calls

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server names it
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Its end is noticed once in an interval: half a second by default, for each test.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    double.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
