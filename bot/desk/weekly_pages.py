"""The desk's pages of the weekly reports, in words and as a picture."""

from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from bot.desk.audit import AuditedRoute
from bot.desk.login import WithStaff
from bot.desk.report_page import draw, show_report
from bot.http import Problem, WebContext, WithContext, documented, render
from feedback.desk import Seat

MONTH: Final = timedelta(days=30)  # of which the answers to the last question are counted
NO_REPORT: Final = "There is no report of that week; run: shopclerk report --last-week --post"

router = APIRouter(tags=["desk"], default_response_class=HTMLResponse, route_class=AuditedRoute)


@router.get("/desk/reports", responses=documented())
async def reports(request: Request, context: WithContext, staff: WithStaff) -> str:
    """List the weekly reports."""
    found = await context.call(context.runs.reports)
    locale = context.config.locale
    weeks = [(week.week, show_report(week.report, locale)) for week in found]
    now = context.clock()
    csat = await context.call(context.surveys.csat, now - MONTH, now)
    return _page(request, staff, "desk_reports.html", here="reports", weeks=weeks, csat=csat)


@router.get("/reports/latest", responses=documented())
async def latest_report(request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show the newest weekly report."""
    return await _weekly(request, context, staff, await context.call(context.runs.latest_report))


@router.get("/reports/latest.png", response_class=Response, responses=documented(404))
async def latest_picture(context: WithContext, staff: WithStaff) -> Response:
    """Get the newest weekly report as a PNG image."""
    return await _picture(context, await context.call(context.runs.latest_report))


@router.get("/reports/{week}.png", response_class=Response, responses=documented(404))
async def picture(week: str, context: WithContext, staff: WithStaff) -> Response:
    """Get the report of an ISO week, such as 2026-W48, as a PNG image."""
    return await _picture(context, await context.call(context.runs.report_of, week))


@router.get("/reports/{week}", responses=documented(404))
async def report(week: str, request: Request, context: WithContext, staff: WithStaff) -> str:
    """Show the report of an ISO week, such as 2026-W48."""
    found = await context.call(context.runs.report_of, week)
    if found is None:
        raise Problem("not-found", NO_REPORT)
    return await _weekly(request, context, staff, found)


async def _weekly(request: Request, context: WebContext, staff: Seat, weekly: Any) -> str:
    weeks = [each.week for each in await context.call(context.runs.reports)]
    return _page(
        request,
        staff,
        "desk_report.html",
        here="reports",
        week=weekly.week if weekly else "",
        weeks=weeks,
        report=show_report(weekly.report, context.config.locale) if weekly else None,
    )


async def _picture(context: WebContext, weekly: Any) -> Response:
    if weekly is None:
        raise Problem("not-found", NO_REPORT)
    drawn = await context.call(draw, weekly.report, context.config.locale)
    return Response(drawn, media_type="image/png")


def _page(request: Request, staff: Seat, template: str, *, here: str, **values: Any) -> str:
    return render(request, template, staff=staff, here=here, **values)
