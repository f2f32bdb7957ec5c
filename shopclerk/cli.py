"""The command line: parses, calls, and turns named failures into one clear line and exit code 1.

Nothing heavy is imported here: a command loads the rooms it needs when it runs.
"""

import json
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from shopclerk.logs import set_up_logs

ROOMS = {"bot", "feedback", "serving", "shopclerk", "training"}

app = typer.Typer(
    name="shopclerk",
    help="A shop's own clerk: answers shoppers, learns from sales, proves each week what it added.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class Kind(StrEnum):
    """What a file holds."""

    REPLIES = "replies"
    QUESTIONS = "questions"
    DIALOGUES = "dialogues"
    PRODUCTS = "products"
    ORDERS = "orders"
    FACTS = "facts"


class Format(StrEnum):
    """How a report is drawn."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    PNG = "png"


Files = Annotated[
    list[Path], typer.Argument(help="JSON Lines (.gz accepted); products: Shopify's CSV.")
]
File = Annotated[list[Path] | None, typer.Option(metavar="F", help="May be given several times.")]
Models = Annotated[
    Path | None, typer.Option("--models", metavar="DIR", help="Where the versions lie.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Exit 0 although some lines were bad.")]
Port = Annotated[int, typer.Option(help="Where the web chat listens.")]
Host = Annotated[str, typer.Option(help="The address to listen on.")]


@app.command()
def up(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Chat, desk, Slack, model server and schedule; trains a first model if there is none."""
    from shopclerk.commands.run import up as run

    run(host=host, port=port)


@app.command()
def prepare() -> None:
    """Migrate the store, put the demo shop into an empty one, train a first model if need be."""
    from shopclerk.commands.run import prepare as run

    run()


@app.command()
def bot(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Only the bot: chat, desk and Slack, with a model server running elsewhere."""
    from shopclerk.commands.run import bot as run

    run(host=host, port=port)


@app.command()
def schedule() -> None:
    """Only the schedule: retraining and the weekly report at their hours."""
    from shopclerk.commands.run import schedule as run

    run()


@app.command()
def ask(text: str, as_json: AsJson = False) -> None:
    """One answer in the terminal."""
    from shopclerk.commands.ask import ask as run

    answer = run(text)
    _print(answer, as_json=as_json, text=answer["shown"])


@app.command("import")
def import_(kind: Kind, files: Files, skip_bad: SkipBad = False) -> None:
    """Read files into the store: replies, questions, dialogues, products, orders, facts."""
    from shopclerk.commands.files import import_files

    bad = import_files(kind.value, files)
    if bad and not skip_bad:
        raise typer.Exit(1)


@app.command()
def train(
    replies: File = None,
    questions: File = None,
    dialogues: File = None,
    calibration: File = None,
    models: Models = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same model.")] = 1,
    as_json: AsJson = False,
    skip_bad: SkipBad = False,
) -> None:
    """Train from files, or from the store when none is named; exports DIR/clerk/<version>/."""
    from shopclerk.commands.model import train as run

    trained, bad = run(
        replies=replies or [],
        questions=questions or [],
        dialogues=dialogues or [],
        calibration=calibration or [],
        models_dir=models,
        seed=seed,
    )
    _print(trained, as_json=as_json)
    if bad and not skip_bad:
        raise typer.Exit(1)


@app.command()
def evaluate(
    questions: File = None,
    ranking: File = None,
    models: Models = None,
    version: Annotated[int | None, typer.Option(help="Default: the newest.")] = None,
    as_json: AsJson = False,
    skip_bad: SkipBad = False,
) -> None:
    """Measure a version on questions (or a ranking file) it has not been trained on."""
    from shopclerk.commands.model import evaluate as run

    if bool(questions) == bool(ranking):
        raise typer.BadParameter("name either --questions F or --ranking F")
    figures, bad = run(
        questions=questions or [], ranking=ranking or [], models_dir=models, version=version
    )
    _print(figures, as_json=as_json)
    if bad and not skip_bad:
        raise typer.Exit(1)


@app.command()
def retrain(
    as_json: AsJson = False, trigger: Annotated[str, typer.Option(hidden=True)] = "person"
) -> None:
    """One whole turn of the loop, now: collect, train, compare, and serve it if it is not worse."""
    from shopclerk.commands.model import retrain as run

    outcome = run(trigger=trigger)
    _print(outcome, as_json=as_json, text=outcome["sentence"])


@app.command()
def versions(as_json: AsJson = False) -> None:
    """The model's versions, and which is stable or canary."""
    from shopclerk.commands.model import versions as run

    _print(run(), as_json=as_json)


@app.command()
def promote(version: int) -> None:
    """Make VERSION the one that answers (stable)."""
    from shopclerk.commands.model import promote as run

    typer.echo(run(version))


@app.command()
def rollback() -> None:
    """Go back to the version that answered before."""
    from shopclerk.commands.model import rollback as run

    typer.echo(run())


@app.command()
def report(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day, 2026-01-31.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The day after the last.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="How it is drawn.")] = Format.TEXT,
    post: Annotated[bool, typer.Option("--post", help="Post it to the report channel.")] = False,
    last_week: Annotated[
        bool,
        typer.Option("--last-week", help="The week that ended last, as it is posted on Mondays."),
    ] = False,
) -> None:
    """What the clerk added: CTR, CVR, AOV and RPS by arm, and the uplift against the holdout."""
    from shopclerk.commands.report import report as run

    if last_week and (since or until):
        raise typer.BadParameter("--last-week names its own days; leave out --since and --until")
    drawn = run(
        since=_day(since, "--since"),
        until=_day(until, "--until"),
        last_week=last_week,
        kind=format_.value,
        post=post,
    )
    sys.stdout.buffer.write(drawn)


@app.command()
def check() -> None:
    """Settings, store, model server, Slack: what is reachable, what is wrong, how to mend it."""
    from shopclerk.commands.check import check as run

    findings = run()
    for finding in findings:
        typer.echo(finding.line())
    if any(not finding.well for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; failures the rooms name are one line and exit code 1."""
    set_up_logs()
    try:
        app()
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ROOMS:
            raise
        _fail(error)


def _fail(error: Exception) -> None:
    typer.echo(f"shopclerk: {error}", err=True)
    raise SystemExit(1) from None


def _print(value: Any, *, as_json: bool, text: str | None = None) -> None:
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False))
    elif text is not None:
        typer.echo(text)
    else:
        typer.echo(_lines(value))


def _lines(value: Any, indent: str = "") -> str:
    """A plain listing of nested figures, one to a line."""
    if isinstance(value, dict):
        rows = [
            f"{indent}{name}:\n{_lines(inner, indent + '  ')}"
            if isinstance(inner, dict | list) and inner
            else f"{indent}{name}: {_figure(inner)}"
            for name, inner in value.items()
        ]
        return "\n".join(rows)
    if isinstance(value, list):
        return "\n".join(
            indent + "  ".join(f"{name}={_figure(inner)}" for name, inner in row.items())
            if isinstance(row, dict)
            else f"{indent}{_figure(row)}"
            for row in value
        )
    return f"{indent}{_figure(value)}"


def _figure(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{option} {text!r} is not a day; write it like 2026-01-31"
        ) from None
