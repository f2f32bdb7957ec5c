"""Progress without a terminal: a log of a few lines, not of hundreds."""

from shopclerk.commands.model import progress_bar


def test_each_kind_of_work_is_told_once(capsys):
    """Rounds and epochs are for a bar; a log names the work."""
    with progress_bar() as tell:
        for number in range(1, 267):
            tell(number / 300, f"learning to draft, round {number} of 266")
        tell(1.0, "exporting")

    assert "  learning to draft …\n  exporting …\n" == capsys.readouterr().err
