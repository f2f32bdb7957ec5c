"""Commands about data: import, export, erase, backup, restore, staff accounts."""

from pathlib import Path
from typing import Annotated

import typer

from shopclerk.cli.app import app, staff
from shopclerk.options import AsJson, ImportKind, SkipBad, What, day_of
from shopclerk.printing import show


@app.command("import")
def import_(
    kind: ImportKind,
    what: What = None,
    skip_bad: SkipBad = False,
    pages: Annotated[
        int | None, typer.Option(min=1, help="Of knowledge: at most so many of a site or folder.")
    ] = None,
    depth: Annotated[
        int | None, typer.Option(min=0, help="Of knowledge: links away from the site's first page.")
    ] = None,
    local: Annotated[
        bool, typer.Option("--local", help="Of knowledge: the site may be in a private network.")
    ] = False,
    waiting: Annotated[bool, typer.Option("--waiting", hidden=True)] = False,
    as_json: AsJson = False,
) -> None:
    """Read files into the store: replies, questions, dialogues, products, orders, facts.

    knowledge WHAT…: a site's address, a page, a file or folder (HTML, Markdown, PDF, Word, text,
    questions with answers); with nothing named, all that was named before.
    """
    from shopclerk.commands.files import import_files
    from shopclerk.commands.knowledge import import_knowledge

    if kind is ImportKind.KNOWLEDGE:
        read = import_knowledge(what or [], pages=pages, depth=depth, local=local, waiting=waiting)
        show(read, as_json=as_json, text=read["sentence"])
        if read["problems"] and not skip_bad:
            raise typer.Exit(1)
        return
    if not what:
        raise typer.BadParameter("name the files to be read")
    bad = import_files(kind.value, [Path(name) for name in what])
    if bad and not skip_bad:
        raise typer.Exit(1)


@app.command()
def propose(as_json: AsJson = False) -> None:
    """Group what the staff wrote again and again, in tickets and here, into proposed replies."""
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

    show(run(day_of(since, "--since")), as_json=as_json)


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
    identity: Annotated[
        Path | None, typer.Option("--identity", help="age's secret key, of an encrypted backup.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Bring back a backup, to SQLite or PostgreSQL, whichever it came from; stop the bots first."""
    from shopclerk.commands.backup import restore as run

    found = run(file, replace=replace, only_verify=verify, identity=identity)
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
