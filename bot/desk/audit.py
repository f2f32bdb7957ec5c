"""Notes every form that the staff send: who, what, to which id, and whether it was done."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from bot.http.context import Parts, parts_of
from bot.http.problems import Problem
from feedback.desk.accounts import Seat


class AuditedRoute(APIRoute):
    """A route whose forms are noted in the audit log, with the ids in its path and no words.

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
            except Problem:
                outcome = "refused"
                raise
            finally:
                seat: Seat | None = getattr(request.state, "seat", None)
                if seat is not None and request.method != "GET":
                    ids = " ".join(str(value) for value in request.path_params.values())
                    subject = getattr(request.state, "subject", ids)
                    await note(parts_of(request), seat, self.name, subject, outcome)
            return response

        return audited


async def note(
    parts: Parts, seat: Seat, action: str, subject: str = "", outcome: str = "done"
) -> None:
    """One line for what `seat` did at the desk."""
    await parts.call(
        parts.audit.note,
        key=parts.new_id(),  # never the request's own id, which its sender may choose
        actor=seat.actor,
        role=seat.role,
        action=f"desk.{action}",
        now=parts.clock(),
        subject=subject,
        outcome=outcome,
    )
