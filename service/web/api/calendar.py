"""API routes of the calendar: what a notice would move, and years proposed, taken in and withdrawn."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.due.correct_batch import begin_correction
from service.casework.due.correct_days import CaseMoves, correct_days, view_calendar_moves
from service.casework.studio.parameters.calendar_years import doubts_told, list_years, view_year
from service.casework.studio.parameters.decide_year import decide_year
from service.casework.studio.parameters.propose_year import propose_year
from service.casework.studio.parameters.study_calendar import TypedNotice, count_year, foresee_year
from service.casework.studio.parameters.withdraw_year import withdraw_year
from service.store.rows import CalendarYearRow
from service.web.api.arguments import Query, row_place
from service.web.api.interventions import intervention_batch
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import calendar as schemas
from service.web.api.schemas.assistants import DaysOffNoticeIn, NoticeForecastOut
from service.web.api.schemas.interventions import BatchOut
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor

_ONE = "/calendar/years/<int:year>"
_PAGE: Query = {"jurisdiction": "only this place", "after": row_place()}


def register(api: Blueprint) -> None:
    """Add the routes."""
    row, rows, typed = schemas.CalendarYearOut, schemas.CalendarYearsOut, DaysOffNoticeIn
    forecast = NoticeForecastOut
    for method, path, action, summary, out, body, work in (
        ("GET", "/calendar/years", "draft.view", "List years of the calendar typed here", rows, None, calendar_years),
        ("POST", "/calendar/years", "calendar.propose", "Propose a year", row, typed, propose_calendar_year),
        ("GET", _ONE, "draft.view", "Read a year and its file", row, None, calendar_year),
        (
            "POST",
            f"{_ONE}/decision",
            "calendar.decide",
            "Take in or return",
            row,
            schemas.YearDecisionIn,
            decide_calendar_year,
        ),
        (
            "POST",
            f"{_ONE}/withdraw",
            "calendar.decide",
            "Withdraw a year",
            row,
            schemas.YearWithdrawalIn,
            withdraw_calendar_year,
        ),
        ("GET", f"{_ONE}/forecast", "draft.view", "What a year would move", forecast, None, foresee_calendar_year),
    ):
        add_route(api, ApiOperation(method, path, action, summary, out, body), work)
    moves, answer = "/calendar/moves", schemas.DaysCorrectedListOut
    seen = ApiOperation(
        "GET", moves, "calendar.foresee", "What running cases would move", schemas.MovesOut, query=_PAGE
    )
    add_route(api, seen, calendar_moves)
    acted = ApiOperation(
        "POST", moves, "calendar.correct", "Move limits as counted now", answer, schemas.CalendarCorrectionIn
    )
    add_route(api, acted, correct_calendar_days)
    every = ApiOperation(
        "POST",
        f"{moves}/all",
        "calendar.correct",
        "Move limits of all cases",
        BatchOut,
        schemas.CalendarCorrectionOfAllIn,
    )
    add_route(api, every, correct_all_calendar_days)


def calendar_years() -> dict[str, Any]:
    """List."""
    return {"years": [line.row for line in list_years(the_desk(), the_actor())]}


def calendar_year(year: int) -> CalendarYearRow:
    """Read."""
    return view_year(the_desk(), the_actor(), year)


def propose_calendar_year(body: dict[str, Any]) -> CalendarYearRow:
    """Propose."""
    return calendar_year(propose_year(the_desk(), the_actor(), TypedNotice(**body)))


def decide_calendar_year(body: dict[str, Any], year: int) -> CalendarYearRow:
    """Take in or return."""
    decide_year(the_desk(), the_actor(), year, body["approved"], body["reason"])
    return calendar_year(year)


def withdraw_calendar_year(body: dict[str, Any], year: int) -> CalendarYearRow:
    """Withdraw."""
    withdraw_year(the_desk(), the_actor(), year, body["reason"])
    return calendar_year(year)


def foresee_calendar_year(year: int) -> dict[str, Any]:
    """Foresee a proposed year."""
    row = calendar_year(year)
    moved = foresee_year(the_desk(), the_actor(), year)
    places = count_year(the_desk(), the_actor(), year)
    return {
        "working_days": row.working_days,
        "file": row.content,
        "moved": moved,
        "missing": (),
        "places": places,
        "doubts": doubts_told(the_desk(), row),
    }


def calendar_moves() -> dict[str, Any]:
    """List limits that the calendars in force would move."""
    view = view_calendar_moves(
        the_desk(), the_actor(), request.args.get("jurisdiction", ""), cursor(request.args, "after")
    )
    return {"cases": [_moves(one) for one in view.cases], "looked": view.looked, "next": view.before}


def _moves(one: CaseMoves) -> dict[str, Any]:
    lines = [
        {"key": m.key, "held": m.held, "articles": m.articles, "name": m.change.name, "old": m.change.old, "new": m.change.new,
         "follows": m.follows, "useful": m.useful, "lost": m.lost, "stays": m.stays}
        for m in one.moves
    ]  # fmt: skip
    return {"case_id": one.case.id, "title": one.case.title, "problem": one.problem, "moves": lines}


def correct_calendar_days(body: dict[str, Any]) -> dict[str, Any]:
    """Move them."""
    done = correct_days(the_desk(), the_actor(), body["cases"], body["reason"], body["lapse"], body["keep"])
    return {"cases": done}


def correct_all_calendar_days(body: dict[str, Any]) -> dict[str, Any]:
    """Begin to move those of all cases; `/interventions/<batch>` says how far it is."""
    return intervention_batch(begin_correction(the_desk(), the_actor(), **body))
