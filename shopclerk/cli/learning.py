"""Commands about the model: train, evaluate, retrain, versions, promote, roll back."""

from pathlib import Path
from typing import Annotated

import typer

from shopclerk.cli.app import app, starter
from shopclerk.options import AsJson, File, Models, SkipBad
from shopclerk.printing import show


@app.command()
def train(
    replies: File = None,
    questions: File = None,
    dialogues: File = None,
    calibration: File = None,
    texts: Annotated[
        list[Path] | None,
        typer.Option(help="Messages as the shop gets them; the reply of none is read."),
    ] = None,
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
        texts=texts or [],
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
    knowledge: File = None,
    sources: Annotated[
        Path | None, typer.Option(help="With --knowledge: a folder for each collection.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="With --knowledge: each answer, a line.")] = None,
    models: Models = None,
    version: Annotated[int | None, typer.Option(help="Default: the newest.")] = None,
    as_json: AsJson = False,
    skip_bad: SkipBad = False,
) -> None:
    """Measure a version on questions (or a ranking file) it has not been trained on."""
    from shopclerk.commands.model import evaluate as run

    if sum(map(bool, (questions, ranking, knowledge))) != 1:
        raise typer.BadParameter("name one of --questions F, --ranking F and --knowledge F")
    if bool(knowledge) != bool(sources):
        raise typer.BadParameter("--knowledge F and --sources DIR go together")
    figures, bad = run(
        questions=questions or [],
        ranking=ranking or [],
        knowledge=knowledge or [],
        sources=sources,
        out=out,
        models_dir=models,
        version=version,
    )
    show(figures, as_json=as_json)
    if bad and not skip_bad:
        raise typer.Exit(1)


@app.command()
def retrain(
    as_json: AsJson = False,
    trigger: Annotated[str, typer.Option(hidden=True)] = "person",
    resume: Annotated[
        bool, typer.Option("--resume", help="Only go on with a retraining that was ended midway.")
    ] = False,
    background: Annotated[
        bool,
        typer.Option(
            "--background", help="Let shoppers go first, and keep to SHOPCLERK_TRAIN_MEMORY_MB."
        ),
    ] = False,
) -> None:
    """One whole retraining, now: collect, train, compare, and serve it if it is not worse."""
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
    from shopclerk.commands.versions import card as card_of, versions as run

    if card is not None:
        typer.echo(card_of(card))
        return
    show(run(sign=sign), as_json=as_json)


@app.command()
def promote(version: int) -> None:
    """Make VERSION the one that answers (stable)."""
    from shopclerk.commands.versions import promote as run

    typer.echo(run(version))


@app.command()
def trial(
    keep: Annotated[bool, typer.Option("--keep", help="End it: the champion stays.")] = False,
    as_json: AsJson = False,
) -> None:
    """The challenger's trial that goes on: what was expected, what shoppers did, what is missing.

    To end it the other way: shopclerk promote VERSION.
    """
    from shopclerk.commands.versions import trial as run

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
    from shopclerk.commands.versions import pin as run

    typer.echo(run(question, reply_id, locale=locale, remove=remove))


@app.command()
def supersede(
    reply_id: str,
    successor: Annotated[str, typer.Argument(help="The reply that is said in its place.")],
) -> None:
    """Supersede REPLY_ID: another reply has its questions from now on, old votes are void."""
    from shopclerk.commands.versions import supersede as run

    typer.echo(run(reply_id, successor))


@app.command()
def rollback() -> None:
    """Go back to the version that answered before."""
    from shopclerk.commands.versions import rollback as run

    typer.echo(run())


@starter.command("build")
def starter_build(
    data: Annotated[Path, typer.Argument(help="The folder of data sets.")],
    teacher_python: Annotated[
        Path, typer.Option(metavar="PYTHON", help="Of an environment with the teacher's packages.")
    ],
    wordnet: Annotated[Path | None, typer.Option(help="WordNet's dict folder.")] = None,
    work: Annotated[Path, typer.Option(help="Kept between runs.")] = Path("data/starter"),
    out: Annotated[Path | None, typer.Option(help="Default: the file that ships.")] = None,
    start: Annotated[Path | None, typer.Option(help="Weights to go on from.")] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Default: 12.")] = None,
    rate: Annotated[float | None, typer.Option(help="Highest learning rate; 0.002.")] = None,
    seed: int = 1,
    as_json: AsJson = False,
) -> None:
    """Build the starter weights again, by distillation; see training/starter/SOURCES.md."""
    from shopclerk.commands.starter import build as run

    given = {"epochs": epochs, "rate": rate, "seed": seed}
    made = run(
        data,
        teacher_python,
        wordnet=wordnet,
        work=work,
        out=out,
        start=start,
        dials={name: value for name, value in given.items() if value is not None},
    )
    show(made, as_json=as_json)


@starter.command("reader")
def starter_reader(
    data: Annotated[
        Path | None, typer.Argument(help="The folder of data sets; without it, our lessons alone.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Default: the file that ships.")] = None,
    seed: int = 1,
    as_json: AsJson = False,
) -> None:
    """Build the reader's weights again; see training/reader/SOURCES.md."""
    from shopclerk.commands.starter import build_reading as run

    show(run(data, out=out, seed=seed), as_json=as_json)


@starter.command("confidence")
def starter_confidence(
    manuals: Annotated[Path, typer.Argument(help="The folder of the manuals asked about.")],
    out: Annotated[Path | None, typer.Option(help="Default: the file that ships.")] = None,
    as_json: AsJson = False,
) -> None:
    """Fit again how sure answers from pages are; see training/reader/SOURCES.md."""
    from shopclerk.commands.starter import fit_confidence as run

    show(run(manuals, out=out), as_json=as_json)
