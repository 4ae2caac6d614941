"""API routes of retention: what is due, trying it, erasing it, and the times of keeping."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, request

from service.casework.retention.erase import ask_erasures, try_erasures
from service.casework.retention.rules import change_rules
from service.casework.retention.view import NOT_REACHED, view_retention
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.arguments import calendar_day, row_place
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import retention as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.parse_values import cursor


def register(api: Blueprint) -> None:
    """Add the routes."""
    seen = ApiOperation(
        "GET", "/retention", "retention.view", "Times of keeping, what is due, and what was erased",
        schemas.RetentionOut, query={
            "by": calendar_day("what is due by this day; today when left out"),
            "after": row_place("continue the erasures: the `next` of the page before"),
        },
    )  # fmt: skip
    add_route(api, seen, show_retention)
    for path, guard, summary, out, body, work in (
        ("trial", "retention.erase", "Count what would be erased; nothing changes", schemas.TrialOut, schemas.CasesIn,
         try_retention),
        ("erasures", "retention.erase", "Erase what is due in these cases, for good", schemas.ErasuresBegunOut,
         schemas.ErasuresIn, begin_erasures),
        ("rules", "retention.change", "Let other times of keeping hold from a day on", schemas.RulesChangedOut,
         schemas.RulesIn, change_retention),
    ):  # fmt: skip
        add_route(api, ApiOperation("POST", f"/retention/{path}", guard, summary, out, body), work)


def show_retention() -> dict[str, Any]:
    """Show."""
    raw = request.args.get("by", "").strip()
    try:
        by = date.fromisoformat(raw) if raw else None
    except ValueError:
        raise Invalid(Text("日期请写成 2026-06-05 的样子。", "Write dates like 2026-06-05.")) from None
    view = view_retention(the_desk(), the_actor(), by, cursor(request.args, "after"))
    return {
        "by": view.by,
        "rules": [
            {"jurisdiction": place, "name": rule.name, "text": rule.text.as_json(), "years": rule.years}
            for place, rules in view.rules.items()
            for rule in rules
        ],
        "coming": [
            {"jurisdiction": place, "name": row.name, "years": row.years, "from_day": row.from_day}
            for place, rows in view.coming.items()
            for row in rows
        ],
        "due": [
            {"case": one.case.id, "round": each.root.id, "title": one.case.title, "kind": one.kind, "due": one.due,
             "refusals": [why.as_json() for why in one.refusals]}
            for each in view.rounds
            for one in each.cases
        ],
        "erasures": [
            {"id": one.row.id, "case": one.row.case_id, "parts": one.row.parts, "state": one.row.state,
             "reason": one.row.reason, "asked_at": one.row.asked_at, "ended_at": one.row.ended_at,
             "found": one.row.found}
            for one in view.erasures
        ],
        "next": view.before,
        "not_reached": [one.as_json() for one in NOT_REACHED],
    }  # fmt: skip


def try_retention(body: dict[str, Any]) -> dict[str, Any]:
    """Try."""
    tried = try_erasures(the_desk(), the_actor(), body["cases"])
    return {
        "cases": [
            {"case": one.due.case.id, "parts": sorted(one.due.due), "found": one.found.as_json() if one.found else None,
             "refusals": [why.as_json() for why in one.due.refusals],
             "documents_above": [{"id": number, "title": title} for number, title in one.found.above]
             if one.found else []}
            for one in tried
        ]
    }  # fmt: skip


def begin_erasures(body: dict[str, Any]) -> dict[str, Any]:
    """Erase."""
    return {"count": ask_erasures(the_desk(), the_actor(), body["cases"], body["reason"])}


def change_retention(body: dict[str, Any]) -> dict[str, Any]:
    """Change."""
    place, years = body["jurisdiction"], body["years"]
    return {"count": change_rules(the_desk(), the_actor(), place, years, body["from_day"], body["reason"])}
