"""What the adapters of engines on this machine have in common."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from importlib.util import find_spec
from typing import Any, Protocol

from intake.errors import ConfigurationError, ProviderError
from intake.money import Usage
from intake.providers.embedded._subprocess import Limits, ProgramError, ProgramFinder, find_program, run
from intake.providers.ports import Capability, Provider, ProviderKind

_VERSION = re.compile(r"\d+\.\d+")
_QUESTION = Limits(seconds=10, cpu_seconds=5)


class EmbeddedProvider(Provider[Any, Any], Protocol):
    """A provider that runs here, and so can be asked what it is: `intake doctor` does."""

    def engine_version(self) -> str | None:
        """Return the version of the installed engine in its own words, or None where it is not installed."""
        ...


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

    def missing(self) -> str | None:
        """Say that the engine is not installed and how to install it, or None if it is there."""
        return None

    def ensure_installed(self) -> None:
        """Make sure that the engine is there.

        Raises
        ------
        ConfigurationError
            It is not installed.
        """
        if missing := self.missing():
            raise ConfigurationError(missing)

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
        self.ensure_installed()
        found = self._find(self.program)
        assert found is not None
        return found

    def engine_version(self) -> str | None:
        if self._find(self.program) is None:
            return None
        try:
            lines = self.ask(self.version_option).splitlines()
        except ProviderError as error:
            return f"does not answer: {error.detail}"
        return next((line.strip() for line in lines if _VERSION.search(line)), None)

    def ask(self, *options: str) -> str:
        """Return what the program says about itself.

        Raises
        ------
        ProviderError
            It gives no answer: not the same as one with nothing in it, which would be believed for as long as we run.
        """
        try:
            # 1: flite's status after it has told its version.
            answer = run(self.path(), options, limits=_QUESTION, accepted=frozenset({0, 1}))
        except ProgramError as error:
            raise error.as_provider_error(self.name) from error
        return answer.decode(errors="replace")


def primary_language(tag: str) -> str:
    """Return the language of a BCP 47 tag without region or script: ``es`` for ``es-MX``."""
    return tag.replace("_", "-").split("-", 1)[0].lower()


def installed_package(name: str) -> bool:
    """Say whether a Python package is there, without importing it."""
    return find_spec(name) is not None


def package_version(name: str) -> str | None:
    """Return name and version of an installed Python package, or None."""
    # Imported here: it costs 20 ms, and only the doctor asks.
    from importlib.metadata import version

    return f"{name} {version(name)}" if installed_package(name) else None
