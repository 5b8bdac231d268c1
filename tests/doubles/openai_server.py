"""OpenAI on the wire, on this machine: a double for tests, in a thread or as a process. See README.md beside it."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tests.doubles import openai_answers
from tests.doubles.control import Control
from tests.doubles.faults import Fault
from tests.doubles.http import Request, Response
from tests.doubles.multipart import read_form, seconds_of
from tests.doubles.openai_contract import CHECKS, MOST_RECORDING_BYTES, BadRequestError, error
from tests.doubles.service import RefusedError, ServiceDouble, encoded_fault, serve, served

ROUTES = {"/chat/completions": "chat", "/embeddings": "embeddings", "/audio/transcriptions": "listen"}


class OpenAIDouble(ServiceDouble):
    """Any base path serves, so that ``http://127.0.0.1:1234/v1`` and ``…/v1beta/openai`` are two providers of one."""

    def admit(self, request: Request) -> tuple[str, str]:
        route = next((name for path, name in ROUTES.items() if request.path.endswith(path)), None)
        if route is None:
            problem = f"Unknown request URL: {request.path}"
            raise RefusedError(error(404, problem, "invalid_request_error", "unknown_url"))
        if request.method != "POST":
            problem = "Only POST is accepted"
            raise RefusedError(error(405, problem, "invalid_request_error", "method_not_supported"))
        key = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
        if not key:
            problem = "You didn't provide an API key"
            raise RefusedError(error(401, problem, "invalid_request_error", "invalid_api_key"))
        return route, key

    def read(self, route: str, request: Request) -> dict[str, Any]:
        try:
            body = _read_recording(request) if route == "listen" else json.loads(request.body)
            if not isinstance(body, dict):
                raise BadRequestError("the body must be a JSON object", None)
            CHECKS[route]({name: value for name, value in body.items() if name != "seconds"})
        except (ValueError, BadRequestError) as problem:
            param = getattr(problem, "param", None)
            raise RefusedError(error(400, str(problem), "invalid_request_error", None, param)) from problem
        return body

    def answer(self, route: str, body: dict[str, Any], fault: Fault | None) -> Response:
        if route == "chat":
            answer = openai_answers.chat_completion(body, self.calls, fault)
        elif route == "listen":
            answer = openai_answers.transcription(body, body["seconds"], fault)
        else:
            answer = openai_answers.embeddings(body, fault.kind if fault else None)
        encoded = json.dumps(answer, ensure_ascii=False).encode()
        return Response(200, encoded, {"x-request-id": f"req_{self.calls}"})

    def usage_of(self, response: Response) -> dict[str, Any] | None:
        usage: dict[str, Any] | None = json.loads(response.body).get("usage")
        return usage

    def error_of(self, fault: Fault) -> Response:
        error = {"message": "failed on demand", "type": fault.type, "param": None, "code": fault.code}
        return encoded_fault(fault, {"error": error})


def _read_recording(request: Request) -> dict[str, Any]:
    """Return the fields of a form, lists under their names, the file by its name, and how long it sounds."""
    form = read_form(request)
    lists = {name[:-2]: values for name, values in form.fields.items() if name.endswith("[]")}
    single = {name: values[0] for name, values in form.fields.items() if not name.endswith("[]")}
    name, content = form.files.get("file", ("", b""))
    if len(content) > MOST_RECORDING_BYTES:
        raise RefusedError(error(413, "Maximum content size limit exceeded", "server_error"))
    return {**single, **lists, "file": name, "seconds": seconds_of(content)}


@contextmanager
def running(*, delay_seconds: float = 0.0) -> Iterator[Control]:
    """Serve in a thread of this process, for as long as the context lasts."""
    with served(OpenAIDouble(delay_seconds=delay_seconds)) as control:
        yield control


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
