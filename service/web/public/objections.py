"""Objections of the public: lodged, followed and answered without an account."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import IO, Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.public.lodge import Lodging, lodge_publicly
from service.casework.public.uploads import (
    PUBLIC_MAX_BYTES,
    attach_publicly,
    find_public_upload,
    open_public_upload,
    remove_public_upload,
)
from service.casework.public.view_receipt import ReceiptView, act_publicly, open_reply, view_receipt
from service.casework.queries.downloads.files import DOCX, PDF, Download
from service.casework.queries.public.lodging import LodgingView, lodging_options, view_lodging
from service.casework.step.submission import FormInvalid
from service.casework.tasks.attach_upload import Attached
from service.domain.errors import Conflict, Invalid, LaurelError, NotFound
from service.domain.forms import FieldError, Form
from service.domain.text import Text
from service.web.forms import FormUrls, render_form, render_regions
from service.web.frame.page.files import hand_out, posted_file, rules_of
from service.web.frame.page.form_shown import build_citation_renderer
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.page.names import about, about_package, city_name, published
from service.web.frame.page.parts import qr_code
from service.web.frame.posted.form_posts import keep_files
from service.web.frame.requests.cookies import set_cookie
from service.web.frame.requests.current import language, say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.list_query import list_unheeded
from service.web.frame.requests.parse_values import row_id_or_none
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.request_pace import hash_sender_network

PAGES = Blueprint("objections", __name__)


CODE = "laurel_receipt"
"""Cookie that shows a fresh receipt again until the browser is closed."""

_UNCHOSEN = FieldError(
    "target", Text("异议对象", "Organisation"), Text("请选择对哪个组织提出异议。", "Choose what you object to.")
)


@PAGES.get("/objections")
@route_guard("objection.lodge")
def options() -> ResponseReturnValue:
    """Offer what can be objected to, of one city or of all, and the way to follow an objection."""
    cities = published().cities
    place_id = request.args.get("of", "")
    place = place_id if place_id in cities else None
    options = lodging_options(the_desk(), the_actor(), jurisdiction=place)
    if place is not None:
        about(place)
    set_breadcrumbs(*_list_portal_steps(place), (t("提出异议", "Object"), None))
    return render_template(
        "objections/options.html",
        posted=[option for option in options if option.notice is not None],
        others=[option for option in options if option.notice is None],
        place=place,
        cities=cities,
        gone=list_unheeded({"of": tuple(cities)}),
    )


@PAGES.get("/objections/<jurisdiction>/<award>/<process>")
@route_guard("objection.lodge")
def page(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Show the form."""
    view = _get_view(jurisdiction, award, process)
    return _render_page(view, view.form.blank() if view.form else {})


@PAGES.post("/objections/<jurisdiction>/<award>/<process>")
@route_guard("objection.lodge")
def lodge(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Take the objection; what was typed stays on the page when something is refused."""
    view = _get_view(jurisdiction, award, process)
    values = read_public_form(view.form) if view.form else {}
    refused = take_public_files(view.form, values) if view.form else []
    if refused or (view.form and view.form.is_edit(request.form)):
        return _render_page(view, values, refused, status=422 if refused else 200)
    target = _target(view)
    if target is None:
        return _render_page(view, values, [_UNCHOSEN, *_errors_of(view, values)], status=422)
    lodging = Lodging(view.package.key, view.process, target, view.notice)
    try:
        receipt = lodge_publicly(the_desk(), the_actor(), lodging, values, hash_sender_network())
    except FormInvalid as invalid:
        return _render_page(view, invalid.values, invalid.errors, status=422)
    except NotFound:
        raise
    except LaurelError as refusal:
        return _render_page(view, values, message=say(refusal.message), status=record_error_status(refusal))
    answer = make_response(redirect("/objections/receipt"))
    set_cookie(answer, CODE, receipt.code)
    return answer


@PAGES.post("/objections/<jurisdiction>/<award>/<process>/form")
@route_guard("objection.lodge")
def refresh(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Return the form as what was typed changes it."""
    view = _get_view(jurisdiction, award, process)
    form = _get_form(view)
    values = read_public_form(form)
    if "HX-Request" not in request.headers:
        return _render_page(view, values, take_public_files(form, values))
    if form.changes_rows(request.form):
        return make_response(_render_form(view, values, (), form.added_row(values, request.form)))
    return make_response(_render_regions(view, values))


@PAGES.post("/objections/<jurisdiction>/<award>/<process>/uploads")
@route_guard("objection.attach")
def upload(jurisdiction: str, award: str, process: str) -> ResponseReturnValue:
    """Store a file for a field of the form, or of an action's."""
    form = _get_form(_get_view(jurisdiction, award, process))
    return take_public_upload(form)


@PAGES.get("/objections/receipt")
@route_guard("objection.track")
def receipt() -> ResponseReturnValue:
    """Show a fresh receipt, to be printed or written down."""
    code = request.cookies.get(CODE, "")
    if not code:
        return redirect("/objections/track")
    view = view_receipt(the_desk(), the_actor(), code, hash_sender_network())
    _add_crumbs(view)
    return make_response(
        render_template(
            "objections/receipt.html", view=view, code=code, qr=_render_square(view, code), address=_build_address()
        )
    )


def _render_square(view: ReceiptView, code: str) -> Markup:
    """Return the square that holds number, code and address of a receipt."""
    words = t("二维码：回执编号、查询码和查询网址", "Square: number, code and address of the receipt")
    return qr_code(f"{view.number}\n{code}\n{_build_address()}", words)


def _build_address() -> str:
    return f"{the_settings().public_url}/objections/track"


@PAGES.get("/objections/track")
@route_guard("objection.track")
def track_page() -> ResponseReturnValue:
    """Ask for the code."""
    return _code_asked()


@PAGES.post("/objections/track")
@route_guard("objection.track")
def track() -> ResponseReturnValue:
    """Show where an objection stands."""
    code = request.form.get("code", "")
    if not code.strip():
        return _code_asked(code, t("请填写查询码。", "Please enter the code."), 422)
    try:
        view = view_receipt(the_desk(), the_actor(), code, hash_sender_network())
    except LaurelError as refusal:
        return _code_asked(code, say(refusal.message), record_error_status(refusal))
    return _render_tracking(view, code)


def _code_asked(code: str = "", problem: str = "", status: int = 200) -> Response:
    _add_crumbs(None)
    fresh = request.cookies.get(CODE, "") != ""
    page = render_template("objections/track.html", view=None, code=code, problem=problem, fresh=fresh)
    return make_response(page, status)


@PAGES.post("/objections/track/actions/<action>")
@route_guard("objection.track")
def act(action: str) -> ResponseReturnValue:
    """Do what the holder of a receipt may do now: complete, appeal."""
    code = request.form.get("code", "")
    view = view_receipt(the_desk(), the_actor(), code, hash_sender_network())
    chosen = next((a for a in view.actions if a.id == action), None)
    if chosen is None:
        return _render_tracking(
            view, code, problem=t("目前不能办理这一事项。", "This is not possible now."), status=409
        )
    values = read_public_form(chosen.form) if chosen.form else {}
    refused = take_public_files(chosen.form, values) if chosen.form else []
    if refused:
        return _render_tracking(view, code, action, values, refused, status=422)
    try:
        act_publicly(the_desk(), the_actor(), code, action, values, hash_sender_network())
    except FormInvalid as invalid:
        return _render_tracking(view, code, action, invalid.values, invalid.errors, status=422)
    except (Invalid, Conflict) as refusal:
        return _render_tracking(
            view, code, action, values, problem=say(refusal.message), status=record_error_status(refusal)
        )
    after = view_receipt(the_desk(), the_actor(), code, hash_sender_network())
    return _render_tracking(after, code, said=t("已经提交。", "Submitted."))


@PAGES.post("/objections/track/replies/<int:document>")
@route_guard("objection.track")
def reply(document: int) -> ResponseReturnValue:
    """Hand a reply out as a document, or as PDF where that is asked for."""
    pdf = request.form.get("as") == "pdf"
    row, content = open_reply(
        the_desk(), the_actor(), request.form.get("code", ""), document, hash_sender_network(), pdf=pdf
    )
    name, kind, size = (f"{row.title}.pdf", PDF, row.pdf_size) if pdf else (f"{row.title}.docx", DOCX, row.size)
    return hand_out(Download(name, kind, size or 0, content))


def _get_view(jurisdiction: str, award: str, process: str) -> LodgingView:
    place, notice = row_id_or_none(request.args, "place"), row_id_or_none(request.args, "notice")
    return view_lodging(the_desk(), the_actor(), f"{jurisdiction}/{award}", process, place=place, notice=notice)


def _target(view: LodgingView) -> int | None:
    chosen = request.form.get("target", "")
    known = [ident for ident, _ in view.targets]
    if len(known) == 1 and not chosen:
        return known[0]
    return next((ident for ident in known if str(ident) == chosen), None)


def _errors_of(view: LodgingView, values: Mapping[str, Any]) -> Sequence[FieldError]:
    return view.form.check(values, today=view.today, stored=view.settings).errors if view.form else ()


def _get_form(view: LodgingView) -> Form:
    if view.form is None:
        raise NotFound(Text("此处没有表单。", "There is no form here."))
    return view.form


def _render_page(
    view: LodgingView,
    values: Mapping[str, Any],
    errors: Sequence[FieldError] = (),
    *,
    message: str = "",
    status: int = 200,
) -> Response:
    about_package(view.package)
    set_breadcrumbs(
        *_list_portal_steps(view.package.jurisdiction.id),
        (view.notice_title or view.place_title, f"/notices/{view.notice}" if view.notice else None),
        (say(view.name), None),
    )
    form_markup = "" if view.refusal or view.form is None else _render_form(view, values, errors)
    unchosen = say(_UNCHOSEN.text) if _UNCHOSEN in errors else ""
    page = render_template(
        "objections/lodge.html",
        view=view,
        shown=form_markup,
        message=message,
        chosen=request.form.get("target", ""),
        unchosen=unchosen,
    )
    return make_response(page, status)


def _render_form(
    view: LodgingView, values: Mapping[str, Any], errors: Sequence[FieldError], focus: str | None = None
) -> str:
    path, _, query = view.address.partition("?")
    upload = f"{path}/uploads?{query}&field={{field}}"
    return show_public_form(
        _get_form(view), values, errors, view, upload=upload, refresh=f"{path}/form?{query}", focus=focus
    )


def _render_regions(view: LodgingView, values: Mapping[str, Any]) -> str:
    path, _, query = view.address.partition("?")
    upload, again = f"{path}/uploads?{query}&field={{field}}", f"{path}/form?{query}"
    return show_public_regions(
        _get_form(view), values, request.form.getlist("_seen"), view, upload=upload, refresh=again
    )


def _render_tracking(
    view: ReceiptView,
    code: str,
    action: str = "",
    values: Mapping[str, Any] | None = None,
    errors: Sequence[FieldError] = (),
    *,
    problem: str = "",
    said: str = "",
    status: int = 200,
) -> Response:
    _add_crumbs(view)
    forms = {
        a.id: show_public_form(
            a.form, values or {} if a.id == action else {}, errors if a.id == action else (), view, upload=""
        )
        for a in view.actions
        if a.form
    }
    page = render_template(
        "objections/track.html",
        view=view,
        code=code,
        forms=forms,
        problem=problem,
        said=said,
        opened=action,
        qr=_render_square(view, code),
    )
    return make_response(page, status)


def _add_crumbs(view: ReceiptView | None) -> None:
    place = view.package.jurisdiction.id if view is not None else None
    if view is not None:
        about_package(view.package)
    set_breadcrumbs(
        *_list_portal_steps(place), (t("异议", "Objections"), f"/objections?of={place}" if place else "/objections")
    )


def _list_portal_steps(place: str | None) -> list[tuple[str, str]]:
    """Return the steps of the breadcrumb above objections: the portal, and the city where one is known."""
    front = (t("公示与办法", "Notices and regulations"), "/portal")
    return [front, (city_name(place), f"/portal/{place}")] if place else [front]


@PAGES.get("/objections/uploads/<upload_id>")
@route_guard("objection.attach")
def show_upload(upload_id: str) -> ResponseReturnValue:
    """Return a file to the visitor who has just uploaded it."""
    row, content = open_public_upload(the_desk(), the_actor(), upload_id)
    return hand_out(Download(row.name, row.kind, row.size, content))


@PAGES.post("/objections/uploads/<upload_id>/remove")
@route_guard("objection.attach")
def remove_upload(upload_id: str) -> ResponseReturnValue:
    """Take a file out of a form that is not submitted yet."""
    remove_public_upload(the_desk(), the_actor(), upload_id)
    return jsonify(removed=upload_id)


def take_public_upload(form: Form) -> Response:
    """Store the file that came for a field of ``form``."""
    path, file = posted_file()
    upload = attach_publicly(
        the_desk(), the_actor(), path, file.filename or "", file.stream, rules_of(form, path), hash_sender_network()
    )
    address = f"/objections/uploads/{upload.id}"
    return jsonify(id=upload.id, name=upload.name, size=upload.size, url=address, remove_url=f"{address}/remove")


FILE_URL = "/objections/uploads/{id}"


def read_public_form(form: Form) -> dict[str, Any]:
    """Return what was posted for ``form``, with the files that were uploaded without account."""
    return dict(form.from_html(request.form, partial(find_public_upload, the_desk(), the_actor())))


def take_public_files(form: Form, values: dict[str, Any]) -> list[FieldError]:
    """Store the files that came with the form (no scripts) and put them into ``values``; returns what was refused."""

    def store_file(path: str, name: str, stream: IO[bytes]) -> Attached:
        return attach_publicly(the_desk(), the_actor(), path, name, stream, rules_of(form, path), hash_sender_network())

    return keep_files(form, values, store_file)


def _strip_settings_words(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form may read without the sentences about the city's settings, which are for its own staff."""
    return {**settings, "setting": {}, "setting_en": {}}


def _build_urls(refresh: str, upload: str) -> FormUrls:
    largest = min(the_settings().upload_bytes, PUBLIC_MAX_BYTES)
    return FormUrls(refresh=refresh, upload=upload, file=FILE_URL, largest=largest)


def show_public_form(
    form: Form,
    values: Mapping[str, Any],
    errors: Sequence[FieldError],
    view: LodgingView | ReceiptView,
    *,
    upload: str,
    refresh: str = "",
    focus: str | None = None,
) -> Markup:
    """Return the form to be filled in by a visitor without account; ``upload`` is where scripts send its files."""
    return render_form(
        form,
        {**form.blank(), **values},
        errors,
        today=view.today,
        urls=_build_urls(refresh, upload),
        language=language(),
        stored=_strip_settings_words(view.settings),
        cite=build_citation_renderer(view.package),
        focus=focus,
    )


def show_public_regions(
    form: Form,
    values: Mapping[str, Any],
    seen: Collection[str],
    view: LodgingView | ReceiptView,
    *,
    upload: str,
    refresh: str,
) -> Markup:
    """Return the parts of the form that depend on what was typed."""
    return render_regions(
        form,
        values,
        today=view.today,
        urls=_build_urls(refresh, upload),
        language=language(),
        stored=_strip_settings_words(view.settings),
        cite=build_citation_renderer(view.package),
        seen=seen,
    )
