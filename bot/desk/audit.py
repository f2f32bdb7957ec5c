"""Audit log of the desk: each form, each refusal, and whose dialogues were read."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from bot.http import Problem, WebContext, address_of, context_of
from feedback.desk import Deed, Seat


class AuditedRoute(APIRoute):
    """A route whose forms and refusals are noted in the audit log, with ids and no words.

    What a form was about, where its path does not say so, the route leaves in
    `request.state.subject`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, and a note after it."""
        handle = super().get_route_handler()

        async def audited(request: Request) -> Response:
            outcome = "failed"
            try:
                response = await handle(request)
                outcome = "done"
            except (Problem, RequestValidationError):
                outcome = "refused"
                raise
            finally:
                seat: Seat | None = getattr(request.state, "seat", None)
                looked = request.method == "GET" and outcome != "refused"
                if seat is not None and not looked:
                    ids = " ".join(str(value) for value in request.path_params.values())
                    subject = getattr(request.state, "subject", ids)
                    who = address_of(request)
                    await note(context_of(request), seat, self.name, subject, outcome, who)
            return response

        return audited


async def note(
    context: WebContext,
    seat: Seat,
    action: str,
    subject: str = "",
    outcome: str = "done",
    address: str = "",
) -> None:
    """One line for what `seat` did at the desk, from which address."""
    await context.call(
        context.audit.note,
        Deed(seat.actor, seat.role, f"desk.{action}", subject, outcome, address),
        key=context.new_id(),  # never the request's own id, which its sender may choose
        now=context.clock(),
    )


async def note_read(
    context: WebContext, seat: Seat, dialogue_ids: Iterable[str], address: str
) -> None:
    """A line for each dialogue whose words `seat` was shown: once a day, however often it is."""
    now = context.clock()
    keys = {f"read {now:%Y-%m-%d} {seat.actor} {one}": one for one in dialogue_ids}
    for key in await context.call(context.audit.unknown, list(keys)):
        await context.call(
            context.audit.note,
            Deed(seat.actor, seat.role, "desk.read", keys[key], address=address),
            key=key,
            now=now,
        )
