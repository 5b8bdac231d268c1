"""``intake inputs``: its commands and their options."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import Cursor, Json, Key, Limit, NoInput, Url, output_of

app = typer.Typer(help="List inputs, show, rate and erase them.", no_args_is_help=True)

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


@app.command("feedback")
def give_feedback(
    ctx: typer.Context,
    input_id: InputId,
    rating: Annotated[
        int | None, typer.Option("--rating", min=1, max=5, help="1 is useless, 5 could not be better.")
    ] = None,
    text: Annotated[str | None, typer.Option("--text", help="Why, in words.")] = None,
    correction: Annotated[
        str | None, typer.Option("--correction", help="What the translation should have been.")
    ] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="Who rates: an id of yours; the key, where left out.")
    ] = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Rate an input, and correct its translation; without a rating, show what was said of it."""
    from cli.feedback import Opinion, give, list_all

    output = output_of(ctx, json)
    opinion = Opinion(rating, text, correction, user)
    if opinion.is_empty:
        list_all(output, input_id, url=url, key=key)
    else:
        give(output, input_id, opinion, url=url, key=key)


@app.command("approve")
def approve_correction(
    ctx: typer.Context,
    input_id: InputId,
    feedback_id: Annotated[
        str | None, typer.Option("--feedback", help="Whose correction, by the feedback's id; where several wait.")
    ] = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Have a corrected translation used for the same text from now on. Needs an admin's key."""
    from cli.feedback import approve

    approve(output_of(ctx, json), input_id, feedback_id, url=url, key=key)


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
