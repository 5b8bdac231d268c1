"""Make the local variant of a SAM template: each change is explicit, and each is written down."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.package import NAME, PYTHON, SOURCE, bootstrap_package
from local.template import Template

REFUSED_TYPES = (
    "AWS::ApiGatewayV2::Deployment",
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::S3Vectors::Index",
    "AWS::S3Vectors::VectorBucket",
)
"""Resources that the emulator does not know. What depends on one of them works locally without it, or not at all."""

ARTIFACTS = "intake-local-artifacts"
"""The bucket that ``sam deploy`` would call the artifact bucket."""

_WEBSOCKET = re.compile(r"wss://\$\{(?P<api>\w+)\}\.execute-api\.\$\{AWS::Region\}\.\$\{AWS::URLSuffix\}")
_FUNCTION = "AWS::Serverless::Function"
_LAYER = "AWS::Serverless::LayerVersion"
_MACHINE = "AWS::Serverless::StateMachine"
# Rolled out by CodeDeploy, traced by X-Ray, bound to a processor: nothing of that exists on one machine.
_FUNCTION_PROPERTIES_DROPPED = ("Architectures", "DeploymentPreference", "Layers", "RuntimeManagementConfig", "Tracing")


@dataclass
class LocalVariant:
    """A template ready for the emulator, with what must be uploaded before it."""

    template: Template
    artifacts: dict[str, bytes] = field(default_factory=dict)
    """By key in the artifact bucket."""
    notes: list[str] = field(default_factory=list)

    def upload(self, body: bytes, suffix: str) -> str:
        key = f"{hashlib.sha256(body).hexdigest()}{suffix}"
        self.artifacts[key] = body
        return key


@dataclass(frozen=True)
class _Host:
    """What this machine gives to every function."""

    base: Path
    python: Path
    environment: Mapping[str, str]
    layers: Mapping[str, Path]


def localize(
    template: Template, *, base: Path, python: Path, environment: Mapping[str, str], endpoint: str
) -> LocalVariant:
    """Return the variant of a template that the emulator can run.

    Parameters
    ----------
    template
        As written for AWS; not changed.
    base
        The directory that the template's paths start from.
    python
        The interpreter that runs the functions, with the dependencies of all of them.
    environment
        Variables that every function gets, over its own.
    endpoint
        Where the emulator will answer.

    Raises
    ------
    ValueError
        A function's source, or a layer's, or a machine's definition is not there.
    """
    variant = LocalVariant(copy.deepcopy(template))
    resources: dict[str, Any] = variant.template["Resources"]
    layers = {
        name: _path(base, resource["Properties"]["ContentUri"], name) for name, resource in _of_type(resources, _LAYER)
    }
    defaults: dict[str, Any] = variant.template.get("Globals", {}).get("Function", {})
    inherited = {name: defaults.pop(name, None) for name in ("CodeUri", "Runtime", *_FUNCTION_PROPERTIES_DROPPED)}
    if level := defaults.get("LoggingConfig", {}).get("ApplicationLogLevel"):
        # Lambda tells functions the level of the template; here they would take the emulator's own, and be silent.
        defaults.setdefault("Environment", {}).setdefault("Variables", {})["POWERTOOLS_LOG_LEVEL"] = level
    host = _Host(base, python, environment, layers)

    for name, resource in _of_type(resources, _FUNCTION):
        _localize_function(variant, name, resource, inherited, host)
    for name, resource in _of_type(resources, _MACHINE):
        _localize_machine(variant, name, resource["Properties"], base)
    _remove(variant, list(layers), "its directory is on the path of the functions that use it")
    for kind in REFUSED_TYPES:
        _remove(variant, [name for name, _ in _of_type(resources, kind)], f"the emulator has no {kind}")
    variant.template = _with_reachable_websockets(variant, variant.template, endpoint)
    return variant


def _of_type(resources: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any]]:
    return ((name, resource) for name, resource in list(resources.items()) if resource.get("Type") == kind)


def _localize_function(
    variant: LocalVariant,
    name: str,
    resource: dict[str, Any],
    inherited: Mapping[str, Any],
    host: _Host,
) -> None:
    # How the package is built says nothing about how the sources are run.
    resource.pop("Metadata", None)
    properties: dict[str, Any] = resource["Properties"]
    runtime = _parameter(variant.template, properties.get("Runtime", inherited["Runtime"]))
    if not str(runtime).startswith("python"):
        raise ValueError(f"{name} has the runtime {runtime}: only Python functions run locally")
    source = _path(host.base, properties.get("CodeUri", inherited["CodeUri"]), name)
    references = [*(inherited["Layers"] or []), *properties.get("Layers", [])]
    used = [reference["Ref"] if isinstance(reference, dict) else reference for reference in references]
    if unknown := [layer for layer in used if layer not in host.layers]:
        raise ValueError(f"{name} uses layers that the template does not define: {unknown}")
    for dropped in _FUNCTION_PROPERTIES_DROPPED:
        properties.pop(dropped, None)
    path = [source, *(host.layers[layer] for layer in used)]
    properties["Runtime"] = "provided.al2023"
    properties["CodeUri"] = {"Bucket": ARTIFACTS, "Key": variant.upload(bootstrap_package(), ".zip")}
    variables: dict[str, Any] = properties.setdefault("Environment", {}).setdefault("Variables", {})
    variables |= dict(host.environment)
    variables |= {NAME: name, SOURCE: str(source), PYTHON: str(host.python), "PYTHONPATH": ":".join(map(str, path))}
    variant.notes.append(f"{name}: {runtime} → provided.al2023 under awslambdaric, sources {variables['PYTHONPATH']}")


def _localize_machine(variant: LocalVariant, name: str, properties: dict[str, Any], base: Path) -> None:
    if "DefinitionUri" not in properties:
        return
    definition = _path(base, properties["DefinitionUri"], name)
    properties["DefinitionUri"] = {"Bucket": ARTIFACTS, "Key": variant.upload(definition.read_bytes(), ".asl.json")}
    variant.notes.append(f"{name}: definition {definition} uploaded, as `sam package` does")


def _with_reachable_websockets(variant: LocalVariant, value: Any, endpoint: str) -> Any:
    """Return a template in which the addresses of WebSocket APIs resolve: the API's id in the path, not in the host."""
    if isinstance(value, list):
        return [_with_reachable_websockets(variant, item, endpoint) for item in value]
    if isinstance(value, dict):
        return {name: _with_reachable_websockets(variant, item, endpoint) for name, item in value.items()}
    if not isinstance(value, str) or not (found := _WEBSOCKET.match(value)):
        return value
    local = f"{endpoint.replace('http', 'ws', 1)}/_aws/execute-api/${{{found['api']}}}{value[found.end() :]}"
    variant.notes.append(f"{value} → {local}")
    return local


def _parameter(template: Template, value: Any) -> Any:
    """Return the default of a parameter that a property refers to, or the property itself."""
    if isinstance(value, dict) and "Ref" in value:
        return template.get("Parameters", {}).get(value["Ref"], {}).get("Default", value)
    return value


def _remove(variant: LocalVariant, names: list[str], reason: str) -> None:
    for name in names:
        del variant.template["Resources"][name]
        variant.notes.append(f"{name}: left out, {reason}")
        outputs: dict[str, Any] = variant.template.get("Outputs", {})
        for output in [key for key, value in outputs.items() if _refers(value, name)]:
            del outputs[output]
            variant.notes.append(f"output {output}: left out, it names {name}")
        for other in variant.template["Resources"].values():
            if "DependsOn" in other:
                needed = other["DependsOn"] if isinstance(other["DependsOn"], list) else [other["DependsOn"]]
                other["DependsOn"] = [dependency for dependency in needed if dependency != name]


def _refers(value: Any, name: str) -> bool:
    if isinstance(value, dict):
        if value.get("Ref") == name or value.get("Fn::GetAtt", [None])[0] == name:
            return True
        return any(_refers(item, name) for item in value.values())
    if isinstance(value, list):
        return any(_refers(item, name) for item in value)
    return isinstance(value, str) and (f"${{{name}}}" in value or f"${{{name}." in value)


def _path(base: Path, value: object, name: str) -> Path:
    if not isinstance(value, str):
        raise ValueError(f"{name} names no local path: {value!r}")
    path = (base / value).resolve()
    if not path.exists():
        raise ValueError(f"{name} needs {path}, which is not there")
    return path
