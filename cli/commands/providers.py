"""``intake providers``: its commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Json, Key, Url, output_of

app = typer.Typer(help="List providers; switch one off and on again.")

Name = Annotated[str, typer.Argument(metavar="NAME")]
Capability = Annotated[
    str | None, typer.Option("--capability", help="Only of this work, for example translate; of all, where left out.")
]


@app.callback(invoke_without_command=True)
def providers(ctx: typer.Context, json: Json = False, url: Url = None, key: Key = None) -> None:
    """List providers with their state and budget; switch one off and on again."""
    if ctx.invoked_subcommand is None:
        from cli.providers import list_all

        list_all(output_of(ctx, json), url=url, key=key)


@app.command("hold")
def hold_provider(
    ctx: typer.Context,
    name: Name,
    reason: Annotated[str, typer.Option("--reason", help="Why; every tenant may read it. 200 characters at most.")],
    capability: Capability = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Switch a provider off for every tenant until it is resumed. Needs an admin's key."""
    from cli.providers import hold

    hold(output_of(ctx, json), name, reason, capability, url=url, key=key)


@app.command("resume")
def resume_provider(
    ctx: typer.Context,
    name: Name,
    reason: Annotated[str | None, typer.Option("--reason", help="Why it may be called again.")] = None,
    capability: Capability = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Switch a provider on again. Needs an admin's key."""
    from cli.providers import resume

    resume(output_of(ctx, json), name, reason, capability, url=url, key=key)
