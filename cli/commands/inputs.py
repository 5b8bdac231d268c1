"""``intake inputs``: its commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Cursor, Json, Key, Limit, NoInput, Url, output_of

app = typer.Typer(help="List inputs, show them, and erase them.", no_args_is_help=True)

InputId = Annotated[str, typer.Argument(metavar="ID")]


@app.command("list")
def list_inputs(
    ctx: typer.Context,
    limit: Limit = 20,
    cursor: Cursor = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """List inputs, newest first, without their texts."""
    from cli.inputs import list_all

    list_all(output_of(ctx, json), limit=limit, cursor=cursor, url=url, key=key)


@app.command("show")
def show_input(ctx: typer.Context, input_id: InputId, json: Json = False, url: Url = None, key: Key = None) -> None:
    """Show an input: its result, or how far it is."""
    from cli.inputs import show

    show(output_of(ctx, json), input_id, url=url, key=key)


@app.command("erase")
def erase_inputs(
    ctx: typer.Context,
    input_ids: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="Erase all that this user has sent: an id of yours.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask whether it is meant.")] = False,
    json: Json = False,
    no_input: NoInput = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Erase inputs: texts, audio, cache lines and what was masked. There is no way back."""
    from cli.inputs import erase

    erase(output_of(ctx, json), input_ids or [], user, yes=yes, no_input=no_input, url=url, key=key)


@app.command("reveal")
def reveal_input(
    ctx: typer.Context,
    input_id: InputId,
    reason: Annotated[
        str,
        typer.Option("--reason", help="case_work, member_request, quality_review, legal_request or incident; logged."),
    ],
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show what the placeholders of an input stand for. Needs an admin's key; who looked, and why, is logged."""
    from cli.inputs import reveal

    reveal(output_of(ctx, json), input_id, reason, url=url, key=key)
