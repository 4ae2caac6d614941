"""Pages of what is done in a recording apart from tasks, and of what is expected between its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import make_response, redirect, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.step.submission import FormInvalid
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.recording.record_scenario import (
    DeedKey,
    DeedView,
    act_recorded,
    expect_recorded,
    view_recorded_deed,
)
from service.casework.studio.recording.recordings import shorten_recording
from service.domain.errors import LaurelError
from service.domain.forms import FieldError
from service.domain.values.whole_numbers import whole_number, whole_numbers
from service.web.frame.page.form_shown import Placing, show_form
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.seasons.record_forms import SCENARIOS_PLACE, changed_parts, recording_place, typed_values

PAGES = studio_pages("studio_record_deed", "/studio/drafts/<int:draft>/scenarios/record")


@PAGES.get("/deed")
@route_guard("draft.edit")
def deed(draft: int) -> ResponseReturnValue:
    """Show what is asked for a deed: ?verb=, ?what=, ?case=, ?who=, ?notice=."""
    found = view_recorded_deed(the_desk(), the_actor(), draft, _read_key())
    return _page(draft, found, found.form.blank() if found.form else {})


@PAGES.post("/deed")
@route_guard("draft.edit")
def act(draft: int) -> ResponseReturnValue:
    """Do it."""
    found = view_recorded_deed(the_desk(), the_actor(), draft, _read_key())
    values = typed_values(found.form) if found.form else dict(request.form)
    if found.form is not None and found.form.is_edit(request.form):
        return _page(draft, found, values)
    try:
        act_recorded(the_desk(), the_actor(), draft, _read_key(), values)
    except FormInvalid as invalid:
        return _page(draft, found, values, invalid.errors, status=422)
    except LaurelError as refusal:
        return _page(draft, found, values, message=say(refusal.message), status=status_of(refusal))
    return redirect(recording_place(draft))


@PAGES.post("/deed/form")
@route_guard("draft.edit")
def refresh(draft: int) -> ResponseReturnValue:
    """Return what changes in the form of a deed with what is typed."""
    found = view_recorded_deed(the_desk(), the_actor(), draft, _read_key())
    if found.form is None or "HX-Request" not in request.headers:
        return _page(draft, found, typed_values(found.form))
    return changed_parts(found.form, _placing(draft, found))


@PAGES.post("/expect")
@route_guard("draft.edit")
def expect(draft: int) -> ResponseReturnValue:
    """Keep what was ticked as expectations of this moment."""
    expect_recorded(the_desk(), the_actor(), draft, set(whole_numbers(request.form.getlist("expect"))))
    return redirect(recording_place(draft))


@PAGES.post("/shorten")
@route_guard("draft.edit")
def shorten(draft: int) -> ResponseReturnValue:
    """Go on with the first steps that the draft still lets play."""
    shorten_recording(the_desk(), the_actor(), draft)
    return redirect(recording_place(draft))


def _read_key() -> DeedKey:
    args = request.args
    case = whole_number(args.get("case", "")) or 0
    return DeedKey(args.get("verb", ""), args.get("what", ""), case, args.get("who", ""), args.get("notice", ""))


def _placing(draft: int, found: DeedView) -> Placing:
    return {
        "today": found.today,
        "stored": found.settings,
        "package": found.package,
        "refresh_url": f"{recording_place(draft)}/deed/form?{request.query_string.decode()}",
    }


def _page(
    draft: int,
    found: DeedView,
    values: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    message: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    markup = show_form(found.form, values, errors, **_placing(draft, found)) if found.form else Markup("")
    page = studio_page(
        "record_deed.html",
        view_draft(the_desk(), the_actor(), draft),
        SCENARIOS_PLACE,
        found=found,
        form_markup=markup,
        message=message,
        typed=values,
        here=f"{recording_place(draft)}/deed?{request.query_string.decode()}",
    )
    return make_response(page, status)
