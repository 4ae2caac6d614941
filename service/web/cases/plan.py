"""The plan of a round (倒排工期): from the day of commendation back to the latest call."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.cases.start_options import view_start
from service.casework.simulate.planning.plan_lines import PlanLine
from service.casework.simulate.planning.plan_round import DAYS_REFUSED, MOST_DAYS, plan_file, plan_round
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number, whole_number
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.page.names import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import offer_file, route_guard
from service.web.frame.requests.parse_values import find_query_day

PAGES = Blueprint("plan", __name__)


def _plan_file(kind: str, jurisdiction: str, award: str, process: str) -> Response:
    days, refused = _read_days()
    if refused:
        raise Invalid(DAYS_REFUSED)
    return hand_out(plan_file(the_desk(), the_actor(), f"{jurisdiction}/{award}", process, _read_wanted(), days, kind))


@PAGES.get("/start/<jurisdiction>/<award>/<process>/plan")
@route_guard("case.start")
@offer_file("case.start", _plan_file, "pdf", "docx")
def plan(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Show the plan that ends by the day asked for, or why there is none; estimates that cannot be stay as typed."""
    key = f"{jurisdiction}/{award}"
    view = view_start(the_desk(), the_actor(), key, process, None)
    about_package(view.package)
    set_breadcrumbs(
        (t("办件", "Cases"), "/cases"), (say(view.option.name), view.option.url), (t("倒排工期", "Plan"), None)
    )
    result, refusal = None, None
    days, refused = _read_days()
    try:
        if request.args:
            result = plan_round(the_desk(), the_actor(), key, process, _read_wanted(), days)
    except Invalid as invalid:
        refusal = invalid.message
    wrong = _names_of(result.season.lines, refused) if result else None
    page = render_template(
        "applicant/plan.html", view=view, plan=result, refusal=refusal, day=request.args.get("day", "")[:20],
        typed={**days, **refused}, refused=refused, wrong=wrong, most=MOST_DAYS,
        query=urlencode({"day": request.args.get("day", ""), **{f"d{step}": count for step, count in days.items()}}),
    )  # fmt: skip
    return page, 422 if refusal or wrong else 200


def _names_of(lines: Sequence[PlanLine], steps: Container[int]) -> Text | None:
    """Return the names of those of ``steps`` whose days may be assumed, None where there is none."""
    names = [line.name for line in lines if line.step in steps and line.days is not None]
    if not names:
        return None
    return Text("、".join(f"“{name.zh}”" for name in names), ", ".join(f"“{name.en}”" for name in names))


def _read_wanted() -> date:
    wanted = find_query_day(request.args, "day")
    if wanted is None:
        raise Invalid(Text("请先选择表彰日。", "Choose the day of commendation first."))
    return wanted


def _read_days() -> tuple[dict[int, int], dict[int, str]]:
    """Return the working days typed for steps under ``d21``, and by step what is typed there and cannot be."""
    days: dict[int, int] = {}
    refused: dict[int, str] = {}
    for name, text in request.args.items():
        step = whole_number(name[1:]) if name.startswith("d") else None
        if step is None or not text.strip():
            continue
        count = typed_whole_number(text)
        if count is None or count > MOST_DAYS:
            refused[step] = text[:20]
        else:
            days[step] = count
    return days, refused
