"""What sources import is declared where they run: what only this machine has installed is missing on Lambda."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.structure.repository import CORE, FUNCTIONS, ROOT, imports, python_files

OURS = {path.name for path in ROOT.iterdir() if path.is_dir()} | {"intake"}
# A declared package that brings another one and documents it as part of its own interface.
COMES_WITH = {"botocore": "boto3", "click": "typer", "hypercorn": "ministack", "starlette": "fastapi"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def distributions() -> Mapping[str, list[str]]:
    """Return the installed packages that bring each top-level module."""
    return packages_distributions()


def declared(*groups: str) -> set[str]:
    """Return the packages that dependency groups name."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    items = [item for group in groups for item in table[group]]
    return {normal(re.split(r"[\[<>=!~; ]", item)[0]) for item in items if isinstance(item, str)}


def imported(files: list[Path], own: set[str]) -> dict[str, str]:
    """Return the third-party packages that sources import, each with the first place."""
    known = distributions()
    found: dict[str, str] = {}
    for path in files:
        for item in imports(path, package=".".join(["relative"] * 9)):
            top = item.module.split(".")[0]
            if top not in sys.stdlib_module_names | OURS | own | {"relative", ""}:
                package = normal(known[top][0]) if top in known else top
                found.setdefault(COMES_WITH.get(package, package), item.place)
    return found


def undeclared(folder: Path, *groups: str) -> dict[str, str]:
    siblings = {path.stem for path in folder.iterdir()}
    found = imported(python_files(folder), own=siblings)
    return {package: place for package, place in found.items() if package not in declared(*groups)}


def test_the_core_imports_what_a_layer_or_an_engine_brings() -> None:
    assert len(imported(python_files(CORE), own=set())) >= 8, "the walk does not see the imports"
    assert undeclared(CORE, "core", "audio", "documents", "language", "engines") == {}


def test_the_api_imports_what_its_package_and_layers_bring() -> None:
    assert undeclared(FUNCTIONS / "api", "core", "api") == {}


def test_the_other_functions_import_what_the_core_layer_brings() -> None:
    folders = {path.parent for path in FUNCTIONS.rglob("app.py")} - {FUNCTIONS / "api"}

    assert {package: place for folder in folders for package, place in undeclared(folder, "core").items()} == {}


def test_the_evaluation_imports_what_it_declares() -> None:
    assert undeclared(ROOT / "evaluation", "eval", "core") == {}


def test_the_command_line_and_the_local_runtime_import_what_they_declare() -> None:
    assert undeclared(ROOT / "cli", "cli", "core") == {}
    assert undeclared(ROOT / "local", "local", "core", "test", "emulator") == {}
