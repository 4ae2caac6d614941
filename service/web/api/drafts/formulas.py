"""API routes of formulas: what may be written at a place of a draft, and what is wrong with what was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, request

from service.casework.studio.pieces.judge_formula import TypedFormula, judge_formula
from service.casework.studio.pieces.offer_words import offer_words
from service.catalog.formula_help.judge import Fault
from service.catalog.formula_help.tried import Tried, shown_value
from service.catalog.formula_names.names import FormulaName
from service.web.api.arguments import Query, needed
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.formulas import FormulaIn, FormulaJudgedOut, FormulaWordsOut
from service.web.frame.requests.current import the_actor, the_desk

_LONGEST = 60


def register(api: Blueprint) -> None:
    """Add the routes."""
    place: Query = {
        "path": needed("the file, such as processes/CITY/AWARD/eligibility.dmn"),
        "element": "the element, row, form field or key at which the formula stands",
        "field": "what the formula is for: cell, condition, due, prefill, parameter, start_condition and the like",
    }
    words = ApiOperation(
        "GET",
        "/drafts/<int:draft>/words",
        "draft.view",
        "List what a formula may read and call",
        FormulaWordsOut,
        None,
        place,
    )
    formula = ApiOperation(
        "POST",
        "/drafts/<int:draft>/formula",
        "draft.view",
        "Judge a formula and try it on a record",
        FormulaJudgedOut,
        FormulaIn,
        place,
    )
    add_route(api, words, draft_words)
    add_route(api, formula, judge_draft_formula)


def draft_words(draft: int) -> dict[str, Any]:
    """List."""
    found = offer_words(the_desk(), the_actor(), draft, *_place())
    return {
        "names": [_name(name, found.sample.values) for name in found.words.names],
        "functions": found.words.functions,
        "sample": found.sample.title,
    }


def judge_draft_formula(body: dict[str, Any], draft: int) -> dict[str, Any]:
    """Judge."""
    typed = TypedFormula(body["text"], body["kind"] == "tests", body["input"], body["case"], body["facts"])
    judged = judge_formula(the_desk(), the_actor(), draft, *_place(), typed)
    return {"problems": [_fault(f) for f in judged.faults], "value": _value(judged.value), "record": judged.record}


def _place() -> tuple[str, str, str]:
    asked = request.args
    return asked.get("path", ""), asked.get("element", ""), asked.get("field", "")


def _name(name: FormulaName, values: Mapping[str, Any]) -> dict[str, Any]:
    """Describe a name with its value; of a list, what the first row holds."""
    value = values.get(name.name)
    inside: Any = (
        value[0] if name.is_list and isinstance(value, Sequence) and not isinstance(value, str) and value else value
    )
    held = inside if isinstance(inside, Mapping) else {}
    return {
        "name": name.name,
        "type": name.type,
        "kind": name.kind,
        "label": name.label,
        "sample": None if name.entries or value is None else shown_value(value)[:_LONGEST],
        "entries": [_name(entry, held) for entry in name.entries],
    }


def _fault(fault: Fault) -> dict[str, Any]:
    said = {"message": fault.message, "remedy": fault.remedy, "suggestion": fault.suggestion}
    return {"start": fault.start, "end": fault.end, "severity": fault.severity.value, **said}


def _value(value: Tried | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"shown": value.shown, "gaps": value.gaps, "refused": value.refused, "reasons": value.reasons}
