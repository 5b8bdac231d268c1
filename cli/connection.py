"""Where Intake is, and with which key: options, then the environment, then the stack on this machine."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cli.errors import CliError, ExitCode

LOCAL_FILE = Path(".intake", "local.json")
LOCAL_FILE_VARIABLE = "INTAKE_LOCAL_FILE"
"""Set by ``python -m local run`` for the command that it runs beside a stack."""
CHECKOUT = Path(__file__).resolve().parent.parent

KEY_VARIABLE = "INTAKE_API_KEY"

STATUS_HINT = "If it ran before, `.venv/bin/python -m local status` says how it ended."
_HOW = "Start it on this machine by `make up`, or set INTAKE_API_URL and INTAKE_API_KEY (or --url and --key)."


@dataclass(frozen=True)
class Connection:
    """An address of the HTTP API and a key for it; ``source`` and ``key_source`` say in words where each was found."""

    url: str
    key: str | None = field(repr=False)
    source: str
    key_source: str = ""

    @property
    def is_local(self) -> bool:
        """Whether the API is on this machine: no proxy leads there."""
        return urlsplit(self.url).hostname in {"127.0.0.1", "::1", "localhost"}


def connect(url: str | None, key: str | None, *, start: Path | None = None) -> Connection:
    """Find the API.

    Parameters
    ----------
    start
        Where the search for ``.intake/local.json`` begins, upwards; the checkout is looked at last.

    Raises
    ------
    CliError
        Nothing says where the API is.
    """
    found = local_file(start or Path.cwd())
    local = _read(found) if found else {}
    if url is None:
        if found is None:
            raise CliError(
                f"Intake is not running here: there is no {LOCAL_FILE}. {_HOW} {STATUS_HINT}", ExitCode.NOT_READY
            )
        local_url = local.get("api_url")
        if not local_url:
            raise CliError(f"{found} names no API: the stack is not complete. {_HOW}", ExitCode.NOT_READY)
        return _with_key(local_url, key, local.get("admin_api_key"), source=str(found), file=found)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise CliError(f"{url} is no address of an API: it must begin with https:// or http://.", ExitCode.USAGE)
    # A key goes to the address it belongs to, and nowhere else.
    same = local.get("api_url", "").rstrip("/") == url.rstrip("/")
    local_key = local.get("admin_api_key") if same else None
    return _with_key(url, key, local_key, source="INTAKE_API_URL or --url", file=found)


def _with_key(url: str, given: str | None, local_key: str | None, *, source: str, file: Path | None) -> Connection:
    if given:
        # The command line hands on the variable's value as if it were the option's.
        key_source = KEY_VARIABLE if given == os.environ.get(KEY_VARIABLE) else "--key"
    else:
        key_source = str(file) if local_key else ""
    return Connection(url.rstrip("/"), given or local_key, source, key_source)


def local_file(start: Path) -> Path | None:
    """Return the file that INTAKE_LOCAL_FILE names, the nearest ``.intake/local.json`` upwards, or the checkout's."""
    if named := os.environ.get(LOCAL_FILE_VARIABLE):
        return Path(named)
    for directory in (start, *start.parents, CHECKOUT):
        candidate = directory / LOCAL_FILE
        if candidate.is_file():
            return candidate
    return None


def _read(path: Path) -> dict[str, str]:
    try:
        content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CliError(f"{path} cannot be read ({type(error).__name__}). {_HOW}", ExitCode.NOT_READY) from None
    return content
