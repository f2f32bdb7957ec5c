"""Commands that measure: report, simulate, bench."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from shopclerk.cli.app import app
from shopclerk.logs import set_up_logs
from shopclerk.options import PARTS, AsJson, Bench, BenchPart, File, Format, Models, day_of
from shopclerk.printing import show


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
    from shopclerk.commands.report import EmptyStretch, report as run
    from shopclerk.commands.report_rows import explain as explain_one

    if explain is not None:
        found, text = explain_one(explain)
        show(found, as_json=format_ is Format.JSON, text=text)
        return
    if last_week and (since or until):
        raise typer.BadParameter("--last-week names its own days; leave out --since and --until")
    try:
        drawn = run(
            since=day_of(since, "--since"),
            until=day_of(until, "--until"),
            last_week=last_week,
            kind=format_.value,
            post=post,
        )
    except EmptyStretch as empty:
        raise typer.BadParameter(str(empty)) from None
    sys.stdout.buffer.write(drawn)


@app.command()
def plan(
    visitors: Annotated[
        float | None, typer.Option(min=1, help="Shoppers a week; default: as they came.")
    ] = None,
    cvr: Annotated[
        float | None, typer.Option(min=0.0001, max=1, help="Share of them that buys, 0.03.")
    ] = None,
    basket: Annotated[float | None, typer.Option(min=0, help="What an order brings.")] = None,
    effect: Annotated[
        float | None,
        typer.Option(min=0.01, max=5, help="The effect that matters; default: seen in time."),
    ] = None,
    weeks: Annotated[
        int | None, typer.Option(min=2, max=520, help="How long it may take; default 26.")
    ] = None,
    start: Annotated[
        bool, typer.Option("--start", help="Begin it: from now on shoppers are dealt by it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """How long an experiment takes, what it can see, and what each split costs."""
    from shopclerk.commands.plan import NoTraffic, plan as run

    try:
        told, text = run(
            visitors=visitors, cvr=cvr, basket=basket, effect=effect, weeks=weeks, start=start
        )
    except NoTraffic as missing:
        raise typer.BadParameter(str(missing)) from None
    show(told, as_json=as_json, text=text)


@app.command()
def outcomes(
    since: Annotated[str | None, typer.Option(metavar="D", help="First day, 2026-01-31.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The day after the last.")] = None,
) -> None:
    """What became of each dialogue, as CSV: the table with which every rate agrees."""
    from shopclerk.commands.report import EmptyStretch
    from shopclerk.commands.report_rows import outcomes as run

    try:
        for line in run(since=day_of(since, "--since"), until=day_of(until, "--until")):
            sys.stdout.write(line)
    except EmptyStretch as empty:
        raise typer.BadParameter(str(empty)) from None


@app.command()
def shoppers(
    out: Annotated[Path, typer.Argument(metavar="F", help="A .parquet or .csv file.")],
) -> None:
    """A row for each shopper of the experiment, without a name: what analysts compute with."""
    from shopclerk.commands.report_rows import shoppers as run

    typer.echo(f"{run(out):,} shoppers: {out}")


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
    weekly: Annotated[
        int | None,
        typer.Option(min=10, help="Of --loop: dialogues a week; default: each question once."),
    ] = None,
    topics: Annotated[
        int | None, typer.Option(min=2, help="Of --loop: only so many replies.")
    ] = None,
    poisoned: Annotated[
        float, typer.Option(min=0, max=0.5, help="Of --loop: shoppers who push a wrong reply.")
    ] = 0.0,
    addresses: Annotated[
        int,
        typer.Option(min=0, help="Of --loop: attack one topic instead, from so many addresses."),
    ] = 0,
    thumbs: Annotated[int, typer.Option(min=1, help="Of --addresses: thumbs of each.")] = 10,
    wordings: Annotated[
        int, typer.Option(min=1, help="Of --addresses: ways of asking that they teach.")
    ] = 400,
    replies: File = None,
    questions: File = None,
    test: File = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="F.png", help="Of --loop: a picture of it.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Of --loop: keep it there; named again, it goes on."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A made-up shop under a planted uplift, through the real store and the real report.

    With --loop: made-up shoppers with real questions, who press a thumb or a choice now and then,
    one in ten wrongly; does retraining on that lead to what the true labels would have taught?
    """
    if loop:
        from shopclerk.commands.simulate_loop import LoopRequest, simulated_loop, told_loop

        set_up_logs("warning")
        asked = LoopRequest(
            replies=replies or (),
            questions=questions or (),
            test=test or (),
            rounds=rounds,
            weekly=weekly,
            topics=topics,
            poisoned=poisoned,
            attack=(addresses, thumbs, wordings) if addresses else None,
            plot=plot,
            folder=folder,
            seed=seed,
        )
        figures = simulated_loop(asked)
        show(figures, as_json=as_json, text=told_loop(figures))
        return
    from shopclerk.commands.report import draw
    from shopclerk.commands.simulate import simulated_report

    built = simulated_report(shoppers=shoppers, weeks=weeks, uplift=uplift, seed=seed)
    sys.stdout.buffer.write(draw(built, "json" if as_json else "text", "en"))


@app.command()
def bench(
    name: Bench,
    models: Models = None,
    part: Annotated[
        list[BenchPart] | None, typer.Option(help="Of train or serve; all, unless some are named.")
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
    """Measure the costs here: answers (chat, serve), training, the report; in a checkout only."""
    from shopclerk.commands.bench import load_benchmarks

    known = PARTS.get(name, ())
    if other := [one.value for one in part or () if one not in known]:
        raise typer.BadParameter(f"{name.value} has no part {', '.join(other)}")
    parts = [one.value for one in part or known]
    measured = load_benchmarks()
    set_up_logs("warning")  # a line for each of two thousand messages hides the progress
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
