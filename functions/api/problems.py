"""The one place where errors become answers: RFC 9457 ``application/problem+json``."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from intake.errors import (
    DocumentRejectedError,
    FieldError,
    IntakeError,
    ProviderError,
    RateLimitedError,
    UnsupportedInputError,
    error_slug,
    own_error,
)
from intake.field_errors import field_errors

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:intake:"


class MalformedRequestError(IntakeError):
    """The body cannot be read at all: no JSON, not UTF-8, a broken form."""

    title = "The request cannot be read"
    http_status = 400


class UnsupportedMediaTypeError(IntakeError):
    """The body is of a kind that this route does not take."""

    title = "This kind of body is not taken here"
    http_status = 415


class PayloadTooLargeError(IntakeError):
    """The body is larger than this route takes."""

    title = "The body is too large"
    http_status = 413

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.errors = errors


class FailedRunError(IntakeError):
    """The machine that worked on an input ended without a result.

    Parameters
    ----------
    error
        Class name of the failure that ended it, as recorded; decides type, title and status of the answer.
    input_id
        Where the caller finds all that is known.
    failures
        Every provider that was tried and what became of it, in words.
    """

    _TITLE_OF_UNKNOWN: ClassVar[str] = "The input could not be processed"

    def __init__(
        self,
        detail: str,
        *,
        error: str,
        input_id: str,
        errors: Sequence[FieldError] = (),
        failures: Sequence[str] = (),
    ) -> None:
        super().__init__(detail)
        kind = own_error(error)
        self.type = error_slug(error) if kind else "failed"
        self.status = kind.http_status if kind else HTTPStatus.INTERNAL_SERVER_ERROR
        self.heading = kind.title if kind else self._TITLE_OF_UNKNOWN
        self.may_pass = kind is not None and issubclass(kind, ProviderError)
        self.input_id = input_id
        self.errors = tuple(errors)
        self.failures = tuple(failures)


def install(app: FastAPI) -> None:
    """Let an application answer every error with a problem; unexpected ones are `frame.RequestFrame`'s."""

    @app.exception_handler(IntakeError)
    async def _intake(request: Request, error: IntakeError) -> JSONResponse:
        return of_error(error, request_id_of(request.scope))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        return _of_status(request, error)


def request_id_of(scope: Any) -> str:
    """Return API Gateway's id of a request: the same in its access log, our log and the answer."""
    request_id: str = scope.get("aws.event", {}).get("requestContext", {}).get("requestId", "unknown")
    return request_id


def of_error(error: IntakeError, request_id: str) -> JSONResponse:
    """Return the problem of one of Intake's errors."""
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    slug, title, status = error.slug, error.title, error.http_status
    if isinstance(error, FailedRunError):
        slug, title, status = error.type, error.heading, error.status
        extra["input_id"] = error.input_id
        extra["failures"] = list(error.failures)
    if isinstance(error, DocumentRejectedError):
        extra["code"] = error.code
    if isinstance(error, UnsupportedInputError | PayloadTooLargeError | FailedRunError) and error.errors:
        extra["errors"] = [problem.model_dump() for problem in error.errors]
    if isinstance(error, RateLimitedError) and error.retry_after_seconds is not None:
        headers["retry-after"] = str(max(1, round(error.retry_after_seconds)))
    elif status == HTTPStatus.SERVICE_UNAVAILABLE and _may_pass(error):
        headers["retry-after"] = "60"
    return _problem(slug, title, status, error.detail, request_id, extra, headers)


def _may_pass(error: IntakeError) -> bool:
    """Say whether the same request may be answered later: not where Intake is set up wrongly."""
    return error.may_pass if isinstance(error, FailedRunError) else isinstance(error, ProviderError)


def of_unexpected(request_id: str) -> JSONResponse:
    """Return the problem of a fault of our own. What it was stays in the log: it may hold words of a user."""
    return _problem(
        "internal",
        IntakeError.title,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        f"This is a fault of Intake, not of your request. Tell the operator the request id {request_id}.",
        request_id,
    )


def invalid_body(error: ValidationError) -> IntakeError:
    """Return the error of a body or a query string: unreadable, or readable and against its schema."""
    # Without the input: it is the caller's text.
    details = error.errors(include_input=False, include_url=False)
    unreadable = next((detail for detail in details if detail["type"] == "json_invalid"), None)
    if unreadable is not None:
        return MalformedRequestError(f"The body is not JSON: {unreadable['ctx']['error']}.")
    errors = tuple(field_errors(details))
    return UnsupportedInputError(" ".join(f"{e.field}: {e.message}" for e in errors), errors=errors)


def title_of(error_name: str) -> str:
    """Return the title of an error by its class name, as a machine recorded it."""
    kind = own_error(error_name)
    return kind.title if kind else error_name


def _of_status(request: Request, error: HTTPException) -> JSONResponse:
    request_id, method, path = request_id_of(request.scope), request.method, request.url.path
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = f"There is no route {path}. GET /openapi.json lists those that exist."
        return _problem("not-found", "Not found", error.status_code, detail, request_id)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette names the methods of the first route of this path only.
        routes = [route for route in request.app.state.routes if route.path_regex.match(path)]
        headers["Allow"] = ", ".join(sorted({method for route in routes for method in route.methods}))
        detail = f"{path} does not take {method}. It takes: {headers['Allow']}."
        return _problem(
            "method-not-allowed", "Method not allowed", error.status_code, detail, request_id, headers=headers
        )
    status = HTTPStatus(error.status_code)
    slug = status.phrase.lower().replace(" ", "-")
    return _problem(slug, status.phrase, status, str(error.detail), request_id, headers=headers)


def _problem(
    slug: str,
    title: str,
    status: int,
    detail: str,
    request_id: str,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    content = {"type": TYPE_PREFIX + slug, "title": title, "status": int(status), "detail": detail}
    return JSONResponse(
        content | {"request_id": request_id} | (extra or {}),
        status_code=int(status),
        media_type=MEDIA_TYPE,
        headers=headers,
    )
