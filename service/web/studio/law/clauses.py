"""Pages of the clause workbench: the law as text with what carries it out, text split into clauses, an amended text compared."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.casework.studio.law.clauses import (
    ANSWERS,
    change_clause,
    cite_clause,
    confirm_amendment,
    propose_amendment,
    rebind_clause,
    register_clauses,
    remove_clause,
    settle_clauses,
    view_carrying_choices,
    view_clauses,
)
from service.catalog.coverage.matrix import ClausePlace, ClauseSource, ClauseStatus, SourceKind, clause_places
from service.catalog.law_text.compare_texts import ClauseAct
from service.catalog.law_text.pieces import KINDS, prefix_of
from service.catalog.law_text.split import split_law
from service.catalog.pieces.piece_kinds import kind_of
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number, whole_numbers
from service.domain.wording.numbers import counted
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.presentation import KIND_NAMES
from service.web.studio.frame import (
    editor_of,
    guarded_page,
    names_of,
    opened_at,
    studio_page,
    studio_pages,
)
from service.web.studio.law.law_rows import pieces_of, rows_of_text, rows_sent, text_sent

PAGES = studio_pages("studio_clauses")
_HERE = "studio_clauses.index"


_WORDS = {
    ClauseAct.ADD: Text("新增", "added"),
    ClauseAct.CHANGE: Text("修改", "changed"),
    ClauseAct.MOVE: Text("改编号", "moved"),
    ClauseAct.REMOVE: Text("删去", "removed"),
    ClauseAct.LOOK: Text("请核对", "please look"),
}


@PAGES.get("/clauses")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the law with what carries it out: ?clause= chooses one, ?status=, ?q= and ?element= narrow."""
    return _render_bench(draft, request.args.get("clause", ""))


@PAGES.get("/clauses/add")
@route_guard("draft.edit")
def add_page(draft: int) -> ResponseReturnValue:
    """Ask for the text of a law."""
    return _render_addition(view_draft(the_desk(), the_actor(), draft))


@PAGES.post("/clauses/add")
@route_guard("draft.edit")
def split(draft: int) -> ResponseReturnValue:
    """Show the passages of a pasted or uploaded text, to be confirmed; put the confirmed ones into the register."""
    view = view_draft(the_desk(), the_actor(), draft)
    if request.form.get("do") == "register":
        return _register_clauses(view)

    def show_units() -> ResponseReturnValue:
        text = text_sent()
        if not (units := split_law(text)):
            raise Invalid(Text("没有读出文字，请粘贴办法正文。", "There is no text: paste that of the regulation."))
        prefix = prefix_of(view.package.law) if view.package.law.clauses else "A"
        return _render_confirmation(view, prefix, rows_of_text(units))

    return guarded_page(show_units, lambda problem: _render_addition(view, request.form.get("text", ""), problem))


def _register_clauses(view: DraftView) -> ResponseReturnValue:
    rows, prefix, draft = list(rows_sent(request.form)), request.form.get("prefix", "").strip(), view.row.id

    def write_clauses() -> ResponseReturnValue:
        made = register_clauses(the_desk(), the_actor(), draft, prefix, list(pieces_of(rows)))
        flash(t(f"已登记{len(made)}条条款。", f"{len(made)} clauses were registered."))
        return redirect(url_for(_HERE, draft=draft, status="OPEN"))

    return guarded_page(write_clauses, lambda problem: _render_confirmation(view, prefix, rows, problem))


@PAGES.post("/clauses")
@route_guard("draft.edit")
def settle(draft: int) -> ResponseReturnValue:
    """Write one reason for all clauses that are ticked; what was asked of the list goes with the address."""
    sent = request.form
    picked, answer, reason = sent.getlist("clause"), sent.get("answer", ""), sent.get("reason", "")

    def write_settlement() -> ResponseReturnValue:
        count = settle_clauses(the_desk(), the_actor(), draft, picked, answer, reason, opened_at())
        flash(t(f"{count}条条款已记为“{ANSWERS[answer].zh}”。", f"{count} clauses: {ANSWERS[answer].en}."))
        return redirect(f"{url_for(_HERE, draft=draft)}?{urlencode(_read_filter())}")

    return guarded_page(
        write_settlement,
        lambda problem: _render_bench(draft, "", problem, picked=picked, answer=answer, reason=reason),
    )


@PAGES.get("/clauses/amend")
@route_guard("draft.edit")
def amend_page(draft: int) -> ResponseReturnValue:
    """Ask for the amended text."""
    return _render_amendment(draft)


@PAGES.post("/clauses/amend")
@route_guard("draft.edit")
def amend(draft: int) -> ResponseReturnValue:
    """Show what the amended text changes; with ``confirm`` write what is ticked."""
    text = request.form.get("text", "")
    if not request.form.get("confirm"):
        return guarded_page(
            lambda: _render_amendment(draft, text), lambda problem: _render_amendment(draft, text, problem, read=False)
        )

    def confirm_change() -> ResponseReturnValue:
        chosen, revision = (
            set(whole_numbers(request.form.getlist("take"))),
            whole_number(request.form.get("revision", "")),
        )
        count = confirm_amendment(the_desk(), the_actor(), draft, text, chosen, revision=revision)
        flash(
            t(
                f"已改{count}处。请到“复核与发布”写明在办办件怎么办。",
                f"{counted(count, 'change', 'changes')} written. Say under Publish what becomes of running cases.",
            )
        )
        return redirect(url_for(_HERE, draft=draft))

    return guarded_page(confirm_change, lambda problem: _render_amendment(draft, text, problem, sent=request.form))


def _render_amendment(
    draft: int, text: str = "", problem: str = "", read: bool = True, sent: MultiDict[str, str] | None = None
) -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    proposal = propose_amendment(the_desk(), the_actor(), draft, text) if text.strip() and read else None
    return studio_page(
        "clauses_amend.html",
        view,
        _HERE,
        text=text,
        problem=problem,
        typed=sent,
        found=proposal,
        places_of=partial(clause_places, view.package),
        **build_places_view(draft, view),
        words=_WORDS,
        Act=ClauseAct,
    )


@PAGES.post("/clauses/<clause>")
@route_guard("draft.edit")
def change(draft: int, clause: str) -> ResponseReturnValue:
    """Write what the register says of a clause, take it out, let an element cite it, or all that cite it cite another."""
    desk, actor, sent = the_desk(), the_actor(), {key: request.form[key] for key in request.form if key != "csrf_token"}
    act, other = sent.get("do", ""), sent.get("other", "").strip()

    def write_change() -> ResponseReturnValue:
        if act == "remove":
            remove_clause(desk, actor, draft, clause, opened_at())
            flash(t(f"已移除条款{clause}。", f"Clause {clause} was removed."))
            return redirect(url_for(_HERE, draft=draft))
        if act == "rebind":
            count = rebind_clause(desk, actor, draft, clause, other, opened_at())
            flash(t(f"{count}个文件已改引{other}。", f"{counted(count, 'file cites', 'files cite')} {other} now."))
            return redirect(to_clause(draft, other))
        if act == "cite":
            cite_clause(desk, actor, draft, clause, sent.get("element", ""), opened_at())
            flash(t("流程图中的这一处已引用这一条。", "The element cites the clause now."))
        else:
            change_clause(desk, actor, draft, clause, sent, opened_at())
            flash(t("已保存。", "Saved."))
        return redirect(to_clause(draft, clause))

    return guarded_page(write_change, lambda problem: _render_bench(draft, clause, problem, None if act else sent))


def _place_href(draft: int, place: ClauseSource) -> str:
    """Return where what carries a clause out is edited."""
    if place.source_kind is SourceKind.PARAMETER:
        return url_for("studio_parameters.parameter", draft=draft, parameter=place.element.removeprefix("parameters."))
    return editor_of(draft, place.file, place.element)


def build_places_view(draft: int, view: DraftView) -> dict[str, Any]:
    """Return what the list of the places that name a clause needs: names of files, their kinds, the ways there."""

    def get_href(place: ClausePlace) -> str:
        return _place_href(draft, place.source) if place.source else editor_of(draft, place.path)

    names = {"names": names_of(view), "kinds_of_files": KIND_NAMES, "kind_of": kind_of}
    return names | {"place_href": get_href, "file_href": lambda path: editor_of(draft, path)}


def to_clause(draft: int, clause: str) -> str:
    """Return the page of a clause."""
    return url_for(_HERE, draft=draft, clause=clause)


def _read_filter() -> dict[str, str]:
    """Return which clauses are listed: ?status=, ?q= and ?element=, also behind the form that settles several."""
    return {key: request.args.get(key, "") for key in ("status", "q", "element")}


def _render_bench(
    draft: int, clause: str, problem: str = "", typed: dict[str, str] | None = None, **settling: str | list[str]
) -> str:
    filters = _read_filter()
    text, element, status = filters["q"], filters["element"], filters["status"] if request.args else None
    bench = view_clauses(the_desk(), the_actor(), draft, clause, status, text, element)
    return studio_page(
        "clauses.html",
        bench.draft,
        _HERE,
        bench=bench,
        status=bench.status,
        text=text,
        element=element,
        problem=problem,
        typed=typed or {},
        asked=filters,
        answers=ANSWERS,
        settling=settling,
        kinds=KINDS,
        ClauseStatus=ClauseStatus,
        proving=tuple({p.scenario: p.title for p in bench.chosen.proofs}.items()) if bench.chosen else (),
        counts=dict(bench.counts),
        href=lambda place: _place_href(draft, place),
        carrying=view_carrying_choices(the_desk(), the_actor(), draft, clause)
        if bench.chosen and bench.draft.editable
        else None,
        named_by=clause_places(bench.draft.package, bench.uses, (clause,)),
        **build_places_view(draft, bench.draft),
    )


def _render_addition(view: DraftView, text: str = "", problem: str = "") -> str:
    return studio_page("clauses_add.html", view, _HERE, text=text, problem=problem)


def _render_confirmation(view: DraftView, prefix: str, rows: list[dict[str, object]], problem: str = "") -> str:
    return studio_page("clauses_confirm.html", view, _HERE, prefix=prefix, rows=rows, problem=problem)
