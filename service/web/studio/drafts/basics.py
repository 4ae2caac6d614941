"""Pages of what a place and its award declare: names, roles, bodies, tiers, kinds of cases, actions; one entry a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.parameters.change_basics import (
    move_basics,
    put_basics,
    remove_basics,
    section_of,
    view_basics,
)
from service.catalog.basics.sections import EntryField, EntryInput, EntrySection, EntryShape
from service.domain.errors import NotFound
from service.domain.text import Text
from service.web.frame.page.frame import flash
from service.web.frame.posted.typed_lines import LineColumn, LineShape, bars_of, pairs_of
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import guarded_page, opened_at, studio_page, studio_pages

PAGES = studio_pages("studio_basics")
_HERE = "studio_basics.index"
_DAYS = ("from", "until")
"""Columns of a list that hold days."""


@PAGES.get("/basics")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show every section with its entries."""
    return _render_index(draft)


@PAGES.get("/basics/<section>")
@route_guard("draft.view")
def entry(draft: int, section: str) -> ResponseReturnValue:
    """Show one entry as a form: ?id= an entry, without it a new one (a head has no id)."""
    of = section_of(section)
    return _render_entry(draft, of, request.args.get("id", ""), new="id" not in request.args and not _is_head(of))


@PAGES.post("/basics/<section>")
@route_guard("draft.edit")
def change(draft: int, section: str) -> ResponseReturnValue:
    """Write one entry, with ``more`` going on with a new one; or take it out, or move it one place up or down."""
    of, form, opening = section_of(section), request.form, opened_at()
    desk, actor, ident, act = the_desk(), the_actor(), form.get("id", "").strip(), form.get("do", "")
    acts: dict[str, Callable[[], None]] = {
        "remove": lambda: remove_basics(desk, actor, draft, section, ident, opening),
        "up": lambda: move_basics(desk, actor, draft, section, ident, -1, opening),
        "down": lambda: move_basics(desk, actor, draft, section, ident, 1, opening),
    }
    new, typed = bool(form.get("new")), {} if act in acts else _read_typed(of)
    address = url_for(_HERE, draft=draft)

    def change_entry() -> ResponseReturnValue:
        acts.get(act, lambda: put_basics(desk, actor, draft, section, ident, typed, new, opening))()
        flash(t("已保存。", "Saved."))
        return redirect(f"{address}/{section}" if form.get("more") else f"{address}#{section}")

    return guarded_page(
        change_entry,
        lambda problem: (
            _render_index(draft, problem) if act in acts else _render_entry(draft, of, ident, new, typed, problem)
        ),
    )


def _read_typed(section: EntrySection) -> dict[str, str]:
    """Return what was typed into the fields of a section."""
    values: dict[str, str] = {}
    for field in section.fields:
        if field.input is EntryInput.SEVERAL:
            ticked = request.form.getlist(field.key)
            values[field.key] = " ".join(word.strip() for word in ticked if word.strip())
        else:
            values[field.key] = request.form.get(field.key, "").replace("\r\n", "\n")
        if field.input in (EntryInput.NAME, EntryInput.WORDS):
            values[f"{field.key}_en"] = request.form.get(f"{field.key}_en", "")
    return values


def _render_index(draft: int, problem: str = "") -> str:
    view = view_basics(the_desk(), the_actor(), draft)
    return studio_page("basics.html", view.draft, _HERE, basics=view, problem=problem, EntryShape=EntryShape)


def _render_entry(
    draft: int, section: EntrySection, ident: str, new: bool, typed: dict[str, str] | None = None, problem: str = ""
) -> str:
    view = view_basics(the_desk(), the_actor(), draft)
    if typed is None:
        entries = dict(view.of(section.id).lines)
        if not new and ident not in entries:
            raise NotFound(
                Text(f"没有“{ident}”这一项，可能已被移除。", f"There is no entry “{ident}”: it may have been removed.")
            )
        typed = {} if new else dict(entries[ident])
    return studio_page(
        "basics_entry.html",
        view.draft,
        _HERE,
        section=section,
        ident=ident,
        new=new,
        typed=typed,
        problem=problem,
        choices=view.choices,
        head=_is_head(section),
        Input=EntryInput,
        lines={
            field.key: shape.attributes()
            for field in section.fields
            if (shape := _find_line_shape(field, view.choices))
        },
    )


def _find_line_shape(field: EntryField, choices: Mapping[str, Mapping[str, Text]]) -> LineShape | None:
    """Return what stands in each line of a list: facts with their types, members with what is known of them."""
    if field.input is EntryInput.PAIRS:
        offered = tuple(choices.get(field.options, {}).items())
        return pairs_of(LineColumn(Text("名称", "Name")), LineColumn(Text("类型", "Type"), "choice", offered))
    if field.input is EntryInput.ROWS:
        return bars_of(LineColumn(label, "date" if key in _DAYS else "text") for key, label in field.columns)
    return None


def _is_head(section: EntrySection) -> bool:
    return section.shape is EntryShape.HEAD
