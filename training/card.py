"""A version's model card: what it is, what it learned from, how well it does, as Markdown."""

from collections.abc import Mapping
from typing import Any

from training.export import Fitted

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


def model_card(fitted: Fitted, *, examples: int, scores: Mapping[str, Any]) -> str:
    """Markdown for people who want to know what answers."""
    told = "\n".join(f"* {name}: {value}" for name, value in scores.items())
    return TEMPLATE.format(
        replies=len(fitted.reply_ids),
        examples=examples,
        model=fitted.model,
        train=fitted.train,
        scores=told or "Nothing was kept aside.",
    )
