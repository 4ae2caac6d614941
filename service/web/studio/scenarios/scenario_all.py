"""Pages that bring all scenarios after a change: a new step put into each, a new field filled in, days moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.simulate.scenarios.form_shapes import form_shapes
from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.scenarios.add_step import StepProposal, propose_step, view_step, write_step
from service.casework.studio.scenarios.fill_entry import EntryChoice, EntryProposal, propose_entry, write_entry
from service.casework.studio.scenarios.follow_period import propose_days, view_days, write_days, write_results
from service.casework.studio.scenarios.missing_steps import missing_steps, tasks_of
from service.casework.studio.scenarios.run_scenarios import run_scenarios
from service.casework.studio.scenarios.scenario_proposals import ProposalView
from service.catalog import Package
from service.catalog.coverage.matrix import form_title
from service.domain.errors import Conflict, LaurelError
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.scenarios.scenario_inputs import ABSENT, RowInput, input_of
from service.web.studio.scenarios.scenario_reading import read_input

PAGES = studio_pages("studio_scenario_all", "/studio/drafts/<int:draft>/scenarios/all")
_PLACE = "studio_scenarios.index"


@PAGES.get("/step")
@route_guard("draft.edit")
def step(draft: int) -> ResponseReturnValue:
    """Choose a task, say what is filled in, and see where it stands in each scenario: ?element=."""
    found = view_step(the_desk(), the_actor(), draft)
    element = request.args.get("element", "")
    asked = found.job.asked if found.job else {}
    return _step(draft, found, element, asked["values"] if asked.get("element") == element else {})


@PAGES.post("/step")
@route_guard("draft.edit")
def look(draft: int) -> ResponseReturnValue:
    """Look where the task stands in each scenario."""
    element = request.form.get("element", "")
    found = view_step(the_desk(), the_actor(), draft)
    typed: dict[str, Any] = {}
    try:
        typed = _typed(_shape(found.package, _form_of(found.package, element)))
        if not request.form.keys() & {"_add", "_remove"}:
            propose_step(the_desk(), the_actor(), draft, element, typed)
            return redirect(url_for("studio_scenario_all.step", draft=draft, element=element))
    except LaurelError as refusal:
        return _step(draft, found, element, typed, say(refusal.message), status_of(refusal))
    return _step(draft, found, element, typed)


@PAGES.post("/step/write")
@route_guard("draft.edit")
def write(draft: int) -> ResponseReturnValue:
    """Write the step into the scenarios that are ticked, and play all of them."""
    element = request.form.get("element", "")
    try:
        written = write_step(the_desk(), the_actor(), draft, frozenset(request.form.getlist("path")))
    except LaurelError as refusal:
        found = view_step(the_desk(), the_actor(), draft)
        return _step(draft, found, element, {}, say(refusal.message), status_of(refusal))
    return _played(draft, len(written))


@PAGES.get("/days")
@route_guard("draft.edit")
def days(draft: int) -> ResponseReturnValue:
    """Show which days of the scenarios follow the draft."""
    return _days(draft)


@PAGES.post("/days")
@route_guard("draft.edit")
def look_at_days(draft: int) -> ResponseReturnValue:
    """Look which days follow the draft, beside the requests."""
    try:
        propose_days(the_desk(), the_actor(), draft, request.form.getlist("path"))
    except LaurelError as refusal:
        return _days(draft, say(refusal.message), status_of(refusal))
    return redirect(url_for("studio_scenario_all.days", draft=draft))


@PAGES.post("/days/write")
@route_guard("draft.edit")
def put_days(draft: int) -> ResponseReturnValue:
    """Write the days into the scenarios that are ticked, and play all of them; one that is alone by itself."""
    try:
        written = write_days(the_desk(), the_actor(), draft, frozenset(request.form.getlist("path")))
    except LaurelError as refusal:
        return _days(draft, say(refusal.message), status_of(refusal))
    return _played(draft, len(written), written if len(written) == 1 else ())


@PAGES.post("/days/results")
@route_guard("draft.edit")
def put_results(draft: int) -> ResponseReturnValue:
    """Write the results that came into the scenarios that are ticked, for the reason that is typed, and play them."""
    paths, reason = frozenset(request.form.getlist("path")), request.form.get("reason", "")
    try:
        written = write_results(the_desk(), the_actor(), draft, paths, reason)
    except LaurelError as refusal:
        return _days(draft, say(refusal.message), status_of(refusal), paths, reason)
    return _played(draft, len(written), written if len(written) == 1 else ())


def _days(
    draft: int, problem: str = "", status: int = 200, ticked: Collection[str] = (), reason: str = ""
) -> ResponseReturnValue:
    found = view_days(the_desk(), the_actor(), draft)
    view = view_draft(the_desk(), the_actor(), draft)
    page = studio_page("scenario_days.html", view, _PLACE, found=found, problem=problem, ticked=ticked, reason=reason)
    return make_response(page, status)


@PAGES.get("/fill")
@route_guard("draft.edit")
def fill(draft: int) -> ResponseReturnValue:
    """Choose a field of a form and one value for all: ?form=, ?field=."""
    return _fill(draft, request.args.get("form", ""), request.args.get("field", ""))


@PAGES.post("/fill")
@route_guard("draft.edit")
def put(draft: int) -> ResponseReturnValue:
    """Show what one value would change in each scenario; with ``confirm``, write it into those that are ticked."""
    typed, value = request.form, None
    form, field = typed.get("form", ""), typed.get("field", "")
    desk, actor = the_desk(), the_actor()
    try:
        shape = _field_shape(view_draft(desk, actor, draft).package, form, field)
        read = read_input(shape, typed, "value", ABSENT) if shape else ABSENT
        value = None if read is ABSENT else read
        if typed.get("confirm"):
            chosen = EntryChoice(frozenset(typed.getlist("path")), typed.get("mark", ""))
            return _played(draft, len(write_entry(desk, actor, draft, form, field, value, chosen)))
        proposal = propose_entry(desk, actor, draft, form, field, value)
    except LaurelError as refusal:
        return _fill(draft, form, field, value, problem=say(refusal.message), status=status_of(refusal))
    return _fill(draft, form, field, value, proposal)


def _played(draft: int, count: int, paths: Sequence[str] = ()) -> ResponseReturnValue:
    """Play what was written, and say that it is written also where nothing more can be played now."""
    written = t(
        f"已写入 {count} 个情景；要撤回，在“历史”中回到写入之前。",
        f"Written into {counted(count, 'scenario')}. To undo it, go back under “History”.",
    )
    try:
        run_scenarios(the_desk(), the_actor(), draft, paths)
        playing = (
            t("正在运行它。", " It is being played.")
            if paths
            else t("正在全部运行。", " All of them are being played.")
        )
    except Conflict as refusal:
        playing = t(f"还没有运行：{refusal.message.zh}", f" They are not played yet: {refusal.message.en}")
    flash(f"{written}{playing}")
    back = f"/studio/drafts/{draft}/scenarios"
    return redirect(f"{back}/view?{urlencode({'path': paths[0]})}" if paths else back)


def _step(
    draft: int,
    found: ProposalView[StepProposal],
    element: str,
    held: Mapping[str, Any],
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    missing = missing_steps(the_desk(), the_actor(), draft).steps
    tasks = [one for one in tasks_of(found.package) if one not in missing]
    proposal = found.proposal if found.proposal and found.proposal.element == element else None
    page = studio_page(
        "scenario_step.html",
        view_draft(the_desk(), the_actor(), draft),
        _PLACE,
        found=found,
        proposal=proposal,
        element=element,
        missing=missing,
        tasks=tasks,
        inputs=_inputs(_shape(found.package, _form_of(found.package, element)), held),
        problem=problem,
    )
    return make_response(page, status)


def _fill(
    draft: int,
    form: str,
    field: str,
    value: Any = None,
    proposal: EntryProposal | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    view = view_draft(the_desk(), the_actor(), draft)
    shape = _field_shape(view.package, form, field)
    page = studio_page(
        "scenario_fill.html",
        view,
        _PLACE,
        form=form,
        field=field,
        forms=_forms(view.package),
        fields=tuple(_fields(form_shapes(view.package, form), "", "")),
        value=input_of(shape, ABSENT if value is None else value, "value") if shape else None,
        proposal=proposal,
        missing=missing_steps(the_desk(), the_actor(), draft).entries,
        problem=problem,
    )
    return make_response(page, status)


def _form_of(package: Package, element: str) -> str:
    return next((d.elements[element].form for d in package.diagrams.values() if element in d.elements), None) or ""


def _shape(package: Package, form: str) -> ValueShape:
    return ValueShape("with", Text("表单内容", "What is filled in"), Like.GROUP, inner=form_shapes(package, form))


def _inputs(shape: ValueShape, held: Mapping[str, Any]) -> tuple[RowInput, ...]:
    return input_of(shape, dict(held), "with").inner


def _typed(shape: ValueShape) -> dict[str, Any]:
    found = read_input(shape, request.form, "with", ABSENT)
    return {} if found is ABSENT else dict(found)


def _forms(package: Package) -> tuple[tuple[str, str], ...]:
    """Return the forms that steps fill in, by what they are called."""
    used = {e.form for d in package.diagrams.values() for e in d.elements.values() if e.form}
    used |= {info.start_form for info in package.award.processes.values() if info.start_form}
    used |= {action.form for action in package.award.actions.values() if action.form}
    found = [(form, form_title(package, form)) for form in used if "{" not in form and package.has_form(form)]
    return tuple(sorted(found, key=lambda one: one[1]))


def _fields(shapes: Iterable[ValueShape], path: str, label: str) -> Iterable[tuple[str, str]]:
    """Yield the fields of a form by path, with what they are called within their groups."""
    for one in shapes:
        here, called = f"{path}{one.key}", f"{label}{say(one.label)}"
        if one.like in (Like.GROUP, Like.ROWS):
            below = f"{here}[]." if one.like is Like.ROWS else f"{here}."
            yield from _fields(one.inner, below, f"{called} › ")
        else:
            yield here, called


def _field_shape(package: Package, form: str, field: str) -> ValueShape | None:
    shapes = form_shapes(package, form)
    found = None
    for part in field.split("."):
        found = next((one for one in shapes if one.key == part.removesuffix("[]")), None)
        if found is None:
            return None
        shapes = found.inner
    return found if found is not None and found.like not in (Like.GROUP, Like.ROWS) else None
