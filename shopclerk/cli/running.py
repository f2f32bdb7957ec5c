"""Commands that start processes, ask a question, and check the installation."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from shopclerk.cli.app import app
from shopclerk.options import AsJson, Host, Port
from shopclerk.printing import show

if TYPE_CHECKING:
    from shopclerk.commands.checks.finding import Finding


@app.command()
def up(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    demo_history: Annotated[
        bool,
        typer.Option("--demo-history", help="Twelve weeks of made-up history, in an empty store."),
    ] = False,
) -> None:
    """Chat, desk, Slack, model server and schedule; trains a first model if there is none."""
    from shopclerk.commands.run import up as run

    run(host=host, port=port, demo_history=demo_history)


@app.command()
def init() -> None:
    """Ask what connects your shop, step by step: addresses, products, pages, orders, Slack."""
    from shopclerk.commands.init import init as run

    if not sys.stdin.isatty():
        raise typer.BadParameter("it asks questions: run it in a terminal, or see docs/settings.md")
    _tell_findings(run(_ask, typer.echo))


def _ask(question: str, *, default: str = "", hidden: bool = False) -> str:
    said: str = typer.prompt(
        question, default=default, show_default=bool(default), hide_input=hidden, err=True
    )
    return said


@app.command()
def prepare() -> None:
    """Migrate the store, put the demo shop into an empty one, train a first model if need be."""
    from shopclerk.commands.run import prepare as run

    run()


@app.command("demo-history", hidden=True)
def demo_history() -> None:
    """Twelve weeks of made-up history in an empty store; `up --demo-history` calls it."""
    from shopclerk.commands.run import demo_history as run

    run()


@app.command()
def bot(port: Port = 8000, host: Host = "127.0.0.1") -> None:
    """Only the bot: chat, desk and Slack, with a model server running elsewhere."""
    from shopclerk.commands.run import bot as run

    run(host=host, port=port)


@app.command()
def schedule(
    stop_with_parent: Annotated[
        bool, typer.Option("--stop-with-parent", help="End when standard input closes.")
    ] = False,
) -> None:
    """Only the schedule: retraining and the weekly report at their hours."""
    from shopclerk.commands.run import schedule as run

    run(with_parent=stop_with_parent)


@app.command()
def ask(text: str, as_json: AsJson = False) -> None:
    """One answer in the terminal."""
    from shopclerk.commands.ask import ask as run

    answer = run(text)
    show(answer, as_json=as_json, text=answer["shown"])


@app.command()
def check() -> None:
    """Settings, store, model server, Slack: what is reachable, what is wrong, how to mend it."""
    from shopclerk.commands.checks.check import check as run

    _tell_findings(run())


def _tell_findings(findings: Sequence["Finding"]) -> None:
    for finding in findings:
        typer.echo(finding.line())
    if any(not finding.well for finding in findings):
        raise typer.Exit(1)


@app.command()
def settings() -> None:
    """Every setting with its default and what it is, as docs/settings.md has them."""
    from shopclerk.settings import settings_page

    print(settings_page(), end="")
