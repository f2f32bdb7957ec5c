"""Schemas of the clerk's reply in the chat's API: words, cards, choices, sources, actions."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, Field

from bot.messages import ActionShown, Answer, Asked, Kind


class ChoiceShape(BaseModel):
    """Something to say that is offered as a button."""

    id: str = Field(description="Sent back as `choice` when the button is pressed.")
    title: str
    reply_id: str | None = Field(description="The reply of the book behind it.")
    value: dict[str, str] | None = Field(
        None, description="What it stands for: order_id, sku, new_sku, payment_method_id, action."
    )


class ProductShape(BaseModel):
    """A product card."""

    product_id: str
    title: str
    price: str
    image: str
    url: str
    in_stock: bool
    click_url: str
    variant_id: str = Field(
        "",
        description="The variant to add to the basket, if only one fits.",
    )


class SourceShape(BaseModel):
    """Where the sentences of a reply stand."""

    title: str = Field(description="Of the page.")
    url: str
    text: str = Field(description="The sentences, verbatim.")
    click_url: str = Field("", description="The same through the click counter.")


class ActionShape(BaseModel):
    """An order action: a call, with the shop's amounts before it, or its outcome after it."""

    name: str
    arguments: dict[str, Any]
    amounts: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None


class OrderStepShape(BaseModel):
    """A step of an order on its way."""

    title: str
    reached: bool


class OrderShape(BaseModel):
    """An order as a card."""

    number: str
    status: str
    placed_on: str
    total: str
    items: list[str]
    steps: list[OrderStepShape] = Field(description="None, where it goes no further.")
    tracking: str
    tracking_url: str


class SummaryShape(BaseModel):
    """Exactly the calls that a yes will carry out; `text` says them in words."""

    id: str
    actions: list[ActionShape]


class ReplyShape(BaseModel):
    """The clerk's reply."""

    impression_id: str
    kind: Kind
    text: str
    asks: list[Asked] = Field([], description="What the clerk wants to hear.")
    about: dict[str, str] | None = Field(
        None, description="product_id, order_id, action: what the reply is about."
    )
    order: OrderShape | None = Field(None, description="The order it speaks of.")
    summary: SummaryShape | None = Field(None, description="With `confirm`: what a yes will do.")
    executed: list[ActionShape] = Field([], description="With `done`: what was carried out.")
    reply_ids: list[str] = Field([], description="Each reply of the book whose words it has.")
    sources: list[SourceShape] = Field([], description="The shop's pages that it quotes.")
    choices: list[ChoiceShape] = []
    products: list[ProductShape] = []


def reply_of(answer: Answer) -> ReplyShape:
    """The wire's form of what the clerk said."""
    details, first = answer.details, answer.reply_id
    said = (first,) if first and answer.kind != "ask" else ()
    return ReplyShape(
        impression_id=answer.impression_id,
        kind=answer.kind,
        text=answer.text,
        reply_ids=list(dict.fromkeys((*said, *details.reply_ids))),
        asks=list(details.asks),
        about=dict(details.about) or None,
        order=OrderShape(**asdict(details.order)) if details.order else None,
        summary=SummaryShape(id=details.summary.id, actions=_actions(details.summary.actions))
        if details.summary
        else None,
        executed=_actions(details.executed),
        sources=[SourceShape(**vars(citation)) for citation in answer.citations],
        choices=[ChoiceShape(**vars(choice)) for choice in answer.choices],
        products=[ProductShape(**vars(card)) for card in answer.products],
    )


def _actions(shown: Iterable[ActionShown]) -> list[ActionShape]:
    return [ActionShape(**vars(action)) for action in shown]
