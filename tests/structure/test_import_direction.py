"""Dependencies point inward: the domain knows neither AWS, nor a web framework, nor who calls it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tests.structure.repository import CORE, FUNCTIONS, ROOT, Import, imports, python_files

DOMAIN = (
    "analytics",
    "batches",
    "documents",
    "experiments",
    "gateway",
    "inputs",
    "phrases",
    "subscriptions",
    "tenancy",
)
OUTSIDE_THE_DOMAIN = (
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.data_classes",
    "boto3",
    "botocore",
    "fastapi",
    "functions",
    "intake.runtime",
    "intake.storage",
    "mangum",
    "openai",
    "pynamodb",
    "starlette",
)
CALLERS_OF_THE_CORE = ("benchmarks", "cli", "functions", "local", "tests")
CLIENTS = ("boto3", "botocore", "openai", "pynamodb")


def is_below(module: str, packages: Collection[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def core_imports(path: Path) -> list[Import]:
    return list(imports(path, package=".".join(path.relative_to(CORE).parent.parts)))


def breaches(found: list[Import], forbidden: Collection[str]) -> list[str]:
    return [f"{item.place} imports {item.module}" for item in found if is_below(item.module, forbidden)]


def test_the_domain_imports_no_adapter_no_framework_and_no_handler() -> None:
    files = python_files(*(CORE / "intake" / package for package in DOMAIN))
    found = [item for path in files for item in core_imports(path)]
    adapters = [
        item
        for item in found
        if is_below(item.module, ["intake.providers"])
        and not is_below(item.module, ["intake.providers.ports", "intake.providers.jobs"])
        # `from intake.providers import ports` and the package itself name no adapter.
        and item.module != "intake.providers"
    ]

    assert len(files) >= 15, "the walk does not see the domain"
    assert len(found) >= 60, "the walk does not see the domain's imports"
    assert breaches(found, OUTSIDE_THE_DOMAIN) == []
    assert [f"{item.place} imports {item.module}" for item in adapters] == []


def test_the_core_imports_nothing_of_those_who_use_it() -> None:
    files = python_files(CORE)

    assert len(files) >= 30, "the walk does not see the core layer"
    assert breaches([item for path in files for item in core_imports(path)], CALLERS_OF_THE_CORE) == []


def test_handlers_reach_services_through_adapters() -> None:
    files = python_files(FUNCTIONS)

    assert len(files) >= 15, "the walk does not see the functions"
    assert breaches([item for path in files for item in imports(path)], (*CLIENTS, "cli", "local", "tests")) == []


def test_the_command_line_is_a_client_of_the_http_api() -> None:
    files = python_files(ROOT / "cli")

    assert len(files) >= 5, "the walk does not see the command line"
    assert breaches([item for path in files for item in imports(path)], (*CLIENTS, "functions", "intake.storage")) == []


def test_the_walk_finds_what_it_looks_for() -> None:
    found = list(imports(CORE / "intake" / "errors.py", package="intake"))

    assert is_below("boto3.dynamodb", OUTSIDE_THE_DOMAIN)
    assert not is_below("boto3000", OUTSIDE_THE_DOMAIN)
    assert any(item.module == "intake.money.Usage" for item in found)
