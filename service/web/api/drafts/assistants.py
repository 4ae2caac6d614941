"""API routes of the assistants for common clauses, and of the calendar by which the place of a draft counts."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.studio.law.assist_choices import assist_choices
from service.casework.studio.law.assist_clause import Assistance, propose_assistance, write_assistance
from service.casework.studio.law.attest_condition import (
    TypedCondition,
    propose_condition,
    view_condition,
    write_condition,
)
from service.casework.studio.law.read_clause import read_clause_text
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.parameters.study_calendar import NoticeForecast, TypedNotice, foresee_notice, view_calendar
from service.catalog.assistants.clause_questions import QUESTIONS
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.clause_kinds.clause_question import ClauseQuestion
from service.domain.calendar import CalendarYear, Layer
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.web.api.arguments import Query, whole, words
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import assistants as schemas
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one, see, edit = "/drafts/<int:draft>", "draft.view", "draft.edit"
    reads: Query = {
        "kind": words("the assistant that reads it; found by the words when left out", *AssistKind),
        "tier": "the tier of which is read where the text gives each a number; else the first not written yet",
    }
    year = {"year": whole("such as 2026; the year of today when left out", 1900, 9999)}
    for operation, work in (
        (ApiOperation("GET", f"{one}/assistance", see, "List what assistants may apply to", schemas.AssistChoicesOut), assistance_choices),
        (ApiOperation("POST", f"{one}/assistance", edit, "Show or write what an assistant proposes", schemas.AssistanceOut, schemas.AssistanceIn), assist),
        (ApiOperation("GET", f"{one}/assistance/<clause>", see, "Read a clause", schemas.ClauseReadingOut, None, reads), clause_reading),
        (ApiOperation("GET", f"{one}/condition/<clause>", see, "Read a condition of applying", schemas.ConditionOut), condition),
        (ApiOperation("POST", f"{one}/condition", edit, "Show or write a condition of applying", schemas.AssistanceOut, schemas.ConditionIn), attest),
        (ApiOperation("GET", f"{one}/calendar", see, "See the days of a year", schemas.DraftCalendarOut, None, year), draft_calendar),
        (ApiOperation("POST", f"{one}/calendar/forecast", edit, "Foresee days off", schemas.NoticeForecastOut, schemas.DaysOffNoticeIn), days_off_forecast),
    ):  # fmt: skip
        add_route(api, operation, work)


def assistance_choices(draft: int) -> dict[str, Any]:
    """List."""
    found = assist_choices(the_desk(), the_actor(), draft)
    elements = [dict(zip(("element", "name", "diagram"), one, strict=True)) for one in found.elements]
    scenarios = [{"path": path, "title": title} for path, title in found.scenarios]
    tiers = [{"key": key, "name": name} for key, name in found.tiers]
    roles = [{"key": key, "name": name} for key, name in found.roles]
    asked = [_question(kind, one) for kind, each in QUESTIONS.items() for one in each]
    return {"elements": elements, "scenarios": scenarios, "tiers": tiers, "roles": roles, "questions": asked}


def clause_reading(draft: int, clause: str) -> dict[str, Any]:
    """Read."""
    wanted = request.args.get("kind", "")
    kind = next((one for one in AssistKind if one.value == wanted), None)
    if wanted and kind is None:
        known = "、".join(AssistKind)
        raise Invalid(
            Text(f"没有“{wanted}”这个助手，可用：{known}。", f"There is no assistant “{wanted}”; known: {known}.")
        )
    found = read_clause_text(the_desk(), the_actor(), draft, clause, kind, request.args.get("tier", ""))
    read = found.reading
    each = [{"tier": one.id, "words": one.words, "parameter": one.parameter} for one in found.tiers]
    told: dict[str, Any] = {
        "values": read.fields,
        "words": read.words,
        "asked": read.asked,
        "unread": list(read.unread),
    }
    told |= {"tier": found.tier, "tiers": each}
    return {
        "kind": found.kind.value,
        **told,
        "others": [kind.value for kind in found.others],
        "condition": found.condition,
    }


def assist(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Show or write."""
    typed = TypedAssistance(**{key: value for key, value in body.items() if key != "confirm"})
    act = write_assistance if body["confirm"] else propose_assistance
    found = act(the_desk(), the_actor(), draft, typed)
    return _shown(found, written=body["confirm"])


def condition(draft: int, clause: str) -> dict[str, Any]:
    """Read."""
    found = view_condition(the_desk(), the_actor(), draft, clause)
    rows = [{"path": path, "name": name} for path, name in found.rows]
    scenarios = [{"path": path, "title": title} for path, title in found.scenarios]
    told = {"words": found.words, "bars": found.bars, "asked": found.asked}
    return {**told, "rows": rows, "items": found.items, "scenarios": scenarios}


def attest(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Show or write."""
    typed = TypedCondition(**{key: value for key, value in body.items() if key != "confirm"})
    act = write_condition if body["confirm"] else propose_condition
    found = act(the_desk(), the_actor(), draft, typed)
    return _shown(found, written=body["confirm"])


def _shown(found: Assistance, *, written: bool) -> dict[str, Any]:
    changes = [{"path": one.path, "lines": [f"{mark}{line}" for mark, line in one.lines]} for one in found.changes]
    sentences = [sentence.text for one in found.written for sentence in one.sentences]
    told = {"sentences": sentences, "expectation": found.expectation, "remark": found.remark}
    return {"changes": changes, **told, "touched": found.touched, "written": written}


def _question(kind: AssistKind, asked: ClauseQuestion) -> dict[str, Any]:
    options = [{"key": key, "name": name} for key, name in asked.options]
    told = {"kind": kind.value, "question": asked.id, "title": asked.title, "asked": asked.asked.value}
    return {**told, "default": asked.default, "options": options}


def draft_calendar(draft: int) -> dict[str, Any]:
    """See a year."""
    found = view_calendar(the_desk(), the_actor(), draft, whole_number(request.args.get("year", "")) or 0)
    layers = [_layer(layer, year) for layer, year in found.layers]
    return {"year": found.year, "years": found.years, "working_days": found.working_days, "layers": layers}


def days_off_forecast(body: dict[str, Any], draft: int) -> NoticeForecast:
    """Foresee."""
    return foresee_notice(the_desk(), the_actor(), draft, TypedNotice(**body))


def _layer(layer: Layer, year: CalendarYear | None) -> dict[str, Any]:
    days_off, make_up = (year.days_off, sorted(year.make_up)) if year else ((), [])
    told = {"key": layer.key, "name": layer.name, "known": year is not None}
    return {**told, "days_off": days_off, "make_up": make_up}
