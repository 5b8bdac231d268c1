"""``intake doctor``: whether Intake is set up, reachable, and able to do its work; and if not, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cli.client import Client
from cli.connection import Connection, connect
from cli.errors import CliError, ExitCode
from cli.output import Output

WORK = {
    "transcribe": "hear recordings",
    "translate": "translate",
    "complete": "clean texts",
    "parse": "read documents",
    "embed": "index and search documents",
    "synthesize": "speak",
}
"""What each capability is for."""
OPTIONAL = frozenset({"synthesize", "transcribe"})
"""Texts and documents need neither ears nor a voice: a stack without them is sound."""
_OUT = frozenset({"open", "held"})
_WOULD_HAVE = "Providers that a stack on this machine would have"
_SHOWN_KIND = {"remote": "real", "embedded": "embedded", "builtin": "built in", "mock": "double"}


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    ``code`` is the exit code that its failure alone would give; ``optional`` is what may be wanting all the same.
    """

    name: str
    ok: bool
    detail: str
    code: ExitCode = ExitCode.FAILED
    optional: bool = False

    @property
    def failed(self) -> bool:
        return not self.ok and not self.optional

    @property
    def state(self) -> str:
        return "ok" if self.ok else "none" if self.optional else "PROBLEM"


def run(output: Output, *, url: str | None, key: str | None) -> None:
    """Look at everything, write what was found, and fail if anything is wrong."""
    checks: list[Check] = []
    providers: list[dict[str, Any]] = []
    title = "Providers"
    try:
        connection = connect(url, key)
    except CliError as error:
        checks.append(Check("settings", ok=False, detail=error.message, code=error.code))
        title, providers = _WOULD_HAVE, _on_this_machine()
    else:
        checks.append(_settings(connection))
        with Client(connection) as client, output.working("looking"):
            checks.append(_api(client))
            if checks[-1].ok:
                check, providers = _providers(client)
                checks.append(check)
                if check.ok:
                    checks += [_capability(name, providers) for name in WORK]
            elif connection.is_local:
                title, providers = _WOULD_HAVE, _on_this_machine()
    _write(output, checks, title, providers)
    failed = [check for check in checks if check.failed]
    if failed:
        # The first is what the others follow from.
        raise SystemExit(int(failed[0].code))


def _settings(connection: Connection) -> Check:
    if connection.key is None:
        detail = f"{connection.url} (from {connection.source}), without a key: set INTAKE_API_KEY or --key."
        return Check("settings", ok=False, detail=detail, code=ExitCode.NOT_READY)
    return Check(
        "settings", ok=True, detail=f"{connection.url}, key {_shown(connection.key)} (from {connection.source})"
    )


def _shown(key: str) -> str:
    """Return what may be seen of a key: its tenant."""
    scheme, _, rest = key.partition("_")
    tenant, separator, _secret = rest.partition("_")
    return f"ik_{tenant}_…" if scheme == "ik" and separator else "of unknown form"


def _api(client: Client) -> Check:
    try:
        health = client.get("/health").body
    except CliError as error:
        return Check("API", ok=False, detail=error.message, code=error.code)
    return Check("API", ok=True, detail=f"answers, version {health.get('version')}, stage {health.get('stage')}")


def _providers(client: Client) -> tuple[Check, list[dict[str, Any]]]:
    try:
        found = client.get("/v1/providers").body
    except CliError as error:
        return Check("key", ok=False, detail=error.message, code=error.code), []
    return Check("key", ok=True, detail=f"accepted; providers in the mode {found['mode']}"), found["items"]


def _capability(name: str, providers: list[dict[str, Any]]) -> Check:
    """Check that somebody can do a kind of work, and name who."""
    able = [provider["name"] for provider in providers if provider["capability"] == name and provider["usable"]]
    if able:
        return Check(WORK[name], ok=True, detail=", ".join(able))
    wanting = [
        f"{provider['name']}: {provider['obstacle']}" for provider in providers if provider["capability"] == name
    ]
    optional = name in OPTIONAL and not any(
        _is_set_up(provider) for provider in providers if provider["capability"] == name
    )
    lead = "nobody can, and nothing else needs it. " if optional else "nobody can. "
    return Check(WORK[name], ok=False, detail=lead + "; ".join(wanting), optional=optional)


def _is_set_up(provider: dict[str, Any]) -> bool:
    """Say whether a provider that is out of use is so for a while only: held, failing, or out of budget."""
    budget = provider.get("budget") or {}
    left = (
        (budget.get("day") or {}).get("left_microusd", 1),
        (budget.get("hour") or {}).get("left_requests", 1),
    )
    return not _barred(provider) and (_circuit(provider) in _OUT or 0 in left)


def _on_this_machine() -> list[dict[str, Any]]:
    """List the providers that a stack on this machine would have, where it cannot be asked."""
    from intake.providers.embedded import embedded_providers
    from intake.providers.remote import remote_providers
    from intake.settings import settings

    return [
        {
            "name": provider.name,
            "capability": provider.capability.value,
            "kind": provider.kind.value,
            "model": provider.model,
            "usable": (missing := provider.missing()) is None,
            "obstacle": missing,
        }
        for provider in (*remote_providers(settings()), *embedded_providers())
    ]


def _write(output: Output, checks: list[Check], title: str, providers: list[dict[str, Any]]) -> None:
    if output.as_json:
        listed = [
            {"name": check.name, "ok": check.ok, "optional": check.optional, "detail": check.detail} for check in checks
        ]
        output.json({"ok": not any(check.failed for check in checks), "checks": listed, "providers": providers})
        return
    output.table("Checks", ("check", "state", "found"), [(check.name, check.state, check.detail) for check in checks])
    if not providers:
        return
    rows = [
        (provider["capability"], provider["name"], _state(provider), provider["obstacle"] or "")
        for provider in providers
    ]
    output.table(title, ("capability", "provider", "state", "remedy or reason"), rows)


def _state(provider: dict[str, Any]) -> str:
    kind = _SHOWN_KIND[provider["kind"]]
    if provider["usable"]:
        return kind
    if (circuit := _circuit(provider)) in _OUT:
        return f"{kind}, {circuit}"
    return f"{kind}, off" if _barred(provider) else "missing"


def _circuit(provider: dict[str, Any]) -> str:
    return str((provider.get("circuit") or {}).get("state", "closed"))


def _barred(provider: dict[str, Any]) -> bool:
    """Say whether a provider is out of use by the mode or the stage, not for want of anything."""
    reason = provider["obstacle"] or ""
    return " not used in the mode " in reason or " refused in production" in reason
