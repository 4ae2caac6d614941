"""Start a new city, step by step: names and bodies, the law confirmed clause by clause, what each step rests on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import ImmutableMultiDict

from service.casework.people.accounts.profile import find_setting, keep_setting
from service.casework.studio.drafts.open_draft import city_choices, copy_started, drafted_city, free_city_id, start_city
from service.casework.studio.law.clauses import view_clauses
from service.catalog.coverage.matrix import ClauseStatus
from service.catalog.law.law import Clause
from service.catalog.law_text.pieces import clauses_of
from service.catalog.law_text.split import split_law
from service.catalog.made_id import made_prefix
from service.catalog.new_city.copied import CopiedCity
from service.catalog.new_city.outline import CityFault
from service.catalog.new_city.steps import CHOSEN_AT_START, STEP_TITLES, CityStep
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.text import Text
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.presentation import clock_words
from service.web.studio.frame import studio_pages
from service.web.studio.law.law_rows import pieces_of, rows_of_text, rows_sent, text_sent
from service.web.studio.new_city.city_form import (
    ANSWER_COUNTS,
    CHOICES,
    NUMBERS,
    PHASE_KEYS,
    choice_faults,
    city_faults,
    city_typed,
    describe_faults,
    likely_clauses,
    list_city_numbers,
    list_city_steps,
    outline_of,
    read_chosen_passages,
    read_first_page,
    read_steps,
)

STEPS = ("begin", "law", "steps")
"""The pages in their order: names and text, the passages to be confirmed, what each step rests on."""
_KEY = "studio.new_city"
_CSRF = "csrf_token"
_MOST_BYTES = 4_000_000


class BegunCity:
    """The pages that were filled in, by their name in `STEPS`: every field with its value, in the order sent."""

    def __init__(self) -> None:
        self._pages: dict[str, list[list[str]]] = find_setting(the_desk(), the_actor(), _KEY) or {}

    @property
    def step(self) -> int:
        """Return the number of the page that was reached, from 1; 0 where nothing was begun."""
        return max((number for number, page in enumerate(STEPS, 1) if page in self._pages), default=0)

    @property
    def name(self) -> str:
        """Return how the place is called, "" while nobody said it."""
        return next((value for pages in self._pages.values() for key, value in pages if key == "name" and value), "")

    def __contains__(self, page: str) -> bool:
        return page in self._pages

    def read_again(self, page: str) -> None:
        """Let the request read ``page`` as it was filled in."""
        if not request.form:
            request.form = ImmutableMultiDict([(key, value) for key, value in self._pages[page]])


def keep_page(page: str, text: str | None = None) -> None:
    """Keep the fields of this request as those of ``page``, and of the pages before it alone; raises Invalid when too long.

    ``text`` is what was read from the file that came along: it stands in the place of what was pasted.
    """
    fields = [[key, value] for key, value in request.form.items(multi=True) if key != _CSRF]
    if text is not None:
        fields = [[key, value] for key, value in fields if key != "text"] + [["text", text]]
    if len(orjson.dumps(fields)) > _MOST_BYTES:
        raise Invalid(
            Text("正文过长，请分几次登记条款。", "The text is too long: register its clauses in several turns.")
        )
    _change_setting(STEPS[: STEPS.index(page)], {page: fields})


def forget_city() -> None:
    """Drop what was begun: its draft is made, or somebody begins anew."""
    _change_setting((), {})


def _change_setting(page_names: Collection[str], new: dict[str, Any]) -> None:
    def merge_pages(before: Any) -> dict[str, Any]:
        stored_pages = before or {}
        return {page: stored_pages[page] for page in page_names if page in stored_pages} | new

    keep_setting(the_desk(), the_actor(), _KEY, merge_pages)


_BEGIN = "/studio/new"
_FIRST_FIELDS = {
    "name", "name_en", "award_name", "calendar", "office", "committee", "voters_kind", "tiers", "government", "law_title", "since", "prefix",
    "text", "id",
}  # fmt: skip
_THIRD_FIELDS = {"vote_threshold", "vote_quorum", "objection_from", "call_by", "recommenders", "tiers_are", *CHOICES}
PAGES = studio_pages("studio_new_city", _BEGIN)


@PAGES.get("")
@route_guard("draft.edit")
def begin() -> ResponseReturnValue:
    """Ask for names, bodies, tiers, windows and the text of the law, as it was left."""
    begun = BegunCity()
    if "begin" not in begun:
        return _render_first({})
    begun.read_again("begin")
    return _render_first(read_first_page(), begun=begun)


@PAGES.post("/law")
@route_guard("draft.edit")
def law() -> ResponseReturnValue:
    """Show the passages of the law, to be confirmed."""
    try:
        text = text_sent()
    except LaurelError as error:
        keep_page("begin")
        return _render_first(read_first_page(), say(error.message)), status_of(error)
    keep_page("begin", text)
    return _split_text(text)


@PAGES.get("/law")
@route_guard("draft.edit")
def law_again() -> ResponseReturnValue:
    """Show the passages as they were left."""
    begun = BegunCity()
    if "law" in begun:
        begun.read_again("law")
        return _render_second(city_typed(), list(rows_sent(request.form)))
    if "begin" not in begun:
        return redirect(_BEGIN)
    begun.read_again("begin")
    return _split_text(text_sent())


@PAGES.post("/steps")
@route_guard("draft.edit")
def steps() -> ResponseReturnValue:
    """Ask which clauses each step carries out."""
    keep_page("law")
    return _show_citations()


@PAGES.get("/steps")
@route_guard("draft.edit")
def steps_again() -> ResponseReturnValue:
    """Show what each step rests on as it was left."""
    begun = BegunCity()
    if "steps" in begun:
        begun.read_again("steps")
        typed, rows, clauses, cited = read_chosen_passages()
        return _render_third(typed, rows, clauses, cited)
    if "law" not in begun:
        return redirect(f"{_BEGIN}/law")
    begun.read_again("law")
    return _show_citations()


@PAGES.post("/kept")
@route_guard("draft.edit")
def kept() -> ResponseReturnValue:
    """Keep what is typed on the page named, while it is being typed."""
    page = request.args.get("page", "")
    if page not in STEPS:
        raise NotFound(Text("没有这一步。", "There is no such step."))
    keep_page(page)
    return jsonify(saved_at=clock_words(the_desk().clock.now()))


@PAGES.post("")
@route_guard("draft.edit")
def create() -> ResponseReturnValue:
    """Open the draft of the new city, or of one made out of another's; or drop what was typed, to begin with another."""
    if request.form.get("do") == "anew":
        forget_city()
        return redirect(_BEGIN)
    if request.form.get("do") == "copy":
        return _copy_city()
    keep_page("steps")
    typed, rows, clauses, cited = read_chosen_passages()
    if there := _drafted_already(typed["name"]):
        return there
    try:
        if faults := [*city_faults(typed, clauses, cited), *choice_faults(request.form, typed)]:
            return _render_third(typed, rows, clauses, cited, faults=faults), status_of(Invalid(faults[0].message))
        draft = start_city(the_desk(), the_actor(), outline_of(typed, clauses, cited))
    except LaurelError as error:  # a second click that came before the first was done finds its draft now
        return _drafted_already(typed["name"]) or (
            _render_third(typed, rows, clauses, cited, say(error.message)),
            status_of(error),
        )
    forget_city()
    counts = dict(view_clauses(the_desk(), the_actor(), draft).counts)
    total, open_count = sum(counts.values()), counts[ClauseStatus.UNCOVERED]
    flash(
        t(
            f"已建成草稿：{total}条条款中，{total - open_count}条已有环节引用，还没有落实的{open_count}条列在下面。",
            f"The draft is made: of {total} clauses {total - open_count} have their step, the {open_count} still open are listed below.",
        )
    )
    return redirect(url_for("studio_clauses.index", draft=draft, status="OPEN"))


def _copy_city() -> ResponseReturnValue:
    form, name = request.form, request.form.get("copy_name", "").strip()
    wanted = CopiedCity(
        form.get("copy_id", "").strip() or free_city_id(the_desk(), the_actor(), name),
        name,
        form.get("copy_name_en", "").strip(),
        form.get("copy_prefix", "").strip() or made_prefix(name),
    )
    if there := _drafted_already(name):
        return there
    try:
        draft = copy_started(the_desk(), the_actor(), form.get("package", ""), wanted)
    except LaurelError as error:
        return _drafted_already(name) or (
            _render_first({key: form[key] for key in form}, say(error.message)),
            status_of(error),
        )
    flash(
        t(
            "已复制成新的草稿：条款、参数和流程都在，请逐条换成本地的。",
            "The draft is made: put in what is the new place's own.",
        )
    )
    return redirect(url_for("studio.draft", draft=draft))


def _drafted_already(name: str) -> ResponseReturnValue | None:
    """Lead to the draft in which the place is drawn already, and say so; None where there is none."""
    draft = drafted_city(the_desk(), the_actor(), name)
    if draft is None:
        return None
    flash(
        t(
            f"“{name}”已经有一份还没有发布的草稿，就是这一份，请接着画。要另画一个地方，请换一个名称。",
            f"A draft of “{name}” that is not published is there already: this one. For another place take another name.",
        )
    )
    return redirect(url_for("studio.draft", draft=draft))


def _split_text(text: str) -> ResponseReturnValue:
    """Show the passages of a text, or the first page with what is wrong there."""
    typed = city_typed()
    try:
        units = split_law(text)
    except LaurelError as error:
        return _render_first({**typed, "text": text}, faults=[CityFault("text", error.message)]), status_of(error)
    first = typed | {"recommenders": typed["recommenders"] or "—"}  # asked in the third step
    passages = [Clause(str(n), unit.place, "other", "", None, None, text=unit.text) for n, unit in enumerate(units)]
    faults = city_faults(first, tuple(passages), {})
    if faults:
        return _render_first({**typed, "text": text}, faults=faults), status_of(Invalid(faults[0].message))
    return _render_second(typed, rows_of_text(units))


def _show_citations() -> ResponseReturnValue:
    """Show the third page with what the ticked passages say, or the second with what is wrong there."""
    typed, rows = city_typed(), list(rows_sent(request.form))
    try:
        clauses = clauses_of(typed["prefix"], list(pieces_of(rows)))
        if not clauses:
            raise Invalid(Text("请至少勾选一条。", "Tick at least one passage."))
    except LaurelError as error:
        return _render_second(typed, rows, say(error.message)), status_of(error)
    usual = {key: typed[key] or (str(number) if number else "") for key, number in NUMBERS.items()}
    return _render_third({**typed, **usual}, rows, clauses, dict.fromkeys(list_city_steps(typed), ()))


def _render_first(
    typed: dict[str, str], problem: str = "", begun: BegunCity | None = None, faults: Sequence[CityFault] = ()
) -> str:
    set_breadcrumbs((t("设计", "Studio"), "/studio"), (t("新建", "New city"), None))
    choices = city_choices(the_desk(), the_actor())
    return render_template(
        "studio/new_city.html",
        typed=typed,
        problem=problem,
        begun=begun,
        choices=choices,
        further={step.value: STEP_TITLES[step] for step in CHOSEN_AT_START},
        step=1,
        **describe_faults(faults, _FIRST_FIELDS),
    )


def _render_second(typed: dict[str, str], rows: list[dict[str, object]], problem: str = "") -> str:
    set_breadcrumbs((t("设计", "Studio"), "/studio"), (t("新建", "New city"), None))
    return render_template("studio/new_city_law.html", typed=typed, rows=rows, problem=problem, step=2)


def _render_third(
    typed: dict[str, str],
    rows: list[dict[str, object]],
    clauses: tuple[Clause, ...],
    cited: dict[str, tuple[str, ...]],
    problem: str = "",
    faults: Sequence[CityFault] = (),
) -> str:
    set_breadcrumbs((t("设计", "Studio"), "/studio"), (t("新建", "New city"), None))
    ticked, steps = read_steps(typed), list_city_steps(typed)
    numbers = list_city_numbers(ticked)
    return render_template(
        "studio/new_city_steps.html",
        typed=typed,
        rows=rows,
        clauses=clauses,
        cited=cited,
        steps=steps,
        likely={step: likely_clauses(clauses, step) for step in steps},
        problem=problem,
        numbers=numbers,
        choices=CHOICES,
        phases=PHASE_KEYS,
        answer_counts=ANSWER_COUNTS if CityStep.OBJECTION in ticked else (),
        **describe_faults(faults, {*(number.key for number in numbers), *_THIRD_FIELDS}),
        several=len(typed["tiers"].split("\n")) > 1,
        recommended=CityStep.RECOMMENDATION in ticked,
        step=3,
    )
