"""A small HTTP/1.1 server for doubles: keep-alive, many callers at once, and failures that real networks have."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PIECES = 20
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}


class Ending(StrEnum):
    """How the connection goes on after an answer."""

    KEEP = "keep"
    TRUNCATE = "truncate"
    """Half of the announced body, then the end of the connection."""
    TRICKLE = "trickle"
    """The whole answer, in `PIECES` with the delay between them instead of before them."""
    RESET = "reset"
    """No answer: the connection is reset."""


@dataclass(frozen=True)
class Request:
    """A whole request; names of headers are lower-case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    query: str = ""


@dataclass(frozen=True)
class Response:
    """An answer, when to send it, and what to do to the connection."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    ending: Ending = Ending.KEEP

    @classmethod
    def of_json(cls, value: object, status: int = 200) -> Response:
        return cls(status, json.dumps(value, ensure_ascii=False).encode())


Handler = Callable[[Request], Response]


class HttpProtocol(asyncio.Protocol):
    """One connection. Requests are taken one after the other, as HTTP/1.1 clients send them."""

    def __init__(self, handle: Handler, finished: Callable[[], None], connections: set[asyncio.Transport]) -> None:
        self._handle = handle
        self._finished = finished
        self._connections = connections
        self._buffer = bytearray()
        self._busy = False
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._connections.discard(self._transport)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next()

    def _next(self) -> None:
        if self._busy:
            return
        request = _take_request(self._buffer)
        if request is None:
            return
        self._busy = True
        response = self._handle(request)
        if response.delay_seconds > 0 and response.ending is not Ending.TRICKLE:
            asyncio.get_running_loop().call_later(response.delay_seconds, self._send, response)
        else:
            self._send(response)

    def _send(self, response: Response) -> None:
        self._finished()
        self._busy = False
        transport = self._transport
        if transport is None:  # the caller has given up meanwhile
            return
        if response.ending is Ending.RESET:
            _reset(transport)
            return
        headers = {"content-type": "application/json", **response.headers, "content-length": str(len(response.body))}
        reason = _REASONS.get(response.status, "Status")
        lines = [f"HTTP/1.1 {response.status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join(lines).encode() + b"\r\n\r\n"
        if response.ending is Ending.TRUNCATE:
            transport.write(head + response.body[: len(response.body) // 2])
            transport.close()
            return
        if response.ending is Ending.TRICKLE:
            transport.write(head)
            self._trickle(response.body, -(-len(response.body) // PIECES), response.delay_seconds)
            return
        transport.write(head + response.body)
        self._next()

    def _trickle(self, rest: bytes, size: int, delay_seconds: float) -> None:
        if self._transport is None:
            return
        self._transport.write(rest[:size])
        if len(rest) > size:
            asyncio.get_running_loop().call_later(delay_seconds, self._trickle, rest[size:], size, delay_seconds)
        else:
            self._next()


def _take_request(buffer: bytearray) -> Request | None:
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *lines = buffer[:end].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = int(headers.get("content-length", "0"))
    start = end + 4
    if len(buffer) < start + length:
        return None
    body = bytes(buffer[start : start + length])
    del buffer[: start + length]
    method, target, _ = first.split(" ", 2)
    path, _, query = target.partition("?")
    return Request(method, path, headers, body, query)


def _reset(transport: asyncio.Transport) -> None:
    connection = transport.get_extra_info("socket")
    # Lingering for no time makes the kernel send RST instead of an orderly FIN.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
