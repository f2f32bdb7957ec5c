"""The command line: parses, calls, and turns named failures into one clear line and exit code 1.

Nothing heavy is imported here: a command loads the rooms it needs when it runs.
"""

import logging
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from shopclerk.logs import set_up_logs
from shopclerk.options import (
    PARTS,
    AsJson,
    Bench,
    File,
    Files,
    Format,
    Host,
    Kind,
    Models,
    Part,
    Port,
    SkipBad,
)
from shopclerk.printing import show

ROOMS = {"bot", "feedback", "serving", "shopclerk", "training"}

app = typer.Typer(
    name="shopclerk",
    help="A shop's own clerk: answers shoppers, learns from sales, proves each week what it added.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


staff = typer.Typer(help="Who may log in at the desk, and as what.", no_args_is_help=True)
app.add_typer(staff, name="staff")

starter = typer.Typer(help="The weights every first model begins with; for developers.")
app.add_typer(starter, name="starter")


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
def schedule() -> None:
    """Only the schedule: retraining and the weekly report at their hours."""
    from shopclerk.commands.run import schedule as run

    run()


@app.command()
def ask(text: str, as_json: AsJson = False) -> None:
    """One answer in the terminal."""
    from shopclerk.commands.ask import ask as run

    answer = run(text)
    show(answer, as_json=as_json, text=answer["shown"])


@app.command("import")
def import_(kind: Kind, files: Files, skip_bad: SkipBad = False) -> None:
    """Read files into the store: replies, questions, dialogues, products, orders, facts."""
    from shopclerk.commands.files import import_files

    bad = import_files(kind.value, files)
    if bad and not skip_bad:
        raise typer.Exit(1)


@app.command()
def propose(as_json: AsJson = False) -> None:
    """Group what staff said again and again in past dialogues; propose it for the reply book."""
    from shopclerk.commands.propose import propose as run

    found = run()
    text = f"{found['groups']} replies given again and again, {found['new']} new: /desk/proposals"
    show(found, as_json=as_json, text=text)


@app.command()
def reconcile(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day, 2026-01-31.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the shop (Shopify, WooCommerce) for orders its webhooks may have missed."""
    from shopclerk.commands.reconcile import reconcile as run

    show(run(_day(since, "--since")), as_json=as_json)


@app.command("export")
def export_(shopper: str) -> None:
    """All that is kept of SHOPPER (an id, or an e-mail), as one JSON object."""
    from shopclerk.commands.people import export as run

    show(run(shopper), as_json=True)


@app.command()
def erase(shopper: str) -> None:
    """Forget SHOPPER (an id, or an e-mail); sums of orders stay, without them."""
    from shopclerk.commands.people import erase as run

    typer.echo(run(shopper))


@app.command()
def backup(
    where: Annotated[
        Path | None, typer.Argument(help="A .zip file or a folder; default: BACKUP_DIR.")
    ] = None,
    keep: Annotated[int | None, typer.Option(min=1, help="Of a folder's, the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Store, models and made-up secrets into one verified file, while everything runs."""
    from shopclerk.commands.backup import backup as run

    made = run(where, keep=keep)
    text = f"{made['path']}: {made['rows']:,} rows, versions {made['versions']}, verified"
    show(made, as_json=as_json, text=text)


@app.command()
def restore(
    file: Path,
    replace: Annotated[bool, typer.Option("--replace", help="Lose what is there now.")] = False,
    verify: Annotated[bool, typer.Option("--verify", help="Only read it whole.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back a backup, to SQLite or PostgreSQL, whichever it came from; stop the bots first."""
    from shopclerk.commands.backup import restore as run

    found = run(file, replace=replace, only_verify=verify)
    done = "is whole" if verify else "is restored"
    text = f"{found['path']} of {found['made_at']} {done}: {found['rows']:,} rows, versions"
    show(found, as_json=as_json, text=f"{text} {found['versions']}")


@app.command()
def tidy(as_json: AsJson = False) -> None:
    """Forget what is older than it may be kept, machinery's records too; nightly by schedule."""
    from shopclerk.commands.tidy import run

    show(run(), as_json=as_json)


@staff.command("put")
def put_staff(
    name: str, role: Annotated[str, typer.Option(help="staff or owner.")] = "staff"
) -> None:
    """Make NAME's account, or give it another password (asked for, or from standard input)."""
    from shopclerk.commands.staff import put as run

    typer.echo(run(name, role))


@staff.command("close")
def close_staff(name: str) -> None:
    """Let NAME in no more, at once."""
    from shopclerk.commands.staff import close as run

    typer.echo(run(name))


@staff.command("list")
def list_staff(as_json: AsJson = False) -> None:
    """The accounts."""
    from shopclerk.commands.staff import accounts as run

    show({"accounts": run()}, as_json=as_json)


@app.command()
def audit(
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 200, as_json: AsJson = False
) -> None:
    """What staff, commands and jobs did, the newest first."""
    from shopclerk.commands.staff import audit as run

    show({"entries": run(limit)}, as_json=as_json)


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
    show(trained, as_json=as_json)
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
    show(figures, as_json=as_json)
    if bad and not skip_bad:
        raise typer.Exit(1)


@app.command()
def retrain(
    as_json: AsJson = False,
    trigger: Annotated[str, typer.Option(hidden=True)] = "person",
    resume: Annotated[
        bool, typer.Option("--resume", help="Only go on with a turn that was ended midway.")
    ] = False,
    background: Annotated[
        bool,
        typer.Option(
            "--background", help="Let shoppers go first, and keep to SHOPCLERK_TRAIN_MEMORY_MB."
        ),
    ] = False,
) -> None:
    """One whole turn of the loop, now: collect, train, compare, and serve it if it is not worse."""
    from shopclerk.commands.model import retrain as run

    outcome = run(trigger=trigger, resume=resume, background=background)
    show(outcome, as_json=as_json, text=outcome["sentence"])


@app.command()
def refresh(as_json: AsJson = False) -> None:
    """Take the reply book and the catalogue of now into the model, without training."""
    from shopclerk.commands.model import refresh as run

    came = run()
    show(came, as_json=as_json, text=came["sentence"])


@app.command()
def review() -> None:
    """Choose today's answers for the staff to judge, once a day; posted to the review channel."""
    from shopclerk.commands.review import review as run

    typer.echo(run())


@app.command()
def versions(
    as_json: AsJson = False,
    sign: Annotated[
        int | None,
        typer.Option(metavar="N", help="Take version N, made elsewhere, for your own first."),
    ] = None,
    card: Annotated[
        int | None, typer.Option(metavar="N", help="Version N's model card, as Markdown.")
    ] = None,
) -> None:
    """The model's versions: which is stable or canary, what each was made of, where back leads."""
    from shopclerk.commands.model import card as card_of
    from shopclerk.commands.model import versions as run

    if card is not None:
        typer.echo(card_of(card))
        return
    show(run(sign=sign), as_json=as_json)


@app.command()
def promote(version: int) -> None:
    """Make VERSION the one that answers (stable)."""
    from shopclerk.commands.model import promote as run

    typer.echo(run(version))


@app.command()
def trial(
    keep: Annotated[bool, typer.Option("--keep", help="End it: the champion stays.")] = False,
    as_json: AsJson = False,
) -> None:
    """The challenger's trial that goes on: what was expected, what shoppers did, what is missing.

    To end it the other way: shopclerk promote VERSION.
    """
    from shopclerk.commands.model import trial as run

    found = run(keep=keep)
    show(found, as_json=as_json, text=found["sentence"])


@app.command()
def pin(
    question: str,
    reply_id: str,
    locale: Annotated[str, typer.Option(help="The question's language.")] = "en",
    remove: Annotated[bool, typer.Option("--remove", help="Pinned no more.")] = False,
) -> None:
    """Pin QUESTION to REPLY_ID: it is learned, and no later model may answer it otherwise."""
    from shopclerk.commands.model import pin as run

    typer.echo(run(question, reply_id, locale=locale, remove=remove))


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
    explain: Annotated[
        str | None, typer.Option(metavar="ORDER", help="Why this order counts as it does.")
    ] = None,
) -> None:
    """What the clerk added: CTR, CVR, AOV and RPS by arm, and the uplift against the holdout."""
    from shopclerk.commands.report import explain as explain_one
    from shopclerk.commands.report import report as run

    if explain is not None:
        found, text = explain_one(explain)
        show(found, as_json=format_ is Format.JSON, text=text)
        return
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
def outcomes(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day, 2026-01-31.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The day after the last.")] = None,
) -> None:
    """What became of each dialogue, as CSV: the table with which every rate agrees."""
    from shopclerk.commands.report import outcomes as run

    for line in run(since=_day(since, "--since"), until=_day(until, "--until")):
        sys.stdout.write(line)


@app.command()
def exclude(
    shoppers: Annotated[list[str], typer.Argument(help="Shoppers' ids, as in `outcomes`.")],
    reason: Annotated[str, typer.Option(help="bot or staff")] = "staff",
) -> None:
    """Leave bots or staff out of every figure, past weeks included."""
    from shopclerk.commands.report import exclude as run

    typer.echo(f"{run(shoppers, reason)} shoppers are left out from now on.")


@app.command()
def simulate(
    shoppers: Annotated[int, typer.Option(min=100, help="How many come, in both arms.")] = 20_000,
    weeks: Annotated[int, typer.Option(min=1, help="Over how long.")] = 12,
    uplift: Annotated[
        float, typer.Option(help="Planted in the conversion, 0.15 for +15 %.")
    ] = 0.15,
    seed: Annotated[int, typer.Option(help="The same seed gives the same shop.")] = 1,
    loop: Annotated[
        bool, typer.Option("--loop", help="Simulate the learning loop instead of the report.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, help="Of --loop: retrainings.")] = 10,
    topics: Annotated[
        int | None, typer.Option(min=2, help="Of --loop: only so many replies.")
    ] = None,
    poisoned: Annotated[
        float, typer.Option(min=0, max=0.5, help="Of --loop: shoppers who push a wrong reply.")
    ] = 0.0,
    replies: File = None,
    questions: File = None,
    test: File = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="F.png", help="Of --loop: a picture of it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A made-up shop under a planted uplift, through the real store and the real report.

    With --loop: made-up shoppers with real questions, who press a thumb now and then, one in ten
    wrongly; does retraining on that lead to what the true labels would have taught?
    """
    if loop:
        from shopclerk.commands.simulate_loop import simulated_loop, told_loop

        set_up_logs(logging.WARNING)
        figures = simulated_loop(
            replies=replies or (),
            questions=questions or (),
            test=test or (),
            rounds=rounds,
            topics=topics,
            poisoned=poisoned,
            plot=plot,
            seed=seed,
        )
        show(figures, as_json=as_json, text=told_loop(figures))
        return
    from shopclerk.commands.report import draw
    from shopclerk.commands.simulate import simulated_report

    built = simulated_report(shoppers=shoppers, weeks=weeks, uplift=uplift, seed=seed)
    sys.stdout.buffer.write(draw(built, "json" if as_json else "text", "en"))


@app.command()
def check() -> None:
    """Settings, store, model server, Slack: what is reachable, what is wrong, how to mend it."""
    from shopclerk.commands.check import check as run

    findings = run()
    for finding in findings:
        typer.echo(finding.line())
    if any(not finding.well for finding in findings):
        raise typer.Exit(1)


@starter.command("build")
def starter_build(
    data: Annotated[Path, typer.Argument(help="The folder of data sets.")],
    teacher_python: Annotated[
        Path, typer.Option(metavar="PYTHON", help="Of an environment with the teacher's packages.")
    ],
    wordnet: Annotated[Path | None, typer.Option(help="WordNet's dict folder.")] = None,
    work: Annotated[Path, typer.Option(help="Kept between runs.")] = Path("data/starter"),
    out: Annotated[Path | None, typer.Option(help="Default: the file that ships.")] = None,
    seed: int = 1,
    as_json: AsJson = False,
) -> None:
    """Make the starter encoder anew; see training/starter/SOURCES.md."""
    from shopclerk.commands.starter import build as run

    made = run(data, teacher_python, wordnet=wordnet, work=work, out=out, seed=seed)
    show(made, as_json=as_json)


@app.command()
def bench(
    name: Bench,
    models: Models = None,
    part: Annotated[
        list[Part] | None, typer.Option(help="Of train or serve; all, unless some are named.")
    ] = None,
    examples: Annotated[
        int | None, typer.Option(min=1_000, help="Of train's memory; default 1,000,000.")
    ] = None,
    shoppers: Annotated[
        int | None, typer.Option(min=400, help="Of report; default 1,055,000: 10 million events.")
    ] = None,
    database: Annotated[
        str | None, typer.Option(help="An empty PostgreSQL: of report, or of chat's replicas.")
    ] = None,
    replicas: Annotated[int, typer.Option(min=1, help="Of chat, over --database.")] = 3,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer of everything.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure what it costs here: answers (chat, serve), training (train), the report (report)."""
    from shopclerk.commands import bench as measured

    known = PARTS.get(name, ())
    if other := [one.value for one in part or () if one not in known]:
        raise typer.BadParameter(f"{name.value} has no part {', '.join(other)}")
    parts = [one.value for one in part or known]
    set_up_logs(logging.WARNING)  # a line for each of two thousand messages hides the progress
    figures = {
        Bench.CHAT: lambda: (
            measured.replicas(models, database, count=replicas, quick=quick)
            if database
            else measured.chat(models, quick=quick)
        ),
        Bench.SERVE: lambda: measured.serve(models, parts, quick=quick),
        Bench.TRAIN: lambda: measured.train(models, parts, examples=examples, quick=quick),
        Bench.REPORT: lambda: measured.report(shoppers=shoppers, database=database, quick=quick),
    }[name]()
    show(figures, as_json=as_json)


def main() -> None:
    """Run the command line; failures the rooms name are one line and exit code 1."""
    set_up_logs()
    done = False
    try:
        app()
    except SystemExit as ended:
        done = not ended.code
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ROOMS:
            raise
        _fail(error)
    finally:
        _note(sys.argv[1:], done=done)


def _note(arguments: list[str], *, done: bool) -> None:
    """A line in the audit log, where the command changed something."""
    if not arguments or arguments[0].startswith("-"):
        return
    from shopclerk.commands.noted import is_noted, note

    if is_noted(arguments):
        note(arguments, done=done)


def _fail(error: Exception) -> None:
    typer.echo(f"shopclerk: {error}", err=True)
    raise SystemExit(1) from None


def _day(text: str | None, option: str) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{option} {text!r} is not a day; write it like 2026-01-31"
        ) from None
