"""Request and response schemas of the chat's API; FastAPI checks and documents them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field

from bot.channels.web.reply_schemas import ReplyShape
from bot.conversation import MAX_TEXT
from feedback.db import DialogueTurn


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
    """How to start a chat session."""

    locale: Clean | None = Field(None, max_length=35, examples=["en", "zh-CN"])
    page: Clean | None = Field(
        None, max_length=2_000, description="The address of the current page."
    )
    new_dialogue: bool = Field(
        False, description="With a valid token: keep the shopper but open a new dialogue."
    )
    dialogue_id: Clean | None = Field(
        None, max_length=100, description="With a valid token: go on with this one of theirs."
    )
    customer: Clean | None = Field(
        None,
        max_length=400,
        description="Who is signed in at the shop, as its page signed it: "
        "`<e-mail or id>|<Unix time it ends>|<HMAC-SHA256 in hex>`.",
    )
    visitor: Clean | None = Field(
        None, max_length=64, description="The `id` under which the page asked for the chat."
    )
    referrer: Clean | None = Field(
        None, max_length=2_000, description="Where the shopper came from, as the page says."
    )


class PromptShape(BaseModel):
    """A question to begin with."""

    title: str = Field(description="What its button says.")
    text: str = Field(description="What is asked.")


class ListedDialogue(BaseModel):
    """A dialogue of the shopper's."""

    dialogue_id: str
    state: str
    last_at: datetime
    first_words: str = Field(description="What the shopper began with.")
    here: bool = Field(description="Whether it is this session's.")


class ListedDialogues(BaseModel):
    """The shopper's dialogues, the newest first."""

    dialogues: list[ListedDialogue]


class Session(BaseModel):
    """A session: the bearer token, its shopper and its dialogue."""

    token: str
    shopper_id: str
    dialogue_id: str
    shopper_token: str = Field(description="The value of the cart attribute `shopclerk_shopper`.")
    state: str
    shop_name: str
    greeting: str
    prompts: list[PromptShape] = Field(description="Questions to begin with, by the page.")
    show_ratings: bool
    privacy_note: str | None = Field(
        description="The shop's privacy note under the chat; null: the widget's own text."
    )
    privacy_url: str | None
    office_hours: str | None = Field(description="When people answer, in the shop's words.")
    online: bool | None = Field(description="Whether people are there; null: nobody said.")
    takes_mail: bool = Field(description="Whether answers can be sent by e-mail.")


class CartRequest(BaseModel):
    """The cart of the current page."""

    cart_token: Words = Field(max_length=200)


class MessageRequest(BaseModel):
    """A shopper's message. Repeating a `client_id` gets the same answer."""

    text: Clean = Field(max_length=MAX_TEXT, description="May be empty with a `choice`.")
    client_id: Words = Field(max_length=128)
    choice: Clean | None = Field(
        None,
        max_length=200,
        description="The `id` of a choice shown in this dialogue; otherwise `text` counts.",
    )
    page: Clean | None = Field(
        None, max_length=2_000, description="The address of the current page."
    )
    basket: list[Annotated[Clean, Field(max_length=200)]] = Field(
        default_factory=list,
        max_length=50,
        description="Ids of products not to recommend.",
    )
    files: list[Annotated[Clean, Field(max_length=100)]] = Field(
        default_factory=list,
        max_length=10,
        description="Ids of files that were sent to /api/chat/files; a person looks at them.",
    )


class FileShape(BaseModel):
    """A picture or document; its addresses hold for a day."""

    file_id: str = Field(description="Goes into `files` of the message it is sent with.")
    name: str
    media_type: str = Field(description="image/jpeg or application/pdf, whatever was sent.")
    size: int = Field(description="Bytes, as it is kept.")
    width: int | None = Field(description="Pixels of a picture.")
    height: int | None
    url: str
    thumbnail_url: str | None


class HandoverRequest(BaseModel):
    """A request to talk to a person."""

    client_id: Words | None = Field(
        None,
        max_length=128,
        description="Repeating it has no effect.",
    )


class MessageAnswer(BaseModel):
    """The reply, or null while a person has the dialogue: theirs comes as an event."""

    message_id: int
    reply: ReplyShape | None
    state: str = Field(description="clerk, waiting (for the staff), staff or done")


class ChatLine(BaseModel):
    """One turn of the dialogue, as in the history and in events."""

    message_id: int
    speaker: str = Field(description="shopper, clerk or staff")
    text: str
    author: str | None = Field(description="The staff member's name.")
    client_id: str | None
    at: datetime
    reply: ReplyShape | None
    files: list[FileShape] = []


class History(BaseModel):
    """The dialogue so far, oldest first."""

    dialogue_id: str
    state: str
    lines: list[ChatLine]


class RatingRequest(BaseModel):
    """A rating; null removes it. The last one counts."""

    impression_id: Words = Field(max_length=200)
    value: Literal["up", "down"] | None
    comment: Clean | None = Field(None, max_length=2_000)


class RatingAnswer(BaseModel):
    """The rating as it is stored now."""

    impression_id: str
    value: Literal["up", "down"] | None


def line_of(turn: DialogueTurn, reply: ReplyShape | None) -> ChatLine:
    """The wire's form of a stored turn."""
    numbered: Any = turn.turn_id
    return ChatLine(
        message_id=numbered,
        speaker=turn.speaker,
        text=turn.text,
        author=turn.author,
        client_id=turn.client_id if turn.speaker == "shopper" else None,
        at=turn.at,
        reply=reply,
    )
