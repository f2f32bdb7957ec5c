"""View of a card: all that is drawn of it, read at one moment."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from feedback.db import DeskCard, Dialogue, DialogueTurn, Impression, Order, Product
from feedback.desk.open_questions import open_question
from feedback.desk.outgoing import last_failure
from feedback.desk.queue import TURNS_SHOWN
from feedback.dialogues import DialogueMemory, memory_read
from feedback.files import KeptFile, files_sent
from feedback.sales import OrderView, order_view

ORDERS_SHOWN: Final = 3  # of a shopper's, on a card


class ShopperFacts(NamedTuple):
    """What is known of who waits."""

    earlier: int = 0  # dialogues before this one
    orders: tuple[Order, ...] = ()  # the newest ones
    order: OrderView | None = None  # which replies speak of: in focus, else the newest


class CardView(NamedTuple):
    """All that is drawn of a card."""

    card: DeskCard
    dialogue: Dialogue
    turns: tuple[DialogueTurn, ...]  # the last ones, oldest first
    shown: Impression | None  # what the clerk chose from, for the candidates
    question: str  # the shopper's words that this answered
    undelivered: str | None = None  # why the newest message that was given up was refused
    shopper: ShopperFacts = ShopperFacts()
    titles: Mapping[str, str] = {}  # of the products that are spoken of, seen or in the basket
    seen: str | None = None  # the id of the product whose page the shopper is on
    files: Mapping[str, Sequence[KeptFile]] = {}  # by the `client_id` of their turn

    @property
    def locale(self) -> str:
        """The language the shopper reads."""
        return self.shown.locale if self.shown else self.dialogue.locale

    @property
    def memory(self) -> DialogueMemory:
        """What the clerk remembers: what the dialogue is about, where the shopper is."""
        return memory_read(self.dialogue.memory)

    @property
    def page(self) -> str | None:
        """The address at which the shopper wrote last."""
        return self.memory.page or self.dialogue.page


def view_card(session: Session, card: DeskCard) -> CardView:
    """A card as it stands now."""
    dialogue = session.get_one(Dialogue, card.dialogue_id)
    turns = session.exec(
        select(DialogueTurn)
        .where(DialogueTurn.dialogue_id == card.dialogue_id)
        .order_by(col(DialogueTurn.turn_id).desc())
        .limit(TURNS_SHOWN)
    ).all()
    shown = open_question(session, card)
    since = min([card.opened_at, *(turn.at for turn in turns)])
    view = CardView(
        card,
        dialogue,
        tuple(reversed(turns)),
        shown,
        _question(session, shown, turns),
        last_failure(session, card.dialogue_id, since),
        _shopper_facts(session, dialogue),
        files=files_sent(session, card.dialogue_id),
    )
    products = _products(session, view)
    seen = next((one for one in products if _is_page_of(one, view.page)), None)
    titles = {one.product_id: one.title for one in products}
    return view._replace(titles=titles, seen=seen.product_id if seen else None)


def _shopper_facts(session: Session, dialogue: Dialogue) -> ShopperFacts:
    earlier = select(func.count()).where(
        Dialogue.shopper_id == dialogue.shopper_id, Dialogue.dialogue_id != dialogue.dialogue_id
    )
    orders = session.exec(
        select(Order)
        .where(Order.shopper_id == dialogue.shopper_id)
        .order_by(col(Order.placed_at).desc())
        .limit(ORDERS_SHOWN)
    ).all()
    number = memory_read(dialogue.memory).focus.order_number
    meant = next((one for one in orders if one.number == number), None)
    if meant is None and number is None and orders:
        meant = orders[0]
    told = order_view(session, meant) if meant is not None else None
    return ShopperFacts(session.exec(earlier).one(), tuple(orders), told)


def _products(session: Session, view: CardView) -> list[Product]:
    """The products that the dialogue, the basket or the page names."""
    memory = view.memory
    focus = (memory.focus.product_id,) if memory.focus.product_id else ()
    named: Collection[str] = {*focus, *memory.basket, *filter(None, [_last_part(view.page)])}
    if not named:
        return []
    ends = [col(Product.url).endswith(f"/{part}", autoescape=True) for part in named]
    wanted = select(Product).where(or_(col(Product.product_id).in_(named), *ends))
    return list(session.exec(wanted.limit(50)))


def _is_page_of(product: Product, page: str | None) -> bool:
    part = _last_part(page)
    return part != "" and part in (product.product_id, _last_part(product.url))


def _last_part(address: str | None) -> str:
    return urlsplit(address or "").path.rstrip("/").rpartition("/")[2]


def _question(session: Session, shown: Impression | None, turns: Any) -> str:
    if shown is not None:
        answer = session.exec(
            select(DialogueTurn).where(DialogueTurn.impression_id == shown.impression_id)
        ).first()
        asked = session.get(DialogueTurn, answer.answers_turn_id) if answer else None
        if asked is not None:
            return asked.text
    return next((turn.text for turn in turns if turn.speaker == "shopper"), "")
