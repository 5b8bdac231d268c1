"""Options that every command takes."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import Output

Url = Annotated[
    str | None, typer.Option("--url", envvar="INTAKE_API_URL", help="Address of the API.", rich_help_panel="Connection")
]
Key = Annotated[
    str | None,
    typer.Option(
        "--key",
        envvar="INTAKE_API_KEY",
        help="API key. Prefer the variable: other users of this machine see command lines.",
        rich_help_panel="Connection",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write the result to stdout as JSON, and nothing else.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask anything; fail instead.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help="How many at most.")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="Where an earlier list ended.")]


def output_of(ctx: typer.Context, as_json: bool) -> Output:
    """Return what a command speaks by, set to its ``--json``."""
    output = ctx.find_root().obj
    assert isinstance(output, Output)
    output.as_json = as_json
    return output
