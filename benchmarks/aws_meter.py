"""What functions ask of AWS, counted on the way: a relay between them and the embedded AWS."""

from __future__ import annotations

import json
import math
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import urllib3

READ_UNIT_BYTES = 4096
WRITE_UNIT_BYTES = 1024
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "host"}
_WRITES = {"PutItem", "UpdateItem", "DeleteItem"}


class Meter:
    """Relays calls, and counts what AWS would bill for them.

    ``units`` are DynamoDB's request units by ``read`` and ``write``, and calls of other services by
    ``<service> <operation or method>``. Indexes: each write of an item that has the key of one counts once more, which
    is what it costs at most, for the projections are small.
    """

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()
        self._target = ""
        self._pool = urllib3.PoolManager(maxsize=64)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def point_at(self, endpoint: str) -> None:
        """Say where the embedded AWS is: known once it runs, when its functions know this relay already."""
        self._target = endpoint

    def start_over(self) -> None:
        with self._lock:
            self.units.clear()

    @contextmanager
    def running(self) -> Iterator[Meter]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        meter = self

        class Relay(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def _relay(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
                answer = meter._forward(self.command, self.path, headers, body)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    if name.lower() not in _HOP_BY_HOP:
                        self.send_header(name, value)
                self.send_header("content-length", str(len(answer.data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.data)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _relay  # noqa: N815 - the base class calls these names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Write nothing: the figures are the output."""

        return Relay

    def _forward(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
        answer = self._pool.request(method, self._target + path, headers=dict(headers), body=body, redirect=False)
        service, _, operation = next(
            (value for name, value in headers.items() if name.lower() == "x-amz-target"), f"S3.{method}"
        ).partition(".")
        if service.startswith("DynamoDB"):
            self._count_table(operation, json.loads(body), answer, dict(headers))
        else:
            self._add(f"{service} {operation}", 1)
        return answer

    def _count_table(self, operation: str, asked: Any, answer: Any, headers: dict[str, str]) -> None:
        found = json.loads(answer.data) if answer.data else {}
        if operation == "BatchGetItem":
            for table in asked["RequestItems"].values():
                # Each key by itself, found or not; what is read so is small.
                self._add("read", len(table["Keys"]) * (1 if table.get("ConsistentRead") else 0.5))
        elif operation in ("GetItem", "Query"):
            items = [found["Item"]] if found.get("Item") else found.get("Items", [])
            share = 1 if asked.get("ConsistentRead") else 0.5
            self._add("read", max(1, math.ceil(sum(map(_size, items)) / READ_UNIT_BYTES)) * share)
        elif operation in _WRITES:
            self._add("write", self._write_units(asked, headers))
        elif operation == "TransactWriteItems":
            for part in asked["TransactItems"]:
                self._add("write", 2 * self._write_units(next(iter(part.values())), headers))
        else:
            raise RuntimeError(f"what {operation} costs is not known here")

    def _write_units(self, asked: Any, headers: dict[str, str]) -> int:
        """Size the item as it is after the write: DynamoDB bills the larger of before and after."""
        item = asked.get("Item")
        if item is None:
            kept = {name: value for name, value in headers.items() if name.lower() != "x-amz-target"}
            target = {"x-amz-target": "DynamoDB_20120810.GetItem"}
            body = json.dumps({"TableName": asked["TableName"], "Key": asked["Key"], "ConsistentRead": True})
            answer = self._pool.request("POST", self._target, headers={**kept, **target}, body=body)
            item = json.loads(answer.data).get("Item", asked["Key"])
        indexed = 1 if "tenant" in item and "created" in item else 0
        return math.ceil(max(1, _size(item)) / WRITE_UNIT_BYTES) + indexed

    def _add(self, name: str, units: float) -> None:
        with self._lock:
            self.units[name] += units  # type: ignore[assignment]  # half units of eventually consistent reads


def _size(item: Mapping[str, Any]) -> int:
    """Return the bytes of an item as DynamoDB counts them, near enough: names and values, without their types."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return len(content) // 2 + 1
        case "B":
            return len(content) * 3 // 4
        case "M":
            return 3 + _size(content)
        case "L":
            return 3 + sum(_value_size(part) + 1 for part in content)
    return 1
