"""The local variant of a template."""

from __future__ import annotations

import copy
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from local.template import read_template
from local.transform import ARTIFACTS, LocalVariant, localize


def template(**resources: Any) -> dict[str, Any]:
    return {
        "Parameters": {"PythonRuntime": {"Type": "String", "Default": "python3.13"}},
        "Globals": {
            "Function": {"Runtime": {"Ref": "PythonRuntime"}, "Layers": [{"Ref": "CoreLayer"}], "Tracing": "Active"}
        },
        "Resources": {
            "CoreLayer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "layers/core"}},
            **resources,
        },
        "Outputs": {"Layer": {"Value": {"Ref": "CoreLayer"}}, "Region": {"Value": {"Ref": "AWS::Region"}}},
    }


def function(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::Function",
        "Metadata": {"BuildMethod": "makefile"},
        "Properties": {"CodeUri": "functions/translate", **properties},
    }


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for directory in ("functions/translate", "layers/core", "layers/documents", "statemachines"):
        (tmp_path / directory).mkdir(parents=True)
    (tmp_path / "statemachines" / "input.asl.json").write_text('{"StartAt": "Plan"}')
    return tmp_path


def variant(written: dict[str, Any], base: Path) -> LocalVariant:
    return localize(
        written,
        base=base,
        python=Path("/venv/bin/python"),
        environment={"INTAKE_STAGE": "local"},
        endpoint="http://127.0.0.1:4566",
    )


def test_a_function_runs_its_sources_with_its_layers_on_the_path(base: Path) -> None:
    made = variant(template(Translate=function(Environment={"Variables": {"TABLE": "t", "INTAKE_STAGE": "dev"}})), base)
    properties = made.template["Resources"]["Translate"]["Properties"]
    assert properties["Runtime"] == "provided.al2023"
    assert properties["Environment"]["Variables"] == {
        "TABLE": "t",
        "INTAKE_STAGE": "local",
        "INTAKE_LOCAL_NAME": "Translate",
        "INTAKE_LOCAL_SOURCE": f"{base}/functions/translate",
        "INTAKE_LOCAL_PYTHON": "/venv/bin/python",
        "PYTHONPATH": f"{base}/functions/translate:{base}/layers/core",
    }


def test_layers_of_the_function_follow_those_of_all(base: Path) -> None:
    documents = {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "layers/documents"}}
    made = variant(template(DocumentsLayer=documents, Parse=function(Layers=[{"Ref": "DocumentsLayer"}])), base)
    path = made.template["Resources"]["Parse"]["Properties"]["Environment"]["Variables"]["PYTHONPATH"]
    assert path == f"{base}/functions/translate:{base}/layers/core:{base}/layers/documents"


def test_the_package_holds_an_executable_bootstrap(base: Path) -> None:
    made = variant(template(Translate=function()), base)
    code = made.template["Resources"]["Translate"]["Properties"]["CodeUri"]
    assert code["Bucket"] == ARTIFACTS
    with zipfile.ZipFile(io.BytesIO(made.artifacts[code["Key"]])) as package:
        (entry,) = package.infolist()
        assert entry.filename == "bootstrap"
        assert entry.external_attr >> 16 & 0o111
        assert b"awslambdaric" in package.read(entry)


def test_all_functions_share_one_package(base: Path) -> None:
    made = variant(template(One=function(), Two=function()), base)
    assert len(made.artifacts) == 1


def test_a_definition_is_uploaded_and_keeps_its_substitutions(base: Path) -> None:
    machine = {
        "Type": "AWS::Serverless::StateMachine",
        "Properties": {
            "DefinitionUri": "statemachines/input.asl.json",
            "DefinitionSubstitutions": {"Plan": {"Fn::GetAtt": ["Plan", "Arn"]}},
        },
    }
    made = variant(template(InputMachine=machine), base)
    properties = made.template["Resources"]["InputMachine"]["Properties"]
    assert made.artifacts[properties["DefinitionUri"]["Key"]] == b'{"StartAt": "Plan"}'
    assert properties["DefinitionSubstitutions"] == {"Plan": {"Fn::GetAtt": ["Plan", "Arn"]}}


def test_what_the_emulator_refuses_is_left_out_with_what_names_it(base: Path) -> None:
    written = template(
        Quiet={"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {}},
        Topic={"Type": "AWS::SNS::Topic", "DependsOn": ["Quiet"], "Properties": {}},
    )
    written["Outputs"]["Quiet"] = {"Value": {"Fn::Sub": "alarm ${Quiet.Arn}"}}
    made = variant(written, base)
    assert set(made.template["Resources"]) == {"Topic"}
    assert made.template["Resources"]["Topic"]["DependsOn"] == []
    assert set(made.template["Outputs"]) == {"Region"}


def test_every_change_is_noted(base: Path) -> None:
    made = variant(
        template(Translate=function(), Quiet={"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {}}), base
    )
    assert [note.split(":")[0] for note in made.notes] == ["Translate", "CoreLayer", "output Layer", "Quiet"]


def test_the_template_as_written_is_not_changed(base: Path) -> None:
    written = template(Translate=function())
    before = copy.deepcopy(written)
    variant(written, base)
    assert written == before


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"CodeUri": "functions/missing"}, "functions/missing, which is not there"),
        ({"Runtime": "nodejs22.x"}, "only Python functions run locally"),
        ({"Layers": ["arn:aws:lambda:us-east-1:1:layer:other:1"]}, "layers that the template does not define"),
        ({"CodeUri": {"Bucket": "b", "Key": "k"}}, "names no local path"),
    ],
)
def test_what_cannot_run_here_is_refused_by_name(base: Path, properties: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as refused:
        variant(template(Translate=function(**properties)), base)
    assert "Translate" in str(refused.value)


def test_short_intrinsic_functions_are_read_as_their_long_forms(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text(
        "AWSTemplateFormatVersion: 2010-09-09\n"
        "Resources:\n"
        "  A:\n"
        "    Name: !Sub '${B}-x'\n"
        "    Arn: !GetAtt B.Stream.Arn\n"
        "    Ref: !Ref B\n"
        "    If: !If [C, !Ref D, !Join ['', [a, b]]]\n"
    )
    assert read_template(path) == {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "A": {
                "Name": {"Fn::Sub": "${B}-x"},
                "Arn": {"Fn::GetAtt": ["B", "Stream.Arn"]},
                "Ref": {"Ref": "B"},
                "If": {"Fn::If": ["C", {"Ref": "D"}, {"Fn::Join": ["", ["a", "b"]]}]},
            }
        },
    }


def test_a_file_without_resources_is_no_template(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("- a\n- b\n")
    with pytest.raises(ValueError, match="has no Resources"):
        read_template(path)


def test_the_address_of_a_websocket_api_has_its_id_in_the_path(base: Path) -> None:
    address = {"Fn::Sub": "wss://${Sockets}.execute-api.${AWS::Region}.${AWS::URLSuffix}/v1"}
    written = template(Translate=function(Environment={"Variables": {"WEBSOCKET_URL": address}}))
    written["Outputs"]["WebSocketUrl"] = {"Value": address}

    made = variant(written, base).template

    local = {"Fn::Sub": "ws://127.0.0.1:4566/_aws/execute-api/${Sockets}/v1"}
    assert made["Resources"]["Translate"]["Properties"]["Environment"]["Variables"]["WEBSOCKET_URL"] == local
    assert made["Outputs"]["WebSocketUrl"]["Value"] == local
