"""Renders a dialogue as the model reads it, with placeholders in the place of values."""

from collections.abc import Sequence

from feedback.dialogues import Earlier
from feedback.entities import FindsProducts, masked
from serving.contract import MAX_TURNS, Turn, render_dialogue


def rendered(before: Sequence[Earlier], asked: str, products: FindsProducts | None = None) -> str:
    """The dialogue as the model reads it: placeholders in the place of values.

    `products` finds the names that are hidden too; `asked` is hidden already.

    A version that was taught lone questions is asked the last turn alone (`serving.client`): turns
    around it lead it astray.
    """
    turns = [
        Turn(
            "shopper" if turn.speaker == "shopper" else "clerk",
            masked(turn.text, products=products),
        )
        for turn in before[-MAX_TURNS:]
    ]
    return render_dialogue([*turns, Turn("shopper", asked)])
