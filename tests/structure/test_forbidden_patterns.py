"""What no source may do: read the environment or the clock for itself, print, or log what people said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.structure.repository import CORE, FUNCTIONS, ROOT, parsed, python_files, shown

DEPLOYED = python_files(CORE, FUNCTIONS)
ENVIRONMENT = {"os.environ", "os.getenv", "os.environb"}
CLOCK = {
    "date.today",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.now",
    "datetime.utcnow",
    "time.time",
    "time.time_ns",
}
LOG_METHODS = {"critical", "debug", "error", "exception", "info", "log", "warning"}
PERSONAL = {
    "answer",
    "api_key",
    "audio",
    "body",
    "content",
    "document",
    "event",
    "history",
    "key",
    "passage",
    "payload",
    "prompt",
    "query",
    "secret",
    "snippet",
    "text",
    "transcript",
    "translation",
}
"""Names of what may hold words of people, or secrets. Log its id, its length or its language instead."""


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` of an expression of names, else what there is of it."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def places(files: list[Path], wanted: set[str], kind: type[ast.expr]) -> list[str]:
    """Return where an attribute is read or a function is called."""
    found = []
    for path in files:
        for node in ast.walk(parsed(path)):
            if isinstance(node, kind):
                name = dotted(node.func if isinstance(node, ast.Call) else node)
                if name in wanted:
                    found.append(f"{shown(path)}:{node.lineno}: {name}")
    return found


def log_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(parsed(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LOG_METHODS
            and "log" in dotted(node.func.value).lower()
        ):
            yield node


def personal_values(call: ast.Call) -> Iterator[str]:
    """Yield the names in a log call that stand for words of people, and f-strings, which may hold anything."""
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        if isinstance(argument, ast.JoinedStr):
            yield "an f-string"
        if isinstance(argument, ast.Name | ast.Attribute) and dotted(argument).rsplit(".", 1)[-1] in PERSONAL:
            yield dotted(argument)
        if isinstance(argument, ast.Dict):
            yield from (key.value for key in argument.keys if isinstance(key, ast.Constant) and key.value in PERSONAL)
    yield from (keyword.arg for keyword in call.keywords if keyword.arg in PERSONAL)


def test_the_walk_sees_the_sources() -> None:
    assert len(DEPLOYED) >= 45


def test_the_environment_is_read_in_one_place_a_program() -> None:
    readers = {CORE / "intake" / "settings.py", ROOT / "cli" / "connection.py"}
    files = [path for path in [*DEPLOYED, *python_files(ROOT / "cli")] if path not in readers]

    assert places(files, ENVIRONMENT, ast.Attribute) == []


def test_the_clock_is_read_in_one_place() -> None:
    files = [path for path in DEPLOYED if path != CORE / "intake" / "clock.py"]

    assert places(files, CLOCK, ast.Call) == []
    assert places([CORE / "intake" / "clock.py"], CLOCK, ast.Call), "the walk does not see the clock"


def test_deployed_code_logs_and_does_not_print() -> None:
    assert places(DEPLOYED, {"print", "pprint.pprint"}, ast.Call) == []


def test_no_log_holds_words_of_people() -> None:
    calls = [(path, call) for path in DEPLOYED for call in log_calls(path)]

    assert len(calls) >= 5, "the walk does not see the logs"
    found = [f"{shown(path)}:{call.lineno}: {name}" for path, call in calls for name in personal_values(call)]
    assert found == []


def test_no_decorator_logs_whole_events() -> None:
    options = [
        f"{shown(path)}:{node.lineno}"
        for path in DEPLOYED
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.keyword)
        and node.arg in {"log_event", "capture_response"}
        and not (isinstance(node.value, ast.Constant) and node.value.value is False)
    ]

    assert options == []
