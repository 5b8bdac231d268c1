"""Change pinned code of the emulator, and refuse to start when it is not the code that was read."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Mapping
from types import FunctionType
from typing import Any

_SOURCE = "__intake_source__"


class PatchError(RuntimeError):
    """The emulator's code is not what the patch was written for."""


def edit(owner: Any, name: str, *changes: tuple[str, str], given: Mapping[str, object] | None = None) -> None:
    """Replace passages in the source of one function or method.

    Parameters
    ----------
    owner
        The module or class that holds the function.
    changes
        Pairs of an old passage, which must occur exactly once, and its replacement.
    given
        Names that the replacements use, added to the function's module.

    Raises
    ------
    PatchError
        A passage is missing or occurs twice: the emulator's version changed, and the patch must be read again.
    """
    function: FunctionType = inspect.unwrap(getattr(owner, name))
    # A function that was edited before has no file to read its source from.
    source = vars(function).get(_SOURCE) or textwrap.dedent(inspect.getsource(function))
    for old, new in changes:
        if (count := source.count(old)) != 1:
            raise PatchError(f"{_path(owner)}.{name}: {count} occurrences, not one, of {old!r}")
        source = source.replace(old, new)
    names = function.__globals__
    for added in given or {}:
        if added in names:
            raise PatchError(f"{_path(owner)}.{name}: the name {added} is taken in its module")
    made: dict[str, Any] = {}
    names.update(given or {})
    exec(compile(source, f"<patched {_path(owner)}.{name}>", "exec"), names, made)  # noqa: S102 - that is the purpose
    setattr(made[name], _SOURCE, source)
    setattr(owner, name, made[name])


def replace(owner: Any, name: str, expected: str, replacement: Callable[..., Any]) -> Callable[..., Any]:
    """Put another function in the place of one whose signature is as expected; return the one replaced.

    Raises
    ------
    PatchError
        The function takes other arguments than ``expected`` says.
    """
    function: Callable[..., Any] = getattr(owner, name)
    if (found := str(inspect.signature(function))) != expected:
        raise PatchError(f"{_path(owner)}.{name} takes {found}, not {expected}")
    setattr(owner, name, replacement)
    return function


def _path(owner: Any) -> str:
    return f"{getattr(owner, '__module__', '')}.{owner.__name__}".lstrip(".")
