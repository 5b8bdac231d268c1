"""The ``intake`` command: a client of the HTTP API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from cli.errors import CliError, ExitCode
from cli.options import Json, Key, NoInput, Url
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
        except (typer.Exit, typer.Abort, TyperException):
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
inputs = typer.Typer(cls=TyperGroup, help="Show inputs, and erase them.", no_args_is_help=True)
app.add_typer(inputs, name="inputs")
documents = typer.Typer(cls=TyperGroup, help="Add documents, follow them, and search them.", no_args_is_help=True)
app.add_typer(documents, name="documents")


@app.command()
def process(
    ctx: typer.Context,
    text: Annotated[str | None, typer.Option("--text", "-t", help="A text, in any language.")] = None,
    file: Annotated[str | None, typer.Option("--file", "-f", help="A file with a text in UTF-8; - is stdin.")] = None,
    voice: Annotated[
        str | None,
        typer.Option("--voice", "-v", help="A recording (wav, mp3, m4a, ogg, webm, flac), or mic for the microphone."),
    ] = None,
    interactive: Annotated[bool, typer.Option("--interactive", "-i", help="Ask for one text after another.")] = False,
    source: Annotated[
        str, typer.Option("--source-lang", "--from", help="Language of the input, a BCP 47 tag.")
    ] = "auto",
    target: Annotated[str, typer.Option("--target-lang", "--to", help="Language of the result.")] = "en",
    preferences: Annotated[
        str | None, typer.Option("--preferences", help="cost, quality, or weights: cost=0.7,quality=0.3.")
    ] = None,
    user: Annotated[str | None, typer.Option("--user", help="Who speaks: an id of yours.")] = None,
    conversation: Annotated[
        str | None, typer.Option("--conversation", help="In which conversation: an id of yours.")
    ] = None,
    status: Annotated[
        bool, typer.Option("--status", help="Tell how the service stands: providers, budgets, cache.")
    ] = False,
    export_metrics: Annotated[
        Path | None,
        typer.Option("--export-metrics", help="Write times, costs and quality, and how the service stands, as JSON."),
    ] = None,
    json: Json = False,
    no_input: NoInput = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Turn a text or a recording into clean, assessed English."""
    from cli.process import Report, Source, Wish, read_preferences, run

    given = Source(text=text, file=file, voice=voice, interactive=interactive)
    context = {name: value for name, value in (("user_id", user), ("conversation_id", conversation)) if value}
    wish = Wish(source, target, context, read_preferences(preferences))
    report = Report(status=status, metrics=export_metrics)
    run(_output(ctx, json), given, wish, report, no_input=no_input, url=url, key=key)


@inputs.command("show")
def inputs_show(
    ctx: typer.Context,
    input_id: Annotated[str, typer.Argument(metavar="ID")],
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show an input: its result, or how far it is."""
    from cli.inputs import show

    show(_output(ctx, json), input_id, url=url, key=key)


@inputs.command("erase")
def inputs_erase(
    ctx: typer.Context,
    input_ids: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    user: Annotated[
        str | None, typer.Option("--user", help="Erase all that this user has sent: an id of yours.")
    ] = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Erase inputs: texts, audio, cache lines and what was masked. There is no way back."""
    from cli.inputs import erase

    erase(_output(ctx, json), input_ids or [], user, url=url, key=key)


@documents.command("add")
def documents_add(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="PDF (text or scan), images, Markdown and text.")],
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Do not wait until they are searchable.")] = False,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Upload documents and wait until they can be searched."""
    from cli.documents import add

    add(_output(ctx, json), files, wait=not no_wait, url=url, key=key)


@documents.command("list")
def documents_list(
    ctx: typer.Context,
    status: Annotated[str | None, typer.Option(help="Only documents in this status, for example complete.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
    cursor: Annotated[str | None, typer.Option(help="Where an earlier list ended.")] = None,
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """List documents, newest first."""
    from cli.documents import list_all

    list_all(_output(ctx, json), status=status, limit=limit, cursor=cursor, url=url, key=key)


@documents.command("show")
def documents_show(
    ctx: typer.Context,
    document_id: Annotated[str, typer.Argument(metavar="ID")],
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Show a document and its stages."""
    from cli.documents import show

    show(_output(ctx, json), document_id, url=url, key=key)


@documents.command("search")
def documents_search(
    ctx: typer.Context,
    query: Annotated[str, typer.Argument(help="A question or some words.")],
    top_k: Annotated[int, typer.Option("--top-k", "-k", min=1, max=100, help="How many passages.")] = 5,
    mode: Annotated[str, typer.Option(help="hybrid, vector or text.")] = "hybrid",
    json: Json = False,
    url: Url = None,
    key: Key = None,
) -> None:
    """Find passages that answer a question."""
    from cli.documents import search

    search(_output(ctx, json), query, top_k=top_k, mode=mode, url=url, key=key)


@app.command()
def doctor(ctx: typer.Context, json: Json = False, url: Url = None, key: Key = None) -> None:
    """Check settings, the API and every provider, and say what to do about problems."""
    from cli.doctor import run

    run(_output(ctx, json), url=url, key=key)


@app.command()
def demo(ctx: typer.Context, json: Json = False, url: Url = None, key: Key = None) -> None:
    """Run a text, a recording and a document through the running stack, and show what came out."""
    from cli.demo import run

    run(_output(ctx, json), url=url, key=key)


def _output(ctx: typer.Context, as_json: bool) -> Output:
    output = ctx.find_root().obj
    assert isinstance(output, Output)
    output.as_json = as_json
    return output
