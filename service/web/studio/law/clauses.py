"""Pages of the clause workbench: the law as text with what carries it out, text split into clauses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.law.clauses import (
    ANSWERS,
    change_clause,
    cite_clause,
    rebind_clause,
    register_clauses,
    remove_clause,
    settle_clauses,
    view_carrying_choices,
    view_clauses,
)
from service.catalog.coverage.matrix import ClausePlace, ClauseSource, ClauseStatus, SourceKind, clause_places
from service.catalog.law_text.pieces import KINDS, prefix_of
from service.catalog.law_text.split import split_law
from service.catalog.pieces.piece_kinds import kind_of
from service.domain.errors import LaurelError
from service.domain.wording.numbers import counted
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.drafts.drafts import KIND_NAMES, names_of
from service.web.studio.frame import opened_at, studio_page, studio_pages
from service.web.studio.law.law_rows import pieces_of, rows_of_text, rows_sent, text_sent
from service.web.studio.places import editor_of

PAGES = studio_pages("studio_clauses")
_HERE = "studio_clauses.index"
_EDITORS = {
    SourceKind.ELEMENT: "diagrams",
    SourceKind.ROW: "tables",
    SourceKind.FIELD: "forms",
    SourceKind.FORM: "forms",
    SourceKind.DOCUMENT: "documents",
}


@PAGES.get("/clauses")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the law with what carries it out: ?clause= chooses one, ?status=, ?q= and ?element= narrow."""
    return _bench(draft, request.args.get("clause", ""))


@PAGES.get("/clauses/add")
@route_guard("draft.edit")
def add_page(draft: int) -> ResponseReturnValue:
    """Ask for the text of a law."""
    return _add(view_draft(the_desk(), the_actor(), draft))


@PAGES.post("/clauses/split")
@route_guard("draft.edit")
def split(draft: int) -> ResponseReturnValue:
    """Show the passages of a pasted or uploaded text, to be confirmed."""
    view = view_draft(the_desk(), the_actor(), draft)
    try:
        text = text_sent()
    except LaurelError as error:
        return _add(view, request.form.get("text", ""), say(error.message)), status_of(error)
    units = split_law(text)
    if not units:
        return _add(
            view, text, t("没有读出文字，请粘贴办法正文。", "There is no text: paste that of the regulation.")
        ), 422
    prefix = prefix_of(view.package.law) if view.package.law.clauses else "A"
    return _confirm(view, prefix, rows_of_text(units))


@PAGES.post("/clauses/register")
@route_guard("draft.edit")
def register(draft: int) -> ResponseReturnValue:
    """Put the confirmed passages into the register."""
    view = view_draft(the_desk(), the_actor(), draft)
    rows = list(rows_sent(request.form))
    prefix = request.form.get("prefix", "").strip()
    try:
        made = register_clauses(the_desk(), the_actor(), draft, prefix, list(pieces_of(rows)))
    except LaurelError as error:
        return _confirm(view, prefix, rows, say(error.message)), status_of(error)
    flash(t(f"已登记{len(made)}条条款。", f"{len(made)} clauses were registered."))
    return redirect(f"/studio/drafts/{draft}/clauses?status=OPEN")


@PAGES.post("/clauses")
@route_guard("draft.edit")
def settle(draft: int) -> ResponseReturnValue:
    """Write one reason for all clauses that are ticked; what was asked of the list goes with the address."""
    sent = request.form
    picked, answer, reason = sent.getlist("clause"), sent.get("answer", ""), sent.get("reason", "")

    def write() -> ResponseReturnValue:
        count = settle_clauses(the_desk(), the_actor(), draft, picked, answer, reason, opened_at())
        flash(t(f"{count}条条款已记为“{ANSWERS[answer].zh}”。", f"{count} clauses: {ANSWERS[answer].en}."))
        return redirect(f"/studio/drafts/{draft}/clauses?" + urlencode(_read_filter()))

    return guarded_page(
        write,
        lambda problem: _bench(draft, "", problem, picked=picked, answer=answer, reason=reason),
    )


@PAGES.post("/clauses/<clause>")
@route_guard("draft.edit")
def change(draft: int, clause: str) -> ResponseReturnValue:
    """Write what the register says of a clause."""
    said = {key: request.form[key] for key in request.form if key != "csrf_token"}

    def write() -> ResponseReturnValue:
        change_clause(the_desk(), the_actor(), draft, clause, said, opened_at())
        flash(t("已保存。", "Saved."))
        return redirect(to_clause(draft, clause))

    return guarded_page(write, lambda problem: _bench(draft, clause, problem, said))


@PAGES.post("/clauses/<clause>/cite")
@route_guard("draft.edit")
def cite(draft: int, clause: str) -> ResponseReturnValue:
    """Let an element cite a clause."""

    def write() -> ResponseReturnValue:
        cite_clause(the_desk(), the_actor(), draft, clause, request.form.get("element", ""), opened_at())
        flash(t("图元已引用这一条。", "The element cites the clause now."))
        return redirect(to_clause(draft, clause))

    return guarded_page(write, lambda problem: _bench(draft, clause, problem))


@PAGES.get("/clauses/<clause>/parameter")
@route_guard("draft.edit")
def choose_parameter(draft: int, clause: str) -> ResponseReturnValue:
    """Lead to the parameter that was chosen, or to a new one, with the clause among those it rests on."""
    name = request.args.get("parameter") or "new"
    return redirect(f"/studio/drafts/{draft}/parameters/{quote(name)}?" + urlencode({"clause": clause}))


@PAGES.post("/clauses/<clause>/remove")
@route_guard("draft.edit")
def remove(draft: int, clause: str) -> ResponseReturnValue:
    """Take a clause out of the register, unless something cites it."""

    def take_out() -> ResponseReturnValue:
        remove_clause(the_desk(), the_actor(), draft, clause, opened_at())
        flash(t(f"已移除条款{clause}。", f"Clause {clause} was removed."))
        return redirect(f"/studio/drafts/{draft}/clauses")

    return guarded_page(take_out, lambda problem: _bench(draft, clause, problem))


@PAGES.post("/clauses/<clause>/rebind")
@route_guard("draft.edit")
def rebind(draft: int, clause: str) -> ResponseReturnValue:
    """Let everything that cites a clause cite another."""
    other = request.form.get("other", "").strip()

    def write() -> ResponseReturnValue:
        count = rebind_clause(the_desk(), the_actor(), draft, clause, other, opened_at())
        flash(t(f"{count}个文件已改引{other}。", f"{counted(count, 'file cites', 'files cite')} {other} now."))
        return redirect(to_clause(draft, other))

    return guarded_page(write, lambda problem: _bench(draft, clause, problem))


def editor_href(draft: int, place: ClauseSource) -> str:
    """Return where what carries a clause out is edited, "" where no editor is for it."""
    if place.source_kind is SourceKind.PARAMETER:
        found = "studio_parameters.index" in current_app.view_functions
        name = place.element.removeprefix("parameters.")
        return f"/studio/drafts/{draft}/parameters/{name}" if found else ""
    editor = _EDITORS.get(place.source_kind, "")
    if f"studio_{editor}.index" not in current_app.view_functions:
        return ""
    return f"/studio/drafts/{draft}/{editor}/edit?" + urlencode({"path": place.file, "element": place.element})


def places_shown(draft: int, view: DraftView) -> dict[str, Any]:
    """Return what the list of the places that name a clause needs: names of files, their kinds, the ways there."""

    def href(place: ClausePlace) -> str:
        return editor_href(draft, place.source) if place.source else editor_of(draft, place.path)

    names = {"names": names_of(view), "kinds_of_files": KIND_NAMES, "kind_of": kind_of}
    return names | {"place_href": href, "file_href": lambda path: editor_of(draft, path)}


def to_clause(draft: int, clause: str) -> str:
    """Return the page of a clause."""
    return f"/studio/drafts/{draft}/clauses?" + urlencode({"clause": clause})


def guarded_page(act: Callable[[], ResponseReturnValue], again: Callable[[str], str]) -> ResponseReturnValue:
    """Do ``act``; what is refused is said on the page ``again``, which keeps what was typed."""
    try:
        return act()
    except LaurelError as error:
        return again(say(error.message)), status_of(error)


def _read_filter() -> dict[str, str]:
    """Return which clauses are listed: ?status=, ?q= and ?element=, also behind the form that settles several."""
    return {key: request.args.get(key, "") for key in ("status", "q", "element")}


def _bench(
    draft: int, clause: str, problem: str = "", typed: dict[str, str] | None = None, **settling: str | list[str]
) -> str:
    asked = _read_filter()
    status, text, element = asked["status"], asked["q"], asked["element"]
    bench = view_clauses(the_desk(), the_actor(), draft, clause, status, text, element)
    return studio_page(
        "clauses.html",
        bench.draft,
        _HERE,
        bench=bench,
        status=status,
        text=text,
        element=element,
        problem=problem,
        typed=typed or {},
        asked=asked,
        answers=ANSWERS,
        settling=settling,
        kinds=KINDS,
        ClauseStatus=ClauseStatus,
        proving=tuple({p.scenario: p.title for p in bench.chosen.proofs if p.looks}.items()) if bench.chosen else (),
        counts=dict(bench.counts),
        href=lambda place: editor_href(draft, place),
        carrying=view_carrying_choices(the_desk(), the_actor(), draft, clause)
        if bench.chosen and bench.draft.editable
        else None,
        named_by=clause_places(bench.draft.package, bench.uses, (clause,)),
        **places_shown(draft, bench.draft),
    )


def _add(view: DraftView, text: str = "", problem: str = "") -> str:
    return studio_page("clauses_add.html", view, _HERE, text=text, problem=problem)


def _confirm(view: DraftView, prefix: str, rows: list[dict[str, object]], problem: str = "") -> str:
    return studio_page("clauses_confirm.html", view, _HERE, prefix=prefix, rows=rows, problem=problem, kinds=KINDS)
