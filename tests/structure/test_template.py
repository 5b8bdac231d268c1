"""House rules of the template: what every function, table, bucket, queue and machine must have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.structure.repository import ROOT, TEMPLATE, resources, template

FUNCTIONS = resources("AWS::Serverless::Function")
TABLES = resources("AWS::DynamoDB::Table")
BUCKETS = resources("AWS::S3::Bucket")
QUEUES = resources("AWS::SQS::Queue")
MACHINES = resources("AWS::Serverless::StateMachine")
ALARMS = resources("AWS::CloudWatch::Alarm")

NO_NARROWER_RESOURCE = {
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
}
"""Actions that AWS grants on everything or not at all."""
NO_RESOURCE_TO_NAME = {"polly:SynthesizeSpeech", "transcribe:StartTranscriptionJob", "translate:TranslateText"}
"""Actions of functions that work on no resource of the account."""

each_function = pytest.mark.parametrize("name", sorted(FUNCTIONS))
each_table = pytest.mark.parametrize("name", sorted(TABLES))
each_bucket = pytest.mark.parametrize("name", sorted(BUCKETS))
each_queue = pytest.mark.parametrize("name", sorted(QUEUES))
each_machine = pytest.mark.parametrize("name", sorted(MACHINES))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def statements(properties: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the statements of a function's or a machine's own policies, those under a condition too."""
    for policy in properties.get("Policies", []):
        for statement in policy["Statement"]:
            yield statement["Fn::If"][1] if "Fn::If" in statement else statement


def logs_of(name: str) -> dict[str, Any]:
    """Return the log group made for a function or a machine."""
    groups = resources("AWS::Logs::LogGroup")
    group = f"{name.removesuffix('Function')}Logs"
    assert group in groups, f"{name} has no log group {group}"
    return groups[group]


def alarms_on(metric: str, reference: dict[str, Any]) -> list[str]:
    return [
        name
        for name, alarm in ALARMS.items()
        if alarm["Properties"]["MetricName"] == metric
        and any(dimension["Value"] == reference for dimension in alarm["Properties"]["Dimensions"])
    ]


def test_the_rules_see_the_template() -> None:
    assert len(FUNCTIONS) >= 18
    assert len(TABLES) >= 4
    assert len(BUCKETS) >= 2
    assert len(QUEUES) >= 2
    assert len(MACHINES) >= 3


@pytest.mark.parametrize("name", sorted(template()["Parameters"]))
def test_a_parameter_is_described_and_constrained(name: str) -> None:
    parameter = template()["Parameters"][name]

    assert parameter["Description"]
    assert {"AllowedValues", "AllowedPattern", "MinValue"} & set(parameter) or parameter["Type"] == "CommaDelimitedList"
    if "AllowedPattern" in parameter:
        assert parameter["ConstraintDescription"], "the reader should not have to read a pattern"
        assert re.match(parameter["AllowedPattern"], parameter["Default"])


def test_every_log_is_kept_for_a_time() -> None:
    for name, group in resources("AWS::Logs::LogGroup").items():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}, name


@each_function
def test_a_function_writes_to_its_own_log(name: str) -> None:
    group = f"{name.removesuffix('Function')}Logs"

    assert logs_of(name)
    assert FUNCTIONS[name]["Properties"]["LoggingConfig"]["LogGroup"] == {"Ref": group}


@each_function
def test_a_function_has_its_own_policy_on_named_resources(name: str) -> None:
    own = list(statements(FUNCTIONS[name]["Properties"]))

    assert own, f"{name} has no policy of its own"
    for statement in own:
        if not set(as_list(statement["Action"])) <= NO_RESOURCE_TO_NAME:
            assert "*" not in as_list(statement["Resource"]), f"{name} may {statement['Action']} everywhere"
        assert not any("*" in action for action in as_list(statement["Action"])), f"{name} may do anything"


@each_function
def test_whoever_learns_of_a_provider_may_tell_it(name: str) -> None:
    properties = FUNCTIONS[name]["Properties"]
    allowed = {
        resource["Fn::GetAtt"][0]: set(as_list(statement["Action"]))
        for statement in statements(properties)
        for resource in as_list(statement["Resource"])
        if isinstance(resource, dict) and "Fn::GetAtt" in resource
    }

    # Who calls a provider reads its circuit before it writes it; who only counts what others did reads nothing.
    if {"dynamodb:GetItem", "dynamodb:UpdateItem"} <= allowed.get("GatewayTable", set()):
        # Without these a circuit that opens is a line in a log.
        assert properties["Environment"]["Variables"]["EVENT_BUS"] == {"Ref": "EventBus"}
        assert "events:PutEvents" in allowed["EventBus"]


@pytest.mark.parametrize("name", ["ApiFunction", "PlanFunction", "PlanWarmUpFunction"])
def test_whoever_chooses_providers_may_read_what_they_did(name: str) -> None:
    table = {"Fn::GetAtt": ["GatewayTable", "Arn"]}
    allowed = {
        action
        for statement in statements(FUNCTIONS[name]["Properties"])
        if table in as_list(statement["Resource"])
        for action in as_list(statement["Action"])
    }

    # Without it, routes follow priors for ever, and the results of an experiment cannot be shown.
    assert "dynamodb:BatchGetItem" in allowed


@pytest.mark.parametrize("name", ["RecordDocumentFailureFunction", "ValidateDocumentFunction"])
def test_whoever_meets_a_file_first_may_register_its_document(name: str) -> None:
    table = {"Fn::GetAtt": ["DocumentsTable", "Arn"]}
    allowed = {
        action
        for statement in statements(FUNCTIONS[name]["Properties"])
        if table in as_list(statement["Resource"])
        for action in as_list(statement["Action"])
    }

    # Where validation died at once, the failure is the first that is known of a file that was dropped in.
    assert allowed == {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"}


@each_function
def test_a_function_stands_in_a_folder_of_its_own_and_is_built_with_bytecode(name: str) -> None:
    folder = ROOT / FUNCTIONS[name]["Properties"]["CodeUri"]

    assert FUNCTIONS[name]["Metadata"] == {"BuildMethod": "makefile", "ContextPath": "functions"}
    assert (folder / "app.py").is_file(), f"{name} has no {folder.relative_to(ROOT)}/app.py"
    assert "handler" in (folder / "app.py").read_text(encoding="utf-8")


@each_function
def test_a_function_has_a_sample_event(name: str) -> None:
    sample = ROOT / "events" / f"{name}.json"

    assert sample.is_file(), f"events/{name}.json is missing"
    assert isinstance(json.loads(sample.read_text(encoding="utf-8")), dict)


def test_every_sample_event_belongs_to_a_function() -> None:
    assert {path.stem for path in (ROOT / "events").glob("*.json")} <= set(FUNCTIONS)


def test_every_function_folder_is_deployed() -> None:
    folders = {str(path.parent.relative_to(ROOT)) for path in (ROOT / "functions").rglob("app.py")}

    assert folders == {function["Properties"]["CodeUri"] for function in FUNCTIONS.values()}


@each_machine
def test_a_machine_may_call_only_what_it_calls_and_logs_no_data(name: str) -> None:
    properties = MACHINES[name]["Properties"]
    called = [
        value
        for value in properties["DefinitionSubstitutions"].values()
        if isinstance(value, dict) and "Fn::GetAtt" in value
    ]

    for statement in statements(properties):
        if "*" in as_list(statement["Resource"]):
            assert set(as_list(statement["Action"])) <= NO_NARROWER_RESOURCE, f"{name} may {statement['Action']}"
        if statement["Action"] == "lambda:InvokeFunction":
            assert statement["Resource"] == called, f"{name} may call other functions than it does"
    assert properties["Logging"]["IncludeExecutionData"] is False, "what people said would be in the log"
    assert properties["Tracing"] == {"Enabled": True}
    assert logs_of(name)


@pytest.mark.parametrize("name", sorted(resources("AWS::Lambda::EventSourceMapping")))
def test_a_stream_that_all_tenants_share_is_held_up_by_none(name: str) -> None:
    mapping = resources("AWS::Lambda::EventSourceMapping")[name]["Properties"]

    assert mapping["ParallelizationFactor"] == 10
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["MaximumRetryAttempts"] > 0, "without a limit, a batch that always fails stops the stream for a day"


@each_machine
def test_a_failed_machine_raises_an_alarm(name: str) -> None:
    for metric in ("ExecutionsFailed", "ExecutionsTimedOut"):
        assert alarms_on(metric, {"Ref": name}), f"nobody hears of {metric} of {name}"


@each_machine
def test_an_event_that_cannot_start_its_machine_is_retried_and_kept(name: str) -> None:
    for event in MACHINES[name]["Properties"].get("Events", {}).values():
        assert event["Properties"]["RetryPolicy"]["MaximumRetryAttempts"] > 0
        assert event["Properties"]["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] in QUEUES


@each_queue
def test_a_queue_is_encrypted_and_its_dead_letters_raise_an_alarm(name: str) -> None:
    properties = QUEUES[name]["Properties"]

    assert properties.get("SqsManagedSseEnabled") is True or "KmsMasterKeyId" in properties
    if name.endswith("DeadLetterQueue"):
        found = alarms_on("ApproximateNumberOfMessagesVisible", {"Fn::GetAtt": [name, "QueueName"]})
        assert found, f"nobody hears of messages in {name}"
    else:
        target = properties["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        assert target in QUEUES, f"what {name} cannot deliver is lost"
        assert target.endswith("DeadLetterQueue")


def test_every_alarm_is_told_to_somebody_and_is_quiet_without_data() -> None:
    assert len(ALARMS) >= 9
    for name, alarm in ALARMS.items():
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching", name
        assert alarm["Properties"]["AlarmDescription"], name


@each_table
def test_a_table_is_encrypted_recoverable_and_forgets(name: str) -> None:
    properties = TABLES[name]["Properties"]

    assert [key["AttributeName"] for key in properties["KeySchema"]] == ["pk", "sk"]
    assert properties["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["SSESpecification"]["SSEType"] == "KMS"
    assert TABLES[name]["UpdateReplacePolicy"] == "Retain"


@each_bucket
def test_a_bucket_is_private_encrypted_versioned_and_forgets(name: str) -> None:
    properties = BUCKETS[name]["Properties"]
    encryption = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]

    assert all(properties["PublicAccessBlockConfiguration"].values())
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["LifecycleConfiguration"]["Rules"]
    assert properties["NotificationConfiguration"]["EventBridgeConfiguration"] == {"EventBridgeEnabled": True}
    assert BUCKETS[name]["UpdateReplacePolicy"] == "Retain"


@each_bucket
def test_a_bucket_answers_over_tls_only(name: str) -> None:
    policies = [
        statement
        for policy in resources("AWS::S3::BucketPolicy").values()
        if policy["Properties"]["Bucket"] == {"Ref": name}
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]

    assert any(
        statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in policies
    )


def test_every_route_wants_a_key_but_the_open_ones() -> None:
    api = resources("AWS::Serverless::HttpApi")["Api"]["Properties"]
    routes = {
        f"{event['Properties']['Method']} {event['Properties']['Path']}": event["Properties"].get("Auth")
        for function in FUNCTIONS.values()
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }

    assert api["Auth"]["DefaultAuthorizer"] == "ApiKey"
    assert len(routes) >= 10
    assert {route for route, auth in routes.items() if auth} == {
        "GET /health",
        "GET /openapi.json",
        "POST /v1/callbacks/elevenlabs",  # signed instead
        "ANY /{proxy+}",
    }


def test_every_permission_says_what_it_is_for() -> None:
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    granted = [(number, line) for number, line in enumerate(lines, 1) if re.match(r"\s*(- )+Effect:", line)]

    assert len(granted) >= 40
    assert [f"template.yaml:{number}: {line.strip()}" for number, line in granted if " # " not in line] == []
