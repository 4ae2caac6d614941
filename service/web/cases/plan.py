"""The plan of a round (倒排工期): from the day of commendation back to the latest call."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.cases.start_options import view_start
from service.casework.simulate.planning.plan_round import MOST_DAYS, plan_file, plan_round
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import crumbs
from service.web.frame.page.names import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import offer_file, route_guard
from service.web.frame.requests.parse_values import day_asked

PAGES = Blueprint("plan", __name__)


def _plan_file(kind: str, jurisdiction: str, award: str, process: str) -> Response:
    wanted, days = _read_query()
    return hand_out(plan_file(the_desk(), the_actor(), f"{jurisdiction}/{award}", process, wanted, days, kind))


@PAGES.get("/start/<jurisdiction>/<award>/<process>/plan")
@route_guard("case.start")
@offer_file("case.start", _plan_file, "pdf", "docx")
def plan(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Show the plan that ends by the day asked for, or why there is none."""
    key = f"{jurisdiction}/{award}"
    view = view_start(the_desk(), the_actor(), key, process, None)
    about_package(view.package)
    crumbs((t("办件", "Cases"), "/cases"), (say(view.option.name), view.option.url), (t("倒排工期", "Plan"), None))
    found, refusal = None, None
    try:
        if request.args:
            wanted, days = _read_query()
            found = plan_round(the_desk(), the_actor(), key, process, wanted, days)
    except Invalid as invalid:
        refusal = invalid.message
    page = render_template(
        "applicant/plan.html", view=view, plan=found, refusal=refusal, day=request.args.get("day", "")[:20],
        query=request.query_string.decode(), most=MOST_DAYS,
    )  # fmt: skip
    return page, 422 if refusal else 200


def _read_query() -> tuple[date, dict[int, int]]:
    """Return the day asked for, and the working days typed for steps under ``d21``; raises Invalid."""
    days: dict[int, int] = {}
    for name, text in request.args.items():
        step = whole_number(name[1:]) if name.startswith("d") else None
        if step is None or not text.strip():
            continue
        count = whole_number(text.strip())
        if count is None:
            raise Invalid(
                Text(
                    f"预计的天数请填0至{MOST_DAYS}的整数。",
                    f"Enter the assumed days as whole numbers, 0 to {MOST_DAYS}.",
                )
            )
        days[step] = count
    wanted = day_asked(request.args, "day")
    if wanted is None:
        raise Invalid(Text("请先选择表彰日。", "Choose the day of commendation first."))
    return wanted, days
