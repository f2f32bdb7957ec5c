"""The Typer application that the commands of this room register with."""

import typer

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
