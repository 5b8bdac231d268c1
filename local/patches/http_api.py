"""HTTP APIs: what SAM writes into ``Body`` becomes routes."""

from __future__ import annotations

import json
from typing import Any

from local.patching import edit, replace

_METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}


def import_openapi_bodies() -> None:
    """Make routes, integrations and authorizers of an API's ``Body``.

    Prevents: every route of a SAM ``HttpApi`` answers 404, because the emulator reads the API's other properties only.
    """
    from ministack.services.cloudformation import provisioners

    def create(logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        # SAM leaves the name to the document's title.
        title = props.get("Body", {}).get("info", {}).get("title")
        api_id, attributes = original(logical_id, {"Name": title, **props} if title else props, stack_name)
        _import(api_id, props.get("Body", {}))
        return api_id, attributes

    original = replace(provisioners, "_apigw_v2_api_create", "(logical_id, props, stack_name)", create)
    provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]["create"] = create


def hide_errors_of_functions() -> None:
    """Answer 500 ``Internal Server Error`` when a function failed, as HTTP APIs do.

    Prevents: clients and tests learn to read error messages that AWS never sends.
    """
    from ministack.services import apigateway

    edit(
        apigateway,
        "_invoke_lambda_proxy",
        (
            "    lambda_response, _ = lambda_svc.lambda_execute_result_to_api_proxy_response(result)\n",
            '    if result.get("error") and not result.get("throttle"):\n'
            '        return 500, {"Content-Type": "application/json"}, b\'{"message":"Internal Server Error"}\'\n'
            "    lambda_response, _ = lambda_svc.lambda_execute_result_to_api_proxy_response(result)\n",
        ),
    )


LARGEST_BODY = 6 * 1024 * 1024
"""Bytes of a body as a function gets it, binary content in base64: Lambda's limit on a whole event."""


def refuse_bodies_that_lambda_cannot_take() -> None:
    """Answer 413 to a body over Lambda's limit.

    Prevents: an upload through the API that works here and is refused on AWS.
    """
    from ministack.services import apigateway

    edit(
        apigateway,
        "_invoke_lambda_proxy",
        (
            '    event = {\n        "version": "2.0",\n',
            "    if len(req_body or '') > _INTAKE_LARGEST_BODY:\n"
            '        return 413, {"Content-Type": "application/json"}, b\'{"message":"Request Entity Too Large"}\'\n'
            '    event = {\n        "version": "2.0",\n',
        ),
        given={"_INTAKE_LARGEST_BODY": LARGEST_BODY},
    )


def _import(api_id: str, body: dict[str, Any]) -> None:
    from ministack.services import apigateway

    if cors := body.get("x-amazon-apigateway-cors"):
        apigateway._apis[api_id]["corsConfiguration"] = cors
    authorizers = {
        name: _created(apigateway._create_authorizer(api_id, _authorizer(name, scheme)))["authorizerId"]
        for name, scheme in body.get("components", {}).get("securitySchemes", {}).items()
    }
    for path, operations in body.get("paths", {}).items():
        for method, operation in operations.items():
            if method not in _METHODS and method != "x-amazon-apigateway-any-method":
                continue
            integration = operation["x-amazon-apigateway-integration"]
            made = _created(apigateway._create_integration(api_id, _integration(integration)))
            route: dict[str, Any] = {
                "routeKey": _route_key(path, method),
                "target": f"integrations/{made['integrationId']}",
            }
            names = [name for requirement in operation.get("security", []) for name in requirement if name != "NONE"]
            if names:
                route |= {"authorizationType": "CUSTOM", "authorizerId": authorizers[names[0]]}
            _created(apigateway._create_route(api_id, route))


def _authorizer(name: str, scheme: dict[str, Any]) -> dict[str, Any]:
    given = scheme["x-amazon-apigateway-authorizer"]
    if given.get("type") != "request":
        raise ValueError(f"authorizer {name} has the type {given.get('type')}: only Lambda authorizers run locally")
    source = given.get("identitySource", [])
    return {
        "name": name,
        "authorizerType": "REQUEST",
        "authorizerUri": given["authorizerUri"],
        "authorizerPayloadFormatVersion": str(given.get("authorizerPayloadFormatVersion", "2.0")),
        "authorizerResultTtlInSeconds": given.get("authorizerResultTtlInSeconds", 0),
        "enableSimpleResponses": given.get("enableSimpleResponses", False),
        # A list for a Lambda authorizer by SAM, one string in hand-written OpenAPI.
        "identitySource": source if isinstance(source, list) else [part.strip() for part in source.split(",")],
    }


def _integration(given: dict[str, Any]) -> dict[str, Any]:
    return {
        "integrationType": given["type"].upper(),
        "integrationUri": given["uri"],
        "integrationMethod": given.get("httpMethod", "POST"),
        "payloadFormatVersion": str(given.get("payloadFormatVersion", "2.0")),
        "timeoutInMillis": given.get("timeoutInMillis", 30000),
    }


def _route_key(path: str, method: str) -> str:
    if path == "/$default":
        return "$default"
    return f"{'ANY' if method == 'x-amazon-apigateway-any-method' else method.upper()} {path}"


def _created(response: tuple[int, Any, bytes]) -> dict[str, Any]:
    status, _, content = response
    if status >= 300:
        raise ValueError(f"the API was refused with {status}: {content.decode(errors='replace')}")
    answer: dict[str, Any] = json.loads(content)
    return answer
