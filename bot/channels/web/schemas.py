"""What goes over the chat's wire, as typed values: FastAPI checks and documents them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from bot.messages import Answer
from feedback.db import DialogueTurn, Impression

MAX_TEXT = 4_000


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("it holds a NUL character; take it out")
    return text


def _with_words(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty; write something")
    return text


Clean = Annotated[str, AfterValidator(_without_nul)]
Words = Annotated[Clean, AfterValidator(_with_words)]


class SessionRequest(BaseModel):
    """How a chat begins."""

    locale: Clean | None = Field(None, max_length=35, examples=["en", "zh-CN"])
    page: Clean | None = Field(None, max_length=2_000, description="The address the shopper is on.")
    new_dialogue: bool = Field(
        False, description="With a valid token: the same shopper, but a dialogue of its own."
    )


class Session(BaseModel):
    """A shopper in a dialogue."""

    token: str
    shopper_id: str
    dialogue_id: str
    shopper_token: str = Field(description="For the cart attribute `shopclerk_shopper`.")
    state: str
    shop_name: str
    greeting: str
    show_ratings: bool
    privacy_note: str | None = Field(
        description="What becomes of what is written, in the shop's words; null: the widget's own."
    )
    privacy_url: str | None
    office_hours: str | None = Field(description="When a person answers, as the shop says it.")


class CartRequest(BaseModel):
    """The cart of the page, to know its order by."""

    cart_token: Words = Field(max_length=200)


class MessageRequest(BaseModel):
    """A shopper's turn. The same `client_id` again is the same turn."""

    text: Clean = Field(max_length=MAX_TEXT, description="May be empty with a `choice`.")
    client_id: Words = Field(max_length=128)
    choice: Clean | None = Field(
        None,
        max_length=200,
        description="The reply_id of a button this dialogue showed; else `text` alone counts.",
    )
    page: Clean | None = Field(None, max_length=2_000, description="Where the shopper is now.")
    basket: list[Annotated[Clean, Field(max_length=200)]] = Field(
        default_factory=list, max_length=50, description="The products in the basket."
    )


class HandoverRequest(BaseModel):
    """The wish to talk to a person."""

    client_id: Words | None = Field(None, max_length=128, description="The same again: the same.")


class ChoiceShape(BaseModel):
    """A reply offered as a button."""

    reply_id: str
    title: str


class ProductShape(BaseModel):
    """A product card."""

    product_id: str
    title: str
    price: str
    image: str
    url: str
    in_stock: bool
    click_url: str
    variant_id: str = Field("", description="What 'add to basket' puts in; empty: to be chosen.")


class ReplyShape(BaseModel):
    """The clerk's reply."""

    impression_id: str
    kind: Literal["answer", "choices", "ask", "products", "handover"]
    text: str
    choices: list[ChoiceShape] = []
    products: list[ProductShape] = []


class MessageAnswer(BaseModel):
    """`reply` is null when a person has the dialogue: their answer comes as an event."""

    message_id: int
    reply: ReplyShape | None
    state: str = Field(description="clerk, waiting (for the staff), staff or done")


class DialogueLine(BaseModel):
    """One turn of the dialogue, as the history and the events tell it."""

    message_id: int
    speaker: str = Field(description="shopper, clerk or staff")
    text: str
    author: str | None = Field(description="The staff member's name.")
    client_id: str | None
    at: datetime
    reply: ReplyShape | None


class History(BaseModel):
    """The dialogue so far, oldest first."""

    dialogue_id: str
    state: str
    lines: list[DialogueLine]


class RatingRequest(BaseModel):
    """A thumb; null takes it back. The last one counts."""

    impression_id: Words = Field(max_length=200)
    value: Literal["up", "down"] | None
    comment: Clean | None = Field(None, max_length=2_000)


class RatingAnswer(BaseModel):
    """The thumb as it now counts."""

    impression_id: str
    value: Literal["up", "down"] | None


def reply_of(answer: Answer) -> ReplyShape:
    """The wire's form of what the clerk said."""
    return ReplyShape(
        impression_id=answer.impression_id,
        kind=answer.kind,
        text=answer.text,
        choices=[ChoiceShape(**vars(choice)) for choice in answer.choices],
        products=[ProductShape(**vars(card)) for card in answer.products],
    )


def reply_shown(impression: Impression) -> ReplyShape:
    """The wire's form of a reply shown earlier."""
    return ReplyShape.model_validate(
        {
            "impression_id": impression.impression_id,
            "kind": impression.kind,
            "text": impression.text,
            "choices": impression.choices,
            "products": [{"click_url": "", **card} for card in impression.products],
        }
    )


def line_of(turn: DialogueTurn, reply: ReplyShape | None) -> DialogueLine:
    """The wire's form of a stored turn."""
    numbered: Any = turn.turn_id
    return DialogueLine(
        message_id=numbered,
        speaker=turn.speaker,
        text=turn.text,
        author=turn.author,
        client_id=turn.client_id if turn.speaker == "shopper" else None,
        at=turn.at,
        reply=reply,
    )
