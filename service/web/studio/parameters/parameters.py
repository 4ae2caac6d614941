"""Pages of a draft's parameters: a table by chapter, one parameter, what a new value brings about before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.simulate.scenarios.shapes import Like
from service.casework.studio.drafts.compare_draft import named_difference
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.parameters.change_parameter import (
    ParameterProposal,
    ParameterRefused,
    TypedParameter,
    build_parameter_fields,
    drop_parameter,
    propose_parameter,
    save_parameter,
)
from service.casework.studio.parameters.parameter_shape import is_closed, shape_of_value, with_ids
from service.casework.studio.parameters.view_parameters import (
    ParameterLine,
    view_parameter,
    view_parameters,
    words_in_place,
)
from service.catalog import Package, Parameter
from service.catalog.parameters.units import UNITS
from service.catalog.settings.settings import read_value, typed_value
from service.catalog.source.freeze import thaw
from service.domain.errors import Invalid, LaurelError
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import editor_of, guarded_page, names_of, opened_at, studio_page, studio_pages
from service.web.studio.scenarios.scenario_inputs import ABSENT, COUNT, RowInput, input_of, read_input

NAME = "value"
BESIDE = "value_beside"
"""Further items of a list whose names are not all known, one a line."""


def value_input(package: Package, parameter: Parameter, typed: str, rows: Any = ABSENT) -> RowInput | None:
    """Return the inputs of a value: of ``rows`` as they stand on the page, or of what ``typed`` says; None for one text."""
    shape = shape_of_value(package, parameter)
    if shape is None:
        return None
    try:
        value = read_value(parameter, typed) if rows is ABSENT else rows
    except Invalid:
        return None
    input_field = input_of(shape, value, NAME)
    return None if input_field.written else input_field


def asks_beside(package: Package, parameter: Parameter, row_input: RowInput | None) -> bool:
    """Tell whether a list may have further items than those that are offered by name."""
    return row_input is not None and row_input.shape.like is Like.SEVERAL and not is_closed(package, parameter)


def posted_rows(package: Package, parameter: Parameter, form: MultiDict[str, str], stored_text: str) -> Any:
    """Return the value in the inputs, ABSENT where the page had one text; raises Invalid for a number that is none."""
    shape = shape_of_value(package, parameter)
    many = shape is not None and shape.like in (Like.ROWS, Like.SEVERAL)
    if shape is None or (NAME in form and not many) or (many and NAME + COUNT not in form):
        return ABSENT
    value = read_input(shape, form, NAME, read_value(parameter, stored_text) if stored_text else ABSENT)
    if shape.like is Like.SEVERAL:
        beside = [line.strip() for line in form.get(BESIDE, "").splitlines() if line.strip()]
        return [*([] if value in (ABSENT, None) else value), *beside]
    return [] if value is ABSENT and many else value


def posted_text(parameter: Parameter, rows: Any) -> str:
    """Return the value of the inputs as text, which is read as anybody's who types one; ids that are missing are made."""
    return typed_value(with_ids(parameter, rows) if isinstance(rows, list) else rows)


PAGES = studio_pages("studio_parameters")
_HERE = "studio_parameters.index"
_NEW = "new"
_FIELDS = (
    "name",
    "unit",
    "clauses",
    "source",
    "value",
    "since",
    "minimum",
    "maximum",
    "choices",
    "question",
)
_WORDS = ("name_en", "key")


@PAGES.get("/parameters")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the parameters by chapter: ?q= looks for some, ?parameter= leads to the one that was chosen for a clause."""
    args = request.args
    if "parameter" in args:
        chosen, clause = args["parameter"] or _NEW, args.get("clause")
        return redirect(url_for("studio_parameters.parameter", draft=draft, parameter=chosen, clause=clause))
    text = args.get("q", "")
    table = view_parameters(the_desk(), the_actor(), draft, text)
    return studio_page("parameters.html", table.draft, _HERE, table=table, text=text, units=UNITS)


@PAGES.get("/parameters/<parameter>")
@route_guard("draft.view")
def parameter(draft: int, parameter: str) -> ResponseReturnValue:
    """Show one parameter and the form that changes it, or adds one called ``new``: ?clause= is one more that it rests on."""
    clause = request.args.get("clause", "")
    if parameter == _NEW:
        return _render_page(draft, "", {"source": "stated", "unit": "working_days", "clauses": clause})
    line = view_parameter(the_desk(), the_actor(), draft, parameter)[1]
    fields = _fields_of(line)
    cited = dict.fromkeys(f"{fields['clauses']} {clause}".split())
    return _render_page(draft, parameter, {**fields, "clauses": " ".join(cited)})


@PAGES.post("/parameters/<parameter>")
@route_guard("draft.edit")
def change(draft: int, parameter: str) -> ResponseReturnValue:
    """Show what a new or changed parameter brings about; with ``confirm`` write it; or remove one that nothing reads."""
    if request.form.get("do") != "remove":
        return _handle_act(draft, "" if parameter == _NEW else parameter)
    line = view_parameter(the_desk(), the_actor(), draft, parameter)[1]

    def drop_and_return() -> ResponseReturnValue:
        drop_parameter(the_desk(), the_actor(), draft, parameter, opened_at())
        name = line.parameter.text
        flash(t(f"已移除参数“{name.zh}”。", f"The parameter “{name.en}” was removed."))
        return redirect(url_for(_HERE, draft=draft))

    return guarded_page(drop_and_return, lambda problem: _render_page(draft, parameter, _fields_of(line), problem))


def _fields_of(line: ParameterLine) -> dict[str, str]:
    """Return the fields of the form for a parameter as it stands."""
    values = line.parameter.values
    return dict(build_parameter_fields(line.parameter, typed_value(thaw(values[-1].value)) if values else ""))


def _handle_act(draft: int, ident: str) -> ResponseReturnValue:
    fields = {key: request.form.get(key, "") for key in _FIELDS}
    fields |= {key: request.form[key] for key in _WORDS if key in request.form}
    rows: Any = ABSENT
    try:
        if ident:
            view, line = view_parameter(the_desk(), the_actor(), draft, ident)
            stored_value = typed_value(thaw(line.parameter.values[-1].value)) if line.parameter.values else ""
            rows = posted_rows(view.package, line.parameter, request.form, stored_value)
            if request.form.keys() & {"_add", "_remove"}:
                return _render_page(draft, ident, fields, rows=rows)
            fields |= {} if rows is ABSENT else {"value": posted_text(line.parameter, rows)}
        typed = TypedParameter(ident or request.form.get("id", "").strip(), **fields)
        if request.form.get("confirm"):
            saved = save_parameter(the_desk(), the_actor(), draft, typed, not ident, opened_at())
            flash(t("已写入草稿。", "Written into the draft."))
            clause = request.form.get("clause", "")
            if clause:
                return redirect(url_for("studio_clauses.index", draft=draft, clause=clause))
            return redirect(url_for(_HERE, draft=draft, _anchor=saved))
        proposal = propose_parameter(the_desk(), the_actor(), draft, typed, not ident, opened_at())
    except LaurelError as error:
        typed_fields = {**fields, "id": ident or request.form.get("id", "").strip()}
        refused = (error, *error.others) if isinstance(error, ParameterRefused) else ()
        faults = {one.field: say(one.message) for one in refused}
        return _render_page(draft, ident, typed_fields, say(error.message), rows=rows, faults=faults), status_of(error)
    return _render_page(draft, ident, {**fields, "id": typed.id}, proposal=proposal)


def _render_page(
    draft: int,
    ident: str,
    typed: dict[str, str],
    problem: str = "",
    proposal: ParameterProposal | None = None,
    rows: Any = ABSENT,
    faults: Mapping[str, str] | None = None,
) -> str:
    if ident:
        view, line = view_parameter(the_desk(), the_actor(), draft, ident)
    else:
        view, line = view_draft(the_desk(), the_actor(), draft), None
    value_field = value_input(view.package, line.parameter, typed.get("value", ""), rows) if line else None
    return studio_page(
        "parameter.html",
        view,
        _HERE,
        ident=ident,
        line=line,
        typed=typed,
        problem=problem,
        faults=faults or {},
        proposal=proposal,
        difference=named_difference(proposal.difference, proposal.before, proposal.after, say)
        if proposal and proposal.difference
        else None,
        units=UNITS,
        law=view.package.law,
        names=names_of(view),
        editor_of=editor_of,
        choice_names={c: words_in_place(view.package, line.parameter, c) for c in line.parameter.choices}
        if line
        else {},
        shown=value_field,
        beside=BESIDE if line and asks_beside(view.package, line.parameter, value_field) else "",
    )
