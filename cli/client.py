"""The HTTP API as commands use it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from cli.connection import KEY_VARIABLE, STATUS_HINT, Connection
from cli.errors import CliError, ExitCode

if TYPE_CHECKING:
    import httpx

SECONDS_TO_ANSWER = 35.0
"""API Gateway gives up at 30."""
SECONDS_TO_UPLOAD = 300.0

_REJECTED = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.CONFLICT,
    HTTPStatus.GONE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
_TOLD = "x-intake-"
"""Headers with what is told beside a file."""
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True)
class Answer:
    """What the API answered: a success."""

    status: int
    body: dict[str, Any]
    location: str | None = None


def resource(*parts: str) -> str:
    """Return the path of something below ``/v1``; a part that was typed cannot lead elsewhere."""
    return "/".join(("/v1", *(quote(part, safe="") for part in parts)))


class Client:
    """Speaks to one API; use as a context manager. Every failure is a `CliError`."""

    def __init__(self, connection: Connection) -> None:
        import httpx

        self.connection = connection
        headers = {"user-agent": "intake-cli"}
        if connection.key:
            headers["x-api-key"] = connection.key
        # A proxy of the environment does not lead to this machine.
        self._http = httpx.Client(headers=headers, timeout=SECONDS_TO_ANSWER, trust_env=not connection.is_local)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        given = {name: value for name, value in (parameters or {}).items() if value is not None}
        return self._answer("GET", path, params=given)

    def post(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Answer:
        return self._answer("POST", path, json=body, headers=headers)

    def delete(self, path: str) -> Answer:
        return self._answer("DELETE", path)

    def post_form(self, path: str, fields: Mapping[str, str], file: tuple[str, tuple[str, bytes, str]]) -> Answer:
        """Post a form with one file: ``(field, (name, content, media type))``."""
        name, content = file
        return self._answer("POST", path, data=dict(fields), files={name: content})

    def post_lines(self, path: str, content: bytes) -> Answer:
        """Post JSON lines."""
        return self._answer("POST", path, content=content, headers={"content-type": "application/x-ndjson"})

    def post_for_sound(self, path: str, body: Mapping[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Post JSON, and return the file that is answered, and what is told beside it by name."""
        response = self._request("POST", path, json=body)
        told = {name: unquote(value) for name, value in response.headers.items() if name.startswith(_TOLD)}
        return response.content, {name.removeprefix(_TOLD): value for name, value in told.items()}

    def lines(self, path: str, limit: int) -> Iterator[dict[str, Any]]:
        """Return JSON lines, ``limit`` a page, page after page."""
        parameters: dict[str, str] | None = {"limit": str(limit)}
        while parameters is not None:
            response = self._request("GET", path, params=parameters)
            # Not splitlines: a text may hold other ends of lines than JSON lines have.
            for line in filter(None, response.text.split("\n")):
                yield json.loads(line)
            # Only its query: the address is relative to the API's, which may have a path of its own.
            following = response.links.get("next")
            parameters = dict(parse_qsl(urlsplit(following["url"]).query)) if following else None

    def upload(self, form: Mapping[str, Any], name: str, content: IO[bytes], content_type: str) -> None:
        """Post a file to S3 by a presigned form.

        Raises
        ------
        CliError
            S3 refused it: too large, another type than declared, or the form has expired.
        """
        import httpx

        try:
            answer = httpx.post(
                form["url"],
                data=form["fields"],
                files={"file": (name, content, content_type)},
                timeout=SECONDS_TO_UPLOAD,
                trust_env=not self.connection.is_local,
            )
        except httpx.HTTPError as error:
            raise CliError(f"{name} could not be uploaded ({type(error).__name__}).") from None
        if answer.is_error:
            code = answer.text.partition("<Code>")[2].partition("</Code>")[0] or str(answer.status_code)
            raise CliError(f"{name} was not taken by the storage: {code}.", ExitCode.REJECTED)

    def _answer(self, method: str, path: str, **request: Any) -> Answer:
        response = self._request(method, path, **request)
        return Answer(response.status_code, _json(response), response.headers.get("location"))

    def _request(self, method: str, path: str, **request: Any) -> httpx.Response:
        import httpx

        url = self.connection.url
        try:
            response = self._http.request(method, url + path, **request)
        except httpx.ConnectError:
            hint = f" {STATUS_HINT}" if self.connection.is_local else ""
            raise CliError(
                f"Intake is not reachable at {url}. Start it by `make up`, or set INTAKE_API_URL.{hint}",
                ExitCode.NOT_READY,
            ) from None
        except httpx.TimeoutException:
            raise CliError(f"Intake at {url} did not answer within {SECONDS_TO_ANSWER:.0f} s.") from None
        except httpx.HTTPError as error:
            raise CliError(f"The connection to {url} broke ({type(error).__name__}).", ExitCode.NOT_READY) from None
        if response.is_error:
            raise _error_of(response, self.connection)
        return response


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise CliError(f"{response.url.host} answered something else than Intake would.", ExitCode.NOT_READY)
    return body


def _error_of(response: httpx.Response, connection: Connection) -> CliError:
    status = HTTPStatus(response.status_code)
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    if status in _REFUSED:
        # API Gateway itself answers where the authorizer refuses; its message says nothing more.
        return CliError(problem.get("detail") or _about_key(connection), ExitCode.REFUSED, problem)
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE and "detail" not in problem:
        # API Gateway itself answers: what reaches a function has 6 MB at most, a third of it lost to base64.
        advice = "This is too large for one request: about 4.4 MB pass. Send a compressed recording, or a shorter one."
        return CliError(advice, ExitCode.REJECTED, {**problem, "status": status.value})
    message = problem.get("detail") or problem.get("message") or f"The API answered {status.value} {status.phrase}."
    return CliError(message, ExitCode.REJECTED if status in _REJECTED else ExitCode.FAILED, problem)


def _about_key(connection: Connection) -> str:
    """Say where a refused key came from and what to do."""
    if connection.key is None:
        return f"No API key was sent: set {KEY_VARIABLE} or --key."
    if connection.key_source not in {KEY_VARIABLE, "--key"}:
        remedy = "The file is of another start: run `make down up`."
    elif connection.is_local:
        verb = "unset it" if connection.key_source == KEY_VARIABLE else "leave it out"
        remedy = f"For the stack on this machine {verb}: the key in .intake/local.json is then used."
    else:
        remedy = "Take one that was issued for this API (see docs/deploying.md), whole, and not expired."
    return f"The API key is not accepted. It came from {connection.key_source}. {remedy}"
