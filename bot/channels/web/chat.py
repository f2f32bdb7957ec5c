"""The chat's API: sessions, messages, hand-over, ratings and history."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from fastapi import APIRouter, Depends, Request

from bot.channels.web.auth import WithShopper, json_only
from bot.channels.web.opening import (
    browser_of,
    known_session,
    open_for,
    same_person,
    signed_in_of,
    unknown_dialogue,
)
from bot.channels.web.schemas import (
    CartRequest,
    HandoverRequest,
    History,
    MessageAnswer,
    MessageRequest,
    PromptShape,
    RatingAnswer,
    RatingRequest,
    Session,
    SessionRequest,
)
from bot.channels.web.serialize import Lines
from bot.clerk import ChoiceNotOffered, ClientIdReused, EmptyText, TextTooLong
from bot.http import Problem, TooMany, WebContext, WithContext, address_of, documented
from bot.messages import Answer, Place
from bot.tokens import SessionToken
from feedback.db import UnknownDialogue
from feedback.files import UnknownFile
from serving.ranker import RankerUnavailable

T = TypeVar("T")

RETRY = {"Retry-After": "2"}

router = APIRouter(prefix="/api/chat", tags=["chat"])


@router.post(
    "/sessions",
    dependencies=[Depends(json_only)],
    responses=documented(400, 403, 415, 422, 429),
)
async def begin(
    request: Request, context: WithContext, body: SessionRequest | None = None
) -> Session:
    """Start a chat session. A valid bearer token keeps its shopper and usually its dialogue."""
    origin = request.app.state.origins.check(request)
    wanted = body or SessionRequest()
    signed_in = signed_in_of(context, wanted)
    known = known_session(context, request, origin)
    if known is not None and not same_person(known, signed_in):
        known = None  # whoever signed in here before has left the machine to somebody else
    counted = [("address", address_of(request))]
    dialogue = await context.limited(counted, open_for, context, wanted, known, browser_of(request))
    opening = await context.call(context.clerk.opening, dialogue.locale, wanted.page)
    return Session(
        token=context.tokens.session(dialogue.shopper_id, dialogue.dialogue_id, origin, signed_in),
        shopper_id=dialogue.shopper_id,
        dialogue_id=dialogue.dialogue_id,
        shopper_token=context.tokens.shopper(dialogue.shopper_id),
        state=dialogue.state,
        shop_name=context.config.shop_name(),
        greeting=opening.greeting,
        prompts=[PromptShape(**each._asdict()) for each in opening.prompts],
        show_ratings=context.config.show_ratings,
        privacy_note=context.config.privacy_note,
        privacy_url=context.config.privacy_url,
        online=context.config.is_open(context.clock()) if context.config.is_open else None,
        takes_mail=context.config.mail_replies is not None,
        office_hours=await context.call(_office_hours, context, dialogue.locale),
    )


@router.post(
    "/messages",
    dependencies=[Depends(json_only)],
    responses=documented(400, 401, 403, 404, 409, 415, 422, 429, 503),
)
async def ask(
    request: Request, context: WithContext, shopper: WithShopper, body: MessageRequest
) -> MessageAnswer:
    """Send a shopper's message and get the reply. Idempotent by `client_id`."""
    reply = partial(_reply, origin=context.tokens.origin(address_of(request)))
    return await _answer(context, request, shopper, reply, body)


@router.post(
    "/cart",
    status_code=204,
    dependencies=[Depends(json_only)],
    responses=documented(400, 401, 403, 404, 415, 422, 429),
)
async def know_cart(
    request: Request, context: WithContext, shopper: WithShopper, body: CartRequest
) -> None:
    """Link a cart to the shopper: its order is matched even when cart attributes are lost."""
    context.limits.check("address", address_of(request))
    remember = context.orders.remember_cart
    await context.call(remember, shopper.shopper_id, body.cart_token, context.clock())


@router.post(
    "/handover",
    dependencies=[Depends(json_only)],
    responses=documented(400, 401, 403, 404, 415, 422, 429, 503),
)
async def hand_over(
    request: Request,
    context: WithContext,
    shopper: WithShopper,
    body: HandoverRequest | None = None,
) -> MessageAnswer:
    """Hand the dialogue over to the staff. Idempotent by `client_id`."""
    client_id = body.client_id if body else None
    return await _answer(context, request, shopper, _hand_over, client_id)


@router.post(
    "/ratings",
    dependencies=[Depends(json_only)],
    responses=documented(400, 401, 403, 404, 415, 422, 429),
)
async def rate(
    request: Request, context: WithContext, shopper: WithShopper, body: RatingRequest
) -> RatingAnswer:
    """Rate a reply that was shown to this shopper. `null` removes the rating."""
    context.limits.check("address", address_of(request))
    await context.call(_rate, context, shopper, body, context.tokens.origin(address_of(request)))
    return RatingAnswer(impression_id=body.impression_id, value=body.value)


@router.get("/history", responses=documented(401, 403, 404, 429))
async def history(request: Request, context: WithContext, shopper: WithShopper) -> History:
    """List the dialogue's turns, oldest first, to show them again after a page reload."""
    context.limits.check("address", address_of(request))
    return await context.call(_history, context, shopper)


def _office_hours(context: WebContext, locale: str) -> str | None:
    return context.book.facts(locale).get("office_hours")


async def _answer(
    context: WebContext,
    request: Request,
    shopper: SessionToken,
    say: Callable[[WebContext, SessionToken, T], MessageAnswer],
    said: T,
) -> MessageAnswer:
    """What `say` answers, unless the shopper or their address asks too often."""
    counted = [("address", address_of(request)), ("shopper", shopper.shopper_id)]
    try:
        answer = await context.limited(counted, say, context, shopper, said)
    except TooMany as refused:
        if refused.window == "shopper":
            # Twenty messages a minute, one every three seconds: nobody reads that fast.
            await context.call(context.store.leave_out_robot, shopper.shopper_id, context.clock())
        raise
    context.notifier.wake(shopper.dialogue_id)
    return answer


def _customer(context: WebContext, shopper: SessionToken) -> str | None:
    """Who is signed in at the shop, while its page vouches for it."""
    signed_in = shopper.signed_in
    return signed_in.customer if signed_in and signed_in.holds(context.clock()) else None


def _reply(
    context: WebContext, shopper: SessionToken, body: MessageRequest, *, origin: str
) -> MessageAnswer:
    try:
        if body.files:
            # Nobody but a person can look at them, whatever was written with them.
            context.files.attach(shopper.dialogue_id, body.client_id, body.files)
            answer = context.clerk.hand_over(
                shopper.dialogue_id, "sent_files", client_id=body.client_id, said=body.text
            )
            return _answered(context, shopper, answer)
        answer = context.clerk.reply(
            shopper.dialogue_id,
            body.text,
            client_id=body.client_id,
            choice=body.choice,
            place=Place(body.page, tuple(body.basket), _customer(context, shopper)),
            origin=origin,
        )
    except (EmptyText, TextTooLong, ChoiceNotOffered) as error:
        raise Problem("invalid", str(error)) from None
    except UnknownFile as error:
        raise Problem("unknown-file", str(error)) from None
    except ClientIdReused as error:
        raise Problem("client-id-reused", str(error)) from None
    except UnknownDialogue as error:
        raise unknown_dialogue(error) from None
    except RankerUnavailable as error:
        raise Problem("clerk-away", f"{error} Send the same client_id again.", RETRY) from None
    return _answered(context, shopper, answer)


def _hand_over(context: WebContext, shopper: SessionToken, client_id: str | None) -> MessageAnswer:
    try:
        answer = context.clerk.hand_over(shopper.dialogue_id, client_id=client_id)
    except UnknownDialogue as error:
        raise unknown_dialogue(error) from None
    return _answered(context, shopper, answer)


def _answered(context: WebContext, shopper: SessionToken, answer: Answer | None) -> MessageAnswer:
    if answer is None:
        dialogue = context.store.dialogue(shopper.dialogue_id)
        state = dialogue.state if dialogue else "done"
        newest = context.store.turns(shopper.dialogue_id)[-1:]
        return MessageAnswer(
            message_id=newest[0].turn_id or 0 if newest else 0, reply=None, state=state
        )
    context.metrics.answers.labels(answer.kind, answer.served_by).inc()
    return MessageAnswer(
        message_id=answer.message_id, reply=Lines(context).reply(answer), state=answer.state
    )


def _rate(context: WebContext, shopper: SessionToken, body: RatingRequest, origin: str) -> None:
    impression = context.store.impression(body.impression_id)
    if impression is None:
        raise Problem(
            "unknown-impression",
            f"impression_id {body.impression_id[:60]!r} is not known; send the one of a reply.",
        )
    if impression.shopper_id != shopper.shopper_id:
        raise Problem("not-yours", "The reply was shown to another shopper; rate your own.")
    context.signals.rate(
        impression_id=body.impression_id,
        voter=shopper.shopper_id,
        value=body.value,
        comment=body.comment,
        origin=origin,
        now=context.clock(),
    )


def _history(context: WebContext, shopper: SessionToken) -> History:
    dialogue = context.store.dialogue(shopper.dialogue_id)
    if dialogue is None:
        raise unknown_dialogue(shopper.dialogue_id)
    return History(
        dialogue_id=dialogue.dialogue_id,
        state=dialogue.state,
        lines=Lines(context).after(dialogue.dialogue_id, 0),
    )
