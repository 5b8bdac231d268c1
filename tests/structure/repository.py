"""What the structure tests look at: the repository's own files, parsed."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from local.template import read_template

ROOT = Path(__file__).resolve().parent.parent.parent
CORE = ROOT / "layers" / "core"
FUNCTIONS = ROOT / "functions"
STATE_MACHINES = ROOT / "statemachines"
TEMPLATE = ROOT / "template.yaml"


def python_files(*folders: Path) -> list[Path]:
    """Return the sources below folders, in a stable order."""
    return sorted(file for folder in folders for file in folder.rglob("*.py"))


def shown(path: Path) -> str:
    """Return a path as a reader of the repository knows it."""
    return str(path.relative_to(ROOT))


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a source."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@dataclass(frozen=True)
class Import:
    """One imported module, and where."""

    module: str
    place: str


def running_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a tree but those below ``if TYPE_CHECKING:``, which never run."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and ast.unparse(child.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            continue
        yield from running_nodes(child)


def imports(path: Path, package: str = "") -> Iterator[Import]:
    """Yield every module that a source imports, at its top or inside a function, but for its types alone.

    Parameters
    ----------
    package
        Dotted name of the source's package, which relative imports start from.
    """
    for node in running_nodes(parsed(path)):
        place = f"{shown(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, place) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *filter(None, [node.module])])
            # `from intake import storage` names a module as much as `import intake.storage` does.
            yield Import(base, place)
            yield from (Import(f"{base}.{alias.name}", place) for alias in node.names)


@cache
def template() -> dict[str, Any]:
    """Return the template as data, intrinsic functions in their long form."""
    return read_template(TEMPLATE)


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """Return the template's resources of one type, by logical id."""
    return {name: item for name, item in template()["Resources"].items() if item["Type"] == kind}


@cache
def machine_names() -> tuple[str, ...]:
    """Return the names of the definitions, such as ``input``."""
    return tuple(sorted(path.name.removesuffix(".asl.json") for path in STATE_MACHINES.glob("*.asl.json")))


def deployments(machine: str) -> dict[str, dict[str, Any]]:
    """Return the template's state machines that are made of one definition, by logical id."""
    uri = f"statemachines/{machine}.asl.json"
    machines = resources("AWS::Serverless::StateMachine")
    return {name: item for name, item in machines.items() if item["Properties"].get("DefinitionUri") == uri}


def substitutions(machine: str) -> set[str]:
    """Return the names that a definition wants substituted."""
    source = (STATE_MACHINES / f"{machine}.asl.json").read_text(encoding="utf-8")
    return set(re.findall(r"\$\{(\w+)\}", source))


@cache
def definition(machine: str) -> dict[str, Any]:
    """Return a definition with the numbers of its substitutions put in; names of functions stand for their ARNs."""
    source = (STATE_MACHINES / f"{machine}.asl.json").read_text(encoding="utf-8")
    numbers: dict[str, str] = {}
    for resource in deployments(machine).values():
        for name, value in resource["Properties"].get("DefinitionSubstitutions", {}).items():
            number = _number(value)
            numbers[name] = name if number is None else str(number)
    loaded: dict[str, Any] = json.loads(re.sub(r"\$\{(\w+)\}", lambda match: numbers.get(match[1], match[1]), source))
    return loaded


def _number(value: Any) -> int | float | None:
    """Return the number that a substitution is, or that its parameter is by default; None of anything else."""
    if isinstance(value, dict) and "Ref" in value:
        value = template()["Parameters"].get(value["Ref"], {}).get("Default")
    return value if isinstance(value, int | float) else None


@dataclass(frozen=True)
class State:
    """One state of a definition, with the states it can go to."""

    machine: str
    name: str
    body: dict[str, Any]
    siblings: dict[str, Any]
    """The states of the same level: of the machine, or of the map or branch that this one is in."""

    def __str__(self) -> str:
        return f"{self.machine}.{self.name}"


def states(machine: str) -> list[State]:
    """Return every state of a definition, those inside maps and branches too."""
    return list(_states(machine, definition(machine)))


def _states(machine: str, level: dict[str, Any]) -> Iterator[State]:
    for name, body in level["States"].items():
        yield State(machine, name, body, level["States"])
        inner = [*body.get("Branches", []), *filter(None, [body.get("ItemProcessor"), body.get("Iterator")])]
        for below in inner:
            yield from _states(machine, below)


def all_states() -> list[State]:
    """Return every state of every definition."""
    return [state for machine in machine_names() for state in states(machine)]


def tasks() -> list[State]:
    """Return every state that calls something."""
    return [state for state in all_states() if state.body["Type"] == "Task"]


def levels(machine: str) -> list[dict[str, Any]]:
    """Return the levels of a definition, outer ones first: the machine itself, then each map and branch."""
    return list(_levels(definition(machine)))


def _levels(level: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield level
    for body in level["States"].values():
        for below in (*body.get("Branches", []), *filter(None, [body.get("ItemProcessor"), body.get("Iterator")])):
            yield from _levels(below)
