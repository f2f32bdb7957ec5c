"""Model card of a version in Markdown: what it learned from, and how well it does."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from training.data import CARD, EXTRA
from training.fitting.export import VersionContents

TEMPLATE = """# Model card

A bidirectional GRU that ranks the shop's replies for a dialogue; raw text in, reply ids out.

| | |
| --- | --- |
| replies | {replies} |
| pairs learned from | {examples} |
| model | {model} |
| training | {train} |

## On the part kept aside

{scores}

`top1` and `recall_at_5` are over questions that have a reply; confidence is the calibrated
probability that the first reply is right. It knows the shop's own replies and nothing else: only
replies the staff wrote or approved can be answered, and a question unlike any it learned from
should come out with low confidence and go to the staff.
"""

HISTORY: Final = """
## Where it is from

| | |
| --- | --- |
{rows}

{compared}"""

NAMES: Final = {
    "run_id": "run",
    "parent": "begun with the weights of version",
    "refreshed_from": "the weights of version, unchanged",
    "data_hash": "data (SHA-256)",
    "data_from": "oldest example",
    "data_until": "read at",
    "code_version": "code",
    "seed": "seed",
    "verdict": "gate",
}


def build_model_card(fitted: VersionContents, *, examples: int, scores: Mapping[str, Any]) -> str:
    """Markdown for people who want to know what answers."""
    told = "\n".join(f"* {name}: {value}" for name, value in scores.items())
    return TEMPLATE.format(
        replies=len(fitted.reply_ids),
        examples=examples,
        model=fitted.model,
        train=fitted.train,
        scores=told or "Nothing was kept aside.",
    )


def add_history(folder: Path, about: Mapping[str, Any]) -> None:
    """Add to a version's card where the version is from, before it is sealed."""
    path = folder / EXTRA / CARD
    path.write_text(path.read_text(encoding="utf-8") + history(about), encoding="utf-8")


def history(about: Mapping[str, Any]) -> str:
    """The card's part on data, code and parent.

    >>> print(history({"parent": 3, "counts": {"signals": {"thumb": 2}}}).strip())
    ## Where it is from
    <BLANKLINE>
    | | |
    | --- | --- |
    | begun with the weights of version | 3 |
    | signals | thumb: 2 |
    <BLANKLINE>
    It was compared with no other version.
    """
    rows = [(title, about[name]) for name, title in NAMES.items() if about.get(name) is not None]
    for name, value in (about.get("counts") or {}).items():
        told = ", ".join(f"{key}: {n}" for key, n in value.items()) if isinstance(
            value, dict
        ) else value  # fmt: skip
        rows.append((name.replace("_", " "), told))
    parts = (about.get("compared") or {}).values()
    lines = ["It was compared with no other version."]
    if parts:
        lines = [
            "| held-out questions | n | this version | its parent | won | lost |",
            "| --- | --- | --- | --- | --- | --- |",
            *(
                f"| {part['name']} | {part['n']} | {part['challenger']:.1%} |"
                f" {part['champion']:.1%} | {part['won']} | {part['lost']} |"
                for part in parts
            ),
        ]
    return HISTORY.format(
        rows="\n".join(f"| {name} | {_cell(value)} |" for name, value in rows),
        compared="\n".join(lines) + "\n",
    )


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
