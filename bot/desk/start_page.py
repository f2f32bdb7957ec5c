"""The desk's start page: what connects a shop, step by step, each ticked when it works."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.desk.audit import AuditedRoute
from bot.desk.login import WithOwner
from bot.http import WebContext, WithContext, documented, render
from bot.shops import ShopSystem, shop_systems
from feedback.knowledge import Catalogue, Passages, Proposals, ReplyBook
from feedback.sales import WIDGET, ShopConnections

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


class StartStep(NamedTuple):
    """Something that connects the shop."""

    title: str
    done: bool
    says: str  # how it stands
    remedy: str = ""  # what to do
    paste: str = ""  # a line or an address to copy
    link: str = ""  # a page of the desk where it is done


@router.get("/desk/start", responses=documented(403))
async def start(request: Request, context: WithContext, owner: WithOwner) -> str:
    """Show what connects the shop, and what of it works already."""
    steps = await context.call(_steps, context)
    return render(
        request,
        "desk_start.html",
        staff=owner,
        here="start",
        steps=steps,
        done=sum(step.done for step in steps),
    )


def _steps(context: WebContext) -> list[StartStep]:
    known = ShopConnections(context.db)
    return [
        _address(context),
        *_knowledge(context),
        _widget(context, known),
        *_shop_systems(context, known),
        _first_dialogue(context),
    ]


def _address(context: WebContext) -> StartStep:
    config = context.config
    done = config.is_public and bool(config.allowed_origins)
    says = f"The clerk is at {config.public_url}"
    if config.allowed_origins:
        says += f", for the pages of {', '.join(config.allowed_origins)}"
    remedy = "Set SHOPCLERK_PUBLIC_URL, SHOPCLERK_SHOP_URL and SHOPCLERK_ALLOWED_ORIGINS."
    return StartStep("Addresses", done, f"{says}.", "" if done else remedy, _INTERVIEW)


_INTERVIEW: Final = "./clerk init"


def _knowledge(context: WebContext) -> Iterable[StartStep]:
    demo = context.demo.is_open()
    replies, products = len(ReplyBook(context.db).replies()), Catalogue(context.db).stamp()[0]
    passages, proposed = Passages(context.db).count(), len(Proposals(context.db).open())
    of_demo = " They are the demo shop's; your first import makes room for your own."
    yield StartStep(
        "Products",
        bool(products) and not demo,
        f"{products:,} products.{of_demo if demo else ''}",
        "Shopify's or WooCommerce's export, or a Google feed.",
        "./clerk import products FILE",
    )
    yield StartStep(
        "Help pages",
        bool(passages),
        f"{passages:,} passages of your pages can be quoted.",
        "The clerk answers from them, in your own sentences, with their source.",
        "./clerk import knowledge https://your-shop.example/",
        "/desk/sources",
    )
    waiting = f" {proposed} more are proposed." if proposed else ""
    yield StartStep(
        "Replies",
        bool(replies) and not demo,
        f"{replies:,} replies.{of_demo if demo else ''}{waiting}",
        "Write the most frequent ones, or take those that past tickets propose.",
        link="/desk/proposals" if proposed else "/desk/replies",
    )


def _widget(context: WebContext, known: ShopConnections) -> StartStep:
    heard = known.state(WIDGET).heard_at
    line = f'<script src="{context.config.public_url}/widget.js" defer></script>'
    says = "No page of your shop has loaded it yet."
    if heard:
        says = f"A page of your shop loaded it last on {_day(heard)}."
    return StartStep("The chat on your pages", bool(heard), says, "One line, on every page.", line)


def _shop_systems(context: WebContext, known: ShopConnections) -> Iterable[StartStep]:
    """Those whose secret is set; while none is, one step that says how."""
    secrets = context.config.shop_settings
    connected = [one for one in shop_systems() if one.secret.name in secrets]
    orders = [one for one in connected if known.state(one.name).heard_at]
    if not connected:
        names = ", ".join(one.secret.variable for one in shop_systems())
        yield StartStep("Orders", False, "No shop system is connected.", f"Set one of {names}.")
    for system in connected:
        yield _shop_system(context, system, known.state(system.name).heard_at, only=not orders)


def _shop_system(
    context: WebContext, system: ShopSystem, heard: datetime | None, *, only: bool
) -> StartStep:
    address = f"{context.config.public_url}{system.path}"
    if heard:
        says = f"The last signed delivery came on {_day(heard)}."
        return StartStep(f"Orders: {system.name}", True, says, paste=address)
    says = "No signed delivery has come yet."
    remedy = f"Have {system.name} send its webhooks there."
    # The generic system signs with a key of our own: it waits for nobody while another reports.
    return StartStep(f"Orders: {system.name}", not only, says, remedy, address)


def _first_dialogue(context: WebContext) -> StartStep:
    began = context.store.first_contact()
    if began is None:
        remedy = "Ask it something, as a shopper would."
        return StartStep("A first question", False, "Nobody has asked anything yet.", remedy, "")
    return StartStep("A first question", True, f"Asked on {_day(began)}.", link="/desk")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d at %H:%M} UTC"
