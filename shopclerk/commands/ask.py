"""`shopclerk ask`: one answer in the terminal, from the same clerk that answers on the web."""

import contextlib
from typing import Any

from feedback.dialogues import TERMINAL
from serving.client import TFServingRanker
from shopclerk.commands.model_server import running_model_server
from shopclerk.commands.run import fill_store, make_first_model
from shopclerk.settings import read_settings
from shopclerk.wiring import ClerkModel, build_clerk, new_id, open_database


def ask(text: str) -> dict[str, Any]:
    """Answer `text`; a running `shopclerk up` lends its model server."""
    settings = read_settings()
    fill_store(settings)
    make_first_model(settings)
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(running_model_server(settings)).address
        database = open_database(settings)
        stack.callback(database.close)
        model = TFServingRanker(address.split(","))
        stack.callback(model.close)
        clerk = build_clerk(
            settings,
            database,
            ClerkModel(model, model, model),
            assign_arm=lambda _: "champion",
            is_preview=True,
        )
        dialogue = clerk.open(shopper_id=None, channel=TERMINAL, locale=settings.locale)
        answer = clerk.reply(dialogue.dialogue_id, text, client_id=new_id())
    assert answer is not None  # a new dialogue belongs to the clerk
    lines = [answer.text, *(f"  • {choice.title}" for choice in answer.choices)]
    lines += [f"  • {card.title}  {card.price}" for card in answer.products]
    return {
        "kind": answer.kind,
        "text": answer.text,
        "choices": [choice.title for choice in answer.choices],
        "products": [card.product_id for card in answer.products],
        "confidence": answer.confidence,
        "shown": "\n".join([*lines, f"({answer.kind}, confidence {answer.confidence:.2f})"]),
    }
