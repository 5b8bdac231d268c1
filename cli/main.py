"""The ``intake`` command: a client of the HTTP API."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from cli.commands import batches, documents, inputs, phrases, providers
from cli.commands.process import process
from cli.commands.speak import speak
from cli.errors import CliError, ExitCode
from cli.options import Json, Key, Url, output_of
from cli.output import Output


class Commands(TyperGroup):
    """Runs a command and turns whatever goes wrong into a sentence and an exit code, never into a traceback."""

    def invoke(self, ctx: Any) -> Any:
        output = Output()
        ctx.obj = output
        try:
            return super().invoke(ctx)
        except CliError as error:
            output.error(error)
            raise typer.Exit(error.code) from None
        except KeyboardInterrupt:
            output.note("interrupted")
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        except (typer.Exit, typer.Abort, TyperException, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours must not become a traceback
            failure = CliError(f"This command failed by a fault of its own: {type(error).__name__}: {error}")
            output.error(failure)
            raise typer.Exit(failure.code) from None


app = typer.Typer(
    name="intake",
    cls=Commands,
    help="Intake: voice or text in any language becomes clean English; documents become searchable.",
    epilog="Exit codes: 0 done, 1 failed, 2 usage, 3 not reachable or not set up, 4 not accepted, 5 key refused.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(process)
app.command()(speak)
for name, group in (
    ("inputs", inputs.app),
    ("batches", batches.app),
    ("documents", documents.app),
    ("phrases", phrases.app),
    ("providers", providers.app),
):
    app.add_typer(group, name=name)


@app.command()
def doctor(ctx: typer.Context, json: Json = False, url: Url = None, key: Key = None) -> None:
    """Check settings, the API and every provider, and say what to do about problems."""
    from cli.doctor import run

    run(output_of(ctx, json), url=url, key=key)


@app.command()
def demo(ctx: typer.Context, json: Json = False, url: Url = None, key: Key = None) -> None:
    """Run a text, a recording and a document through the running stack, and show what came out."""
    from cli.demo import run

    run(output_of(ctx, json), url=url, key=key)
