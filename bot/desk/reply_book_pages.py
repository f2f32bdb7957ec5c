"""The desk's reply book: the list with a box to try a question, a page for each reply, problems."""

from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import Clean, Words
from bot.conversation import MAX_TEXT
from bot.desk.audit import AuditedRoute
from bot.desk.login import StaffForm, WithStaff
from bot.desk.reply_fields import check_name, check_slots, same_lines
from bot.desk.try_question import Tried, try_question
from bot.http import Problem, WebContext, WithContext, documented, render
from feedback.knowledge import (
    CannotSupersede,
    QuestionLine,
    ReplyLine,
    ReplyUse,
    Supersessions,
    reply_uses,
    versions_of,
)
from feedback.languages import LANGUAGES

PAGE: Final = "/desk/replies"
OF_LATE: Final = timedelta(days=30)
QUESTIONS: Final = 200  # of a reply, shown at once
VERSIONS: Final = 50

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)

ReplyId = Annotated[Clean, Form(max_length=80)]


@router.get(PAGE, responses=documented())
async def book(
    request: Request,
    context: WithContext,
    staff: WithStaff,
    question: Annotated[Clean, Query(max_length=500)] = "",
    ask: Annotated[Clean, Query(max_length=MAX_TEXT)] = "",
) -> str:
    """Show the reply book. `question` is one to write a reply for, `ask` one to try."""
    tried = await context.call(_try, context, ask) if ask.strip() else None
    return render(
        request,
        "desk_replies.html",
        staff=staff,
        here="replies",
        question=question,
        languages=LANGUAGES.values(),
        tried=tried,
        **await context.call(_book, context),
    )


@router.get("/desk/replies/problems", responses=documented())
async def problems(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show what is odd about the book: said twice, contradicting, filled or labelled by nothing."""
    found = await context.call(context.book.problems)
    return render(request, "desk_reply_problems.html", staff=staff, here="replies", problems=found)


@router.get("/desk/replies/{reply_id}", responses=documented(404))
async def reply(reply_id: str, request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show a reply: its texts, who wrote them, what it answers and how that went."""
    return render(
        request,
        "desk_reply.html",
        staff=staff,
        here="replies",
        **await context.call(_reply, context, reply_id),
    )


@router.post(PAGE, responses=documented(403, 422))
async def write_reply(
    context: WithContext,
    staff: StaffForm,
    reply_id: ReplyId,
    locale: Annotated[Clean, Form(pattern="^(en|zh)$")],
    text: Annotated[Words, Form(max_length=MAX_TEXT)],
    questions: Annotated[Words, Form(max_length=MAX_TEXT)] = "",
) -> RedirectResponse:
    """Add a reply or change its text. `questions` are what it answers, one per line."""
    asked = [line.strip() for line in same_lines(questions).split("\n") if line.strip()]
    line = ReplyLine(reply_id.strip(), same_lines(text), locale)
    await context.call(_write, context, line, asked, staff.staff)
    return RedirectResponse(f"{PAGE}/{line.reply_id}", 303)


@router.post("/desk/replies/supersede", responses=documented(403, 422))
async def supersede(
    context: WithContext, staff: StaffForm, reply_id: ReplyId, successor: ReplyId
) -> RedirectResponse:
    """Say another reply in a reply's place from now on; it takes over its questions."""
    known = Supersessions(context.db)
    await _settled(
        context, known.supersede, reply_id, successor, staff=staff.staff, now=context.clock()
    )
    return RedirectResponse(f"{PAGE}#superseded", 303)


@router.post("/desk/replies/retire", responses=documented(403, 422))
async def retire(context: WithContext, staff: StaffForm, reply_id: ReplyId) -> RedirectResponse:
    """Say a reply no more; who asks what it answered gets a person."""
    known = Supersessions(context.db)
    await _settled(context, known.retire, reply_id, staff=staff.staff, now=context.clock())
    return RedirectResponse(f"{PAGE}#superseded", 303)


@router.post("/desk/replies/delete", responses=documented(403, 422))
async def delete(context: WithContext, staff: StaffForm, reply_id: ReplyId) -> RedirectResponse:
    """Take a reply that is said no more out of the book, with its versions."""
    await _settled(context, Supersessions(context.db).delete, reply_id)
    return RedirectResponse(PAGE, 303)


@router.post("/desk/supersessions/{number}/undo", responses=documented(403, 404))
async def undo_supersession(
    number: Annotated[int, Path(ge=1, lt=2**63)], context: WithContext, staff: StaffForm
) -> RedirectResponse:
    """Let what was learned for a superseded or retired reply count again."""
    known = Supersessions(context.db)
    if not await context.call(known.undo, number, staff=staff.staff, now=context.clock()):
        raise Problem("not-found", "There is no such supersession, or it is undone already.")
    return RedirectResponse(f"{PAGE}#superseded", 303)


def _try(context: WebContext, question: str) -> Tried:
    return try_question(context.clerk.knowledge, question, context.book.questions())


async def _settled(context: WebContext, act: Any, *about: Any, **by: Any) -> None:
    try:
        await context.call(act, *about, **by)
    except CannotSupersede as error:
        raise Problem("invalid", str(error)) from None


def _book(context: WebContext) -> dict[str, Any]:
    by_id: dict[str, list[Any]] = {}
    for one in context.book.replies():
        by_id.setdefault(one.reply_id, []).append(one)
    uses = reply_uses(context.db, context.clock() - OF_LATE)
    return {
        "replies": by_id,
        "uses": {reply_id: uses.get(reply_id, ReplyUse()) for reply_id in by_id},
        "superseded": Supersessions(context.db).all(),
    }


def _reply(context: WebContext, reply_id: str) -> dict[str, Any]:
    texts = context.book.texts(reply_id)
    if not texts:
        raise Problem("not-found", f"The book has no reply {reply_id[:60]!r}.")
    said = {one.reply_id for one in context.book.replies()}
    asked = [one for one in context.book.questions() if one.reply_id == reply_id]
    theirs = [one for one in Supersessions(context.db).all() if one.reply_id == reply_id]
    return {
        "reply_id": reply_id,
        "texts": texts,
        "missing": sorted(LANGUAGES.keys() - {one.locale for one in texts}),
        "said": reply_id in said,
        "others": sorted(said - {reply_id}),
        "questions": asked[:QUESTIONS],
        "question_count": len(asked),
        "use": reply_uses(context.db, context.clock() - OF_LATE).get(reply_id, ReplyUse()),
        "versions": versions_of(context.db, reply_id)[:VERSIONS],
        "superseded": theirs,
    }


def _write(context: WebContext, line: ReplyLine, questions: list[str], staff: str) -> None:
    check_name("reply_id", line.reply_id, such_as="return_how")
    check_slots(context, line.text or "")
    if line.reply_id in context.book.gone():
        raise Problem(
            "invalid",
            f"reply_id {line.reply_id!r} is said no more; bring it back, or take another name.",
        )
    context.book.put_replies([line], context.clock(), by=staff)
    asked = [QuestionLine(question, line.reply_id, line.locale) for question in questions]
    context.book.put_questions(asked, context.clock(), by=staff)
