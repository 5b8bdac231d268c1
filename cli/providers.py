"""``intake providers``: list them, hold one, resume it."""

from __future__ import annotations

from cli.client import Client, resource
from cli.connection import connect
from cli.output import Output
from cli.standing import show_providers


def list_all(output: Output, *, url: str | None, key: str | None) -> None:
    """Write every provider."""
    with Client(connect(url, key)) as client:
        found = client.get("/v1/providers").body
    if output.as_json:
        output.json(found)
    else:
        show_providers(output, f"Providers in the mode {found['mode']}", found["items"])


def hold(output: Output, name: str, reason: str, capability: str | None, *, url: str | None, key: str | None) -> None:
    """Switch a provider off, and write how it stands then."""
    _change(output, name, "hold", {"reason": reason, "capability": capability}, url=url, key=key)


def resume(
    output: Output, name: str, reason: str | None, capability: str | None, *, url: str | None, key: str | None
) -> None:
    """Switch a provider on again, and write how it stands then."""
    _change(output, name, "resume", {"reason": reason, "capability": capability}, url=url, key=key)


def _change(
    output: Output, name: str, verb: str, given: dict[str, str | None], *, url: str | None, key: str | None
) -> None:
    body = {field: value for field, value in given.items() if value is not None}
    with Client(connect(url, key)) as client:
        found = client.post(resource("providers", name, verb), body).body
    if output.as_json:
        output.json(found)
    else:
        show_providers(output, name, found["items"])
