"""The HTTP API: one application, the handler of three functions.

``ApiFunction`` answers callers; ``SearchFunction`` has more memory; ``CallbackFunction`` may do what no caller may.

Everything imported here is paid for by every cold start: AWS clients, numpy and what only some routes need are imported
where they are first used. Routes are ``async def`` although nothing else runs meanwhile: an environment serves one
request at a time, and a plain ``def`` would start a thread for each.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from mangum import Mangum

import problems
from dependencies import VERSION
from frame import RequestFrame
from intake.observability import logger
from routers import (
    batches,
    callbacks,
    dashboard,
    documents,
    erasures,
    experiments,
    feedback,
    health,
    inputs,
    phrases,
    providers,
    quality,
    search,
    speech,
    websocket,
)


def create_app() -> FastAPI:
    """Make the application."""
    app = FastAPI(
        title="Intake",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        # Traces and metrics are Lambda's and API Gateway's own; this telemetry would record texts that are refused.
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    problems.install(app)
    app.add_middleware(RequestFrame)
    modules = (
        health,
        inputs,
        feedback,
        experiments,
        erasures,
        batches,
        documents,
        search,
        providers,
        phrases,
        quality,
        speech,
        websocket,
        dashboard,
        callbacks,
    )
    routers = [module.router for module in modules]
    for router in routers:
        app.include_router(router)
    app.state.routes = [route for router in routers for route in router.routes]

    def openapi() -> dict[str, Any]:
        # Made when first asked for: schemas and examples are of no use to any other request.
        if app.openapi_schema is None:
            import openapi as description

            app.openapi_schema = description.describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
    return app


app = create_app()
_adapter = Mangum(
    app, lifespan="off", text_mime_types=["text/", "application/json", batches.NDJSON, problems.MEDIA_TYPE]
)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request of API Gateway (payload format 2.0)."""
    return _adapter(event, context)
