"""What the adapters of engines on this machine have in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from intake.errors import ConfigurationError
from intake.money import Usage
from intake.providers.embedded._subprocess import Limits, ProgramError, ProgramFinder, find_program, run
from intake.providers.ports import Capability, ProviderKind

_VERSION = re.compile(r"\d+\.\d+")
_QUESTION = Limits(seconds=10, cpu_seconds=5)


class Engine(ABC):
    """An engine that runs offline: nothing is billed, and it may be missing.

    Subclasses set ``name``, ``capability``, ``model``, and ``version`` when their own behaviour changes.
    """

    name: str
    capability: Capability
    kind: ProviderKind = ProviderKind.EMBEDDED
    model: str
    version: str = "1"

    def largest_usage(self, request: object) -> Usage:
        """Return nothing: engines are free."""
        return Usage()

    @abstractmethod
    def engine_version(self) -> str | None:
        """Return the version of the installed engine in its own words, or None where it is not installed."""


class ProgramEngine(Engine):
    """An engine that is a program of this machine.

    Parameters
    ----------
    finder
        Finds programs by name; tests pass one that finds none.
    """

    program: str
    package: str
    """Debian package that brings the program."""
    version_option: str = "--version"

    def __init__(self, finder: ProgramFinder = find_program) -> None:
        self._find = finder

    def missing(self) -> str | None:
        """Say that the engine is not installed and how to install it, or None if it is there."""
        if self._find(self.program) is None:
            return f"{self.name} is not installed: apt-get install {self.package}"
        return None

    def path(self) -> str:
        """Return where the program is.

        Raises
        ------
        ConfigurationError
            It is not installed.
        """
        found = self._find(self.program)
        if found is None:
            raise ConfigurationError(f"{self.name} is not installed: apt-get install {self.package}")
        return found

    def engine_version(self) -> str | None:
        if self.missing():
            return None
        lines = self.ask(self.version_option).splitlines()
        return next((line.strip() for line in lines if _VERSION.search(line)), None)

    def ask(self, *options: str) -> str:
        """Return what the program says about itself; empty where it will not."""
        try:
            # 1: flite's status after it has told its version.
            answer = run(self.path(), options, limits=_QUESTION, accepted=frozenset({0, 1}))
            return answer.decode(errors="replace")
        except ProgramError:
            return ""


def primary_language(tag: str) -> str:
    """Return the language of a BCP 47 tag without region or script: ``es`` for ``es-MX``."""
    return tag.replace("_", "-").split("-", 1)[0].lower()
