"""Put a template on the running emulator, as ``sam deploy`` would on AWS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.layout import ACCOUNT, REGION
from local.transform import ARTIFACTS, LocalVariant

if TYPE_CHECKING:
    import boto3

STACK = "intake-local"
_TEMPLATE = "template.json"
_API = "AWS::ApiGatewayV2::Api"
_LONGEST_REASON = 1000


class DeploymentError(RuntimeError):
    """The emulator did not accept the template."""


@dataclass(frozen=True)
class Deployment:
    """What the stack holds."""

    outputs: dict[str, str]
    resources: dict[str, tuple[str, str]]
    """Type and physical id, by logical id."""
    http_apis: frozenset[str]
    """Logical ids of the HTTP APIs; a WebSocket API is of the same type, and reached at another address."""

    def api_url(self, endpoint: str) -> str | None:
        """Return the address of the HTTP API, without a final slash.

        The API's id is in the path, not in the host: Python does not resolve names below ``localhost``. The stage is
        ``$default``, as on AWS without a segment of its own.
        """
        apis = [physical for name, physical in self.of_type(_API) if name in self.http_apis]
        return f"{endpoint}/_aws/execute-api/{apis[0]}" if apis else None

    def reachable_outputs(self, endpoint: str) -> dict[str, str]:
        """Return the outputs with addresses that resolve."""
        apis = [physical for _, physical in self.of_type(_API)]
        port = endpoint.rpartition(":")[2]
        named = {f"http://{api}.execute-api.localhost:{port}": f"{endpoint}/_aws/execute-api/{api}" for api in apis}
        return {name: named.get(value, value) for name, value in self.outputs.items()}

    def of_type(self, kind: str) -> list[tuple[str, str]]:
        return [(name, physical) for name, (found, physical) in self.resources.items() if found == kind]


def session(endpoint: str) -> boto3.Session:
    """Return a session with credentials that mean nothing outside this machine."""
    import boto3

    made = boto3.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="local", region_name=REGION)  # noqa: S106
    made._session.set_config_variable("ignore_configured_endpoint_urls", True)
    return made


def deploy(variant: LocalVariant, parameters: Mapping[str, str], *, endpoint: str) -> Deployment:
    """Upload the artifacts, create the stack and apply what the emulator leaves undone.

    Raises
    ------
    DeploymentError
        With the reason of each resource that failed.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return _deploy(variant, parameters, endpoint)
    except (BotoCoreError, ClientError) as error:
        # A refusal repeats the whole template.
        raise DeploymentError(str(error)[:_LONGEST_REASON]) from error


def _deploy(variant: LocalVariant, parameters: Mapping[str, str], endpoint: str) -> Deployment:
    aws = session(endpoint)
    s3 = aws.client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket=ARTIFACTS)
    for key, body in variant.artifacts.items():
        s3.put_object(Bucket=ARTIFACTS, Key=key, Body=body)

    # By address, as `sam deploy` does: in the call itself a template may have 51,200 bytes, ours has more.
    s3.put_object(Bucket=ARTIFACTS, Key=_TEMPLATE, Body=json.dumps(variant.template).encode())

    declared = variant.template.get("Parameters", {})
    cloudformation = aws.client("cloudformation", endpoint_url=endpoint)
    cloudformation.create_stack(
        StackName=STACK,
        TemplateURL=f"{endpoint}/{ARTIFACTS}/{_TEMPLATE}",
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items() if name in declared
        ],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    stack = _settled(cloudformation)
    if stack["StackStatus"] != "CREATE_COMPLETE":
        raise DeploymentError("\n".join([f"the stack ended in {stack['StackStatus']}", *_failures(cloudformation)]))
    deployment = Deployment(
        outputs={output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])},
        resources={
            resource["LogicalResourceId"]: (resource["ResourceType"], resource["PhysicalResourceId"])
            for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
            for resource in page["StackResourceSummaries"]
        },
        http_apis=frozenset(
            name
            for name, resource in variant.template["Resources"].items()
            if resource["Type"] == "AWS::Serverless::HttpApi"
        ),
    )
    _apply_time_to_live(variant, deployment, aws.client("dynamodb", endpoint_url=endpoint))
    return deployment


def _settled(cloudformation: Any) -> Any:
    import time

    while True:
        stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        time.sleep(0.05)


def _failures(cloudformation: Any) -> list[str]:
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    return [
        f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
        for event in events
        if event["ResourceStatus"].endswith("_FAILED")
    ]


def _apply_time_to_live(variant: LocalVariant, deployment: Deployment, dynamodb: Any) -> None:
    """Switch expiry on: the emulator ignores it in a template, and items would stay for ever."""
    for name, table in deployment.of_type("AWS::DynamoDB::Table"):
        specification = variant.template["Resources"][name]["Properties"].get("TimeToLiveSpecification")
        if specification and specification.get("Enabled"):
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=specification)
