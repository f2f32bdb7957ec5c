"""The tables: what was said, shown, clicked, rated, bought and learned.

Read it top to bottom: the book, the people, the talk, the signals, the sales, the runs.
Identifiers that leave the house (impressions, shoppers, dialogues) are random strings; e-mail
addresses are kept as keyed hashes only. Types in annotations are read at run time, so this module
does without postponed annotations.

What every message of a chat reads and writes has a row beside its table: outside a session, where
nothing watches its fields, it is made ten times as fast.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, BigInteger, Index, Integer, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from feedback.columns import Instant, Money, Words

# Constraints with names of their own can be changed by later revisions, on SQLite too.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite counts rows by itself only in an INTEGER key; everywhere else the key has 64 bits.
BigKey = BigInteger().with_variant(Integer(), "sqlite")

PERSON_REPLY_ID: Final = "talk_to_human"  # what the book says to whoever asks for a person


class Reply(SQLModel, table=True):
    """A reply of the book, in one language; only these ever reach a shopper."""

    reply_id: str = Field(primary_key=True)
    locale: str = Field(primary_key=True)
    text: str = Field(sa_type=Words)
    updated_at: datetime = Field(sa_type=Instant)


class Question(SQLModel, table=True):
    """A question whose right reply the staff named; `reply_id` None: none fits, hand over."""

    __table_args__ = (UniqueConstraint("digest", "locale"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    question: str = Field(sa_type=Words)
    digest: str  # SHA-256 of the question: PostgreSQL indexes no text over 2,700 bytes
    locale: str
    reply_id: str | None = None
    # No later model may answer it otherwise.
    pinned: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    added_at: datetime = Field(sa_type=Instant)


class PastDialogue(SQLModel, table=True):
    """A dialogue imported from elsewhere, to learn from; it never was ours."""

    id: str = Field(primary_key=True)
    turns: list[dict[str, Any]] = Field(sa_type=JSON)
    accepted: bool = False
    imported_at: datetime = Field(sa_type=Instant)


class Fact(SQLModel, table=True):
    """A fact of the shop that fills a `{policy.…}` slot; locale "" holds in every language."""

    name: str = Field(primary_key=True)
    locale: str = Field(default="", primary_key=True)
    value: str = Field(sa_type=Words)
    updated_at: datetime = Field(sa_type=Instant)


class Product(SQLModel, table=True):
    """A product of the catalogue; prices and stock are its variants'."""

    product_id: str = Field(primary_key=True)  # the shop's handle
    title: str
    title_zh: str = ""
    body: str = Field(default="", sa_type=Words)
    body_zh: str = Field(default="", sa_type=Words)
    vendor: str = ""
    category: str = ""
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    image: str = ""
    url: str = ""  # where the shop sells it; "" means /products/<product_id>
    active: bool = True
    updated_at: datetime = Field(sa_type=Instant, index=True)  # asked at every turn of a chat


class Variant(SQLModel, table=True):
    """One size and colour of a product, with its price and stock."""

    variant_id: str = Field(primary_key=True)
    product_id: str = Field(foreign_key="product.product_id", index=True, ondelete="CASCADE")
    options: dict[str, str] = Field(default_factory=dict, sa_type=JSON)  # {"Size": "M"}
    sku: str = ""
    price: Decimal = Field(sa_type=Money)
    compare_at: Decimal | None = Field(default=None, sa_type=Money)
    currency: str
    quantity: int | None = None  # None: the shop does not count it, so it is in stock


class Shopper(SQLModel, table=True):
    """The person buying: the unit that is randomised and counted."""

    shopper_id: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=Instant)


class Identity(SQLModel, table=True):
    """A way to recognise a shopper again: a keyed hash of an e-mail, a cart token, a Slack person.

    One value may point at several shoppers (a shared address): then it identifies nobody.
    """

    kind: str = Field(primary_key=True)  # email, cart, slack
    value: str = Field(primary_key=True, index=True)
    shopper_id: str = Field(primary_key=True, foreign_key="shopper.shopper_id")
    seen_at: datetime = Field(sa_type=Instant)


class Exposure(SQLModel, table=True):
    """A shopper's first contact while an experiment runs, in whichever arm."""

    experiment: str = Field(primary_key=True)
    shopper_id: str = Field(primary_key=True, foreign_key="shopper.shopper_id")
    arm: str
    channel: str
    exposed_at: datetime = Field(sa_type=Instant, index=True)
    # Found to be this shopper on another channel: arm and time above are theirs from then on, and
    # both are counted once. None: nobody else.
    person_id: str | None = None


class ShareChange(SQLModel, table=True):
    """The arms' shares from a moment on: the log of every change of the deal."""

    experiment: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    shares: dict[str, float] = Field(sa_type=JSON)
    challenger_version: int | None = None  # the model on trial, while one is
    reason: str = ""  # settings, ramp, end, challenger


class Uncounted(SQLModel, table=True):
    """A shopper who is a bot or one of the staff: answered, and left out of every figure."""

    shopper_id: str = Field(primary_key=True)
    reason: str  # bot, staff
    at: datetime = Field(sa_type=Instant)


class Rate(SQLModel, table=True):
    """What one unit of `currency` was worth in `base` from a day on, in hundred-millionths."""

    currency: str = Field(primary_key=True)
    base: str = Field(primary_key=True)
    since: datetime = Field(primary_key=True, sa_type=Instant)
    rate: int = Field(sa_type=BigInteger)


class DialogueRow(SQLModel):
    """One shopper's conversation, in the web chat or a Slack thread."""

    dialogue_id: str = Field(primary_key=True)
    shopper_id: str = Field(foreign_key="shopper.shopper_id", index=True)
    channel: str  # web, slack
    locale: str
    arm: str
    page: str | None = Field(default=None, sa_type=Words)
    team: str | None = None
    slack_channel: str | None = None
    thread_ts: str | None = None
    state: str = "clerk"  # clerk, waiting (for the staff), staff, done
    handover_reason: str | None = None
    pending_reply_id: str | None = None  # a reply whose slots the clerk has asked for
    failed_lookups: int = 0
    started_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant, index=True)


class Dialogue(DialogueRow, table=True):
    """Its table."""

    __table_args__ = (UniqueConstraint("team", "slack_channel", "thread_ts"),)


class DialogueTurnRow(SQLModel):
    """One message in a dialogue; its number orders it, and event streams resume from it."""

    turn_id: int | None = Field(default=None, primary_key=True, sa_type=BigKey)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id")
    speaker: str  # shopper, clerk, staff
    text: str = Field(sa_type=Words)
    author: str | None = Field(default=None, sa_type=Words)  # the staff member's name
    # the sender's own id of it: the same again is the same message
    client_id: str | None = Field(default=None, sa_type=Words)
    answers_turn_id: int | None = Field(default=None, sa_type=BigInteger)
    impression_id: str | None = Field(default=None, index=True)
    at: datetime = Field(sa_type=Instant)


class DialogueTurn(DialogueTurnRow, table=True):
    """Its table."""

    __table_args__ = (UniqueConstraint("dialogue_id", "client_id"),)


class ImpressionRow(SQLModel):
    """A reply shown, with all that is needed to judge it later."""

    impression_id: str = Field(primary_key=True)
    dialogue_id: str = Field(foreign_key="dialogue.dialogue_id")
    shopper_id: str = Field(index=True)
    arm: str
    kind: str  # answer, choices, ask, products, handover
    reply_id: str | None = None
    text: str = Field(sa_type=Words)
    locale: str
    choices: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    products: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    candidates: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    confidence: float
    propensity: float = 1.0  # the probability with which this reply was chosen
    served_by: str  # model, keywords, policy
    model_version: int | None = None
    rank_ms: float = 0.0
    shown_at: datetime = Field(sa_type=Instant, index=True)


class Impression(ImpressionRow, table=True):
    """Its table."""


class Click(SQLModel, table=True):
    """A shopper acting on an impression: a link, a card, a button."""

    __table_args__ = (UniqueConstraint("impression_id", "target"),)

    click_id: str = Field(primary_key=True)
    impression_id: str = Field(foreign_key="impression.impression_id", index=True)
    shopper_id: str = Field(index=True)
    kind: str  # product, choice, link
    target: str = Field(sa_type=Words)  # the product, the reply or the address
    clicked_at: datetime = Field(sa_type=Instant, index=True)


class Rating(SQLModel, table=True):
    """A voter's thumb on an impression; the last one counts."""

    impression_id: str = Field(primary_key=True, foreign_key="impression.impression_id")
    voter: str = Field(primary_key=True)
    value: str  # up, down
    comment: str | None = Field(default=None, sa_type=Words)
    origin: str | None = None  # a keyed hash of the voter's address, another one each day
    rated_at: datetime = Field(sa_type=Instant)


class Review(SQLModel, table=True):
    """A staff member's verdict on an impression: approved, corrected or rejected."""

    review_id: str = Field(primary_key=True)
    impression_id: str = Field(foreign_key="impression.impression_id", index=True)
    staff: str
    verdict: str
    reply_id: str | None = None  # the right reply, when corrected to one of the book
    text: str | None = Field(default=None, sa_type=Words)
    reviewed_at: datetime = Field(sa_type=Instant)


class Order(SQLModel, table=True):
    """A purchase reported by the shop."""

    __tablename__: ClassVar[str] = "shop_order"  # ORDER is a word of SQL

    order_id: str = Field(primary_key=True)
    number: str = Field(index=True)  # what the shopper calls it: "1001", never "#1001"
    source: str  # orders, shopify, import, …
    checkout: str = Field(default="", sa_column_kwargs={"server_default": ""})  # web, pos, …
    shopper_id: str | None = Field(default=None, index=True)
    bridge: str | None = None  # how it was matched: token, cart, click, email
    email_hash: str | None = Field(default=None, index=True)
    status: str = "paid"  # pending, paid, shipped, delivered, cancelled
    tracking: str | None = Field(default=None, sa_type=Words)
    placed_at: datetime = Field(sa_type=Instant, index=True)
    cancelled_at: datetime | None = Field(default=None, sa_type=Instant)
    currency: str
    total: Decimal = Field(sa_type=Money)
    updated_at: datetime = Field(sa_type=Instant)


class OrderLine(SQLModel, table=True):
    """One product of an order."""

    order_id: str = Field(primary_key=True, foreign_key="shop_order.order_id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    product_id: str = Field(index=True)
    title: str = Field(default="", sa_type=Words)
    quantity: int
    price: Decimal = Field(sa_type=Money)


class Refund(SQLModel, table=True):
    """Money given back; it may arrive before its order does."""

    refund_id: str = Field(primary_key=True)
    order_id: str = Field(index=True)
    amount: Decimal = Field(sa_type=Money)
    currency: str
    refunded_at: datetime = Field(sa_type=Instant)


class Delivery(SQLModel, table=True):
    """A message from outside that was taken in: the same id again is a repeat."""

    source: str = Field(primary_key=True)
    delivery_id: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=Instant)


class RetrainRun(SQLModel, table=True):
    """One turn of retraining: which data, which parent, which scores, who decided.

    Who works on it holds a lease on its stage in `jobrun`; see `feedback.retraining`.
    """

    run_id: str = Field(primary_key=True)
    state: str = Field(index=True)  # running, promoted, refused, failed, rolled_back, kept
    stage: str  # collect, train, evaluate, gate, export, canary, decide, done
    trigger: str  # schedule, a person's name, first model, reply book, drift, …
    parent_version: int | None = None
    version: int | None = None
    examples: int = 0
    data_hash: str | None = None
    data_from: datetime | None = Field(default=None, sa_type=Instant)  # the oldest example
    data_until: datetime | None = Field(default=None, sa_type=Instant)  # when it was read
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # examples by signal, …
    code_version: str | None = None
    config: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    seed: int | None = None
    scores: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    decision: str | None = None  # promote, roll_back, keep: made, and perhaps not yet done
    trial_since: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = Field(default=None, sa_type=Words)
    doing: str | None = None  # what it is busy with, for people
    done: float | None = None  # how much of it, 0 to 1
    forgotten: int = 0  # shoppers of its data who were erased since
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)


class Trial(SQLModel, table=True):
    """A challenger before shoppers: what was expected of it, what was seen, what became of it."""

    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    champion: int
    state: str = "running"  # running, waiting (for a person), promoted, rolled_back, kept
    since: datetime = Field(sa_type=Instant)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decided_by: str | None = Field(default=None, sa_type=Words)  # "guard", or a person's name
    reason: str | None = Field(default=None, sa_type=Words)
    predicted: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # off-policy estimates
    seen: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # the guard's last look


class SnapshotShopper(SQLModel, table=True):
    """A shopper whose words or choices were in a run's data: whom erasing has to find there."""

    run_id: str = Field(primary_key=True, foreign_key="retrainrun.run_id", ondelete="CASCADE")
    shopper_id: str = Field(primary_key=True, index=True)


class JobRun(SQLModel, table=True):
    """A slot of a scheduled job, owned by one process at a time through a lease."""

    job: str = Field(primary_key=True)
    slot: datetime = Field(primary_key=True, sa_type=Instant)
    owner: str
    lease_until: datetime = Field(sa_type=Instant)
    attempt: int = 1
    state: str = "running"  # running, done, failed
    note: str | None = Field(default=None, sa_type=Words)


class WeeklyReport(SQLModel, table=True):
    """The report of one week, as it was computed last."""

    week: str = Field(primary_key=True)  # ISO week: 2026-W48
    report: dict[str, Any] = Field(sa_type=JSON)
    computed_at: datetime = Field(sa_type=Instant)
    posted_ts: str | None = None  # Slack's name of the message


# All that the report reads of an impression: without it each one's whole row is read, 500 bytes.
Index(
    "impression_of_dialogue",
    Impression.dialogue_id,
    Impression.shown_at,  # type: ignore[arg-type]
    Impression.kind,
    Impression.served_by,
    Impression.locale,
    Impression.model_version,  # type: ignore[arg-type]
    Impression.impression_id,
)
Index("turn_of_dialogue", DialogueTurn.dialogue_id, DialogueTurn.turn_id)  # type: ignore[arg-type]
