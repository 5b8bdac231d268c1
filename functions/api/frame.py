"""What happens around every request: ids for the log, one line at its end, and an answer when all else fails."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intake.observability import logger
from problems import of_unexpected, request_id_of


class RequestFrame:
    """Log each request once, by ids and figures, and turn an unexpected error into a problem.

    Written as plain ASGI: Starlette's own base class for middleware starts a task group for every request.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = request_id_of(scope)
        started = time.perf_counter()
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (b"x-request-id", request_id.encode("latin-1"))]
            await send(message)

        outcome = "answered"
        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the last one: whatever it is, the caller gets a problem
            # Its class and place only: a message may quote the caller's text.
            outcome = type(error).__name__
            logger.error("request failed", error=outcome, place=_place(error))
            await of_unexpected(request_id)(scope, receive, answer)
        finally:
            logger.info(
                "request ended",
                method=scope["method"],
                route=getattr(scope.get("route"), "path", None),
                status=status,
                outcome=outcome,
                duration_ms=round((time.perf_counter() - started) * 1000, 1),
                extra=_who(scope),
            )


def _who(scope: Scope) -> dict[str, str]:
    proved = (scope.get("aws.event", {}).get("requestContext", {}).get("authorizer") or {}).get("lambda") or {}
    return {name: proved[name] for name in ("tenant", "key_id") if name in proved}


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else "unknown"
