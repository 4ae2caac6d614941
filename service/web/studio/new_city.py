"""Start a new city, step by step: names and bodies, the law confirmed clause by clause, what each step rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.studio.start_city import city_choices, copy_started, free_city_id, start_city
from service.casework.studio.view_clauses import view_clauses
from service.catalog.law import Clause, passages_of
from service.catalog.law_text.call_day import call_by_presets
from service.catalog.law_text.pieces import KINDS, clauses_of
from service.catalog.law_text.presets import are_categories
from service.catalog.law_text.split import split_law
from service.catalog.made_id import made_prefix
from service.catalog.matrix import ClauseStatus
from service.catalog.month_days import month_day
from service.catalog.new_city.copied import CopiedCity
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.step_titles import STEP_TITLES
from service.catalog.new_city.steps import CHOSEN_AT_START, CityStep
from service.catalog.quoted_bounds import demand_in_force
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.domain.whole_numbers import whole_number
from service.web.frame.current import say, t, the_actor, the_desk
from service.web.frame.failure_status import status_of
from service.web.frame.frame import crumbs, flash
from service.web.frame.guarding import route_guard
from service.web.studio.city_numbers import (
    NUMBERS,
    PHASE_KEYS,
    VOTE_ASKED,
    city_read,
    demand_chosen,
    number_typed,
    numbers_asked,
    numbers_found,
    phases_typed,
    tiers_typed,
    vote_asked,
)
from service.web.studio.city_recommenders import recommenders_found, recommenders_typed
from service.web.studio.city_steps import cited_with_separate, cycle_step, guessed_clauses, steps_asked, ticked_steps
from service.web.studio.frame import studio_pages
from service.web.studio.law_rows import pieces_of, rows_of_text, rows_sent, text_sent

PAGES = studio_pages("studio_new_city", "/studio/new")
_WORDS = (
    "id",
    "name",
    "name_en",
    "calendar",
    "award_name",
    "law_title",
    "since",
    "office",
    "committee",
    "tiers",
    "government",
    "steps",
    "vote_base",
    "vote_secret",
    "notice_unit",
    "window_unit",
    "call_by",
    "tiers_are",
    "recommenders",
)


@PAGES.get("")
@route_guard("draft.edit")
def begin() -> ResponseReturnValue:
    """Ask for names, bodies, tiers, windows and the text of the law."""
    return _first({})


@PAGES.post("/law")
@route_guard("draft.edit")
def law() -> ResponseReturnValue:
    """Show the passages of the law, to be confirmed."""
    typed = _typed()
    try:
        units = split_law(text_sent())
        typed["tiers"] = typed["tiers"] or tiers_typed([(unit.place, unit.text) for unit in units])
        first = typed | {"recommenders": typed["recommenders"] or "—"}  # asked in the third step
        _outline(first, (Clause("A", "", "other", "", None, None),), {}).demand_complete()
        demand_in_force([(unit.place, unit.text) for unit in units], _day(typed["since"]))
        if not units:
            raise Invalid(Text("请粘贴或上传办法正文。", "Paste or upload the text of the regulation."))
    except LaurelError as error:
        return _first({**typed, "text": request.form.get("text", "")}, say(error.message)), status_of(error)
    return _second(typed, rows_of_text(units))


@PAGES.post("/steps")
@route_guard("draft.edit")
def steps() -> ResponseReturnValue:
    """Ask which clauses each step carries out."""
    typed, rows = _typed(), list(rows_sent(request.form))
    try:
        clauses = clauses_of(typed["prefix"], list(pieces_of(rows)))
        if not clauses:
            raise Invalid(Text("请至少勾选一条。", "Tick at least one passage."))
    except LaurelError as error:
        return _second(typed, rows, say(error.message)), status_of(error)
    typed = numbers_found(typed, passages_of(clauses))
    typed["recommenders"] = typed["recommenders"] or recommenders_found(passages_of(clauses))[0]
    names = [tier.name for tier in _tiers(typed["tiers"])]
    if not typed["tiers_are"] and len(names) > 1:
        whole = "".join(text for _, text in passages_of(clauses))
        typed["tiers_are"] = "categories" if are_categories(names, whole) else "ranks"
    return _third(typed, rows, clauses, guessed_clauses(clauses, typed))


@PAGES.post("")
@route_guard("draft.edit")
def create() -> ResponseReturnValue:
    """Open the draft of the new city."""
    typed, rows = _typed(), list(rows_sent(request.form))
    clauses = clauses_of(typed["prefix"], list(pieces_of(rows)))
    known = {clause.id for clause in clauses}
    cited = {step: tuple(c for c in request.form.getlist(f"cited-{step}") if c in known) for step in steps_asked(typed)}
    try:
        demand_chosen(request.form, typed, city_read(passages_of(clauses)))
        draft = start_city(the_desk(), the_actor(), _outline(typed, clauses, cited))
    except LaurelError as error:
        return _third(typed, rows, clauses, cited, say(error.message)), status_of(error)
    counts = dict(view_clauses(the_desk(), the_actor(), draft).counts)
    total, left = sum(counts.values()), counts[ClauseStatus.UNCOVERED]
    flash(
        t(
            f"已建成草稿：{total}条条款中，{total - left}条已有环节引用，还没有落实的{left}条列在下面。",
            f"The draft is made: of {total} clauses {total - left} have their step, the {left} still open are listed below.",
        )
    )
    return redirect(f"/studio/drafts/{draft}/clauses?status=OPEN")


@PAGES.post("/copy")
@route_guard("draft.edit")
def copy() -> ResponseReturnValue:
    """Open the draft of a new city that is made out of another's."""
    form, name = request.form, request.form.get("copy_name", "").strip()
    wanted = CopiedCity(
        form.get("copy_id", "").strip() or free_city_id(the_desk(), the_actor(), name),
        name,
        form.get("copy_name_en", "").strip(),
        form.get("copy_prefix", "").strip() or made_prefix(name),
    )
    try:
        draft = copy_started(the_desk(), the_actor(), form.get("package", ""), wanted)
    except LaurelError as error:
        return _first({key: form[key] for key in form}, say(error.message)), status_of(error)
    flash(
        t(
            "已复制成新的草稿：条款、参数和流程都在，请逐条换成本地的。",
            "The draft is made: put in what is the new place's own.",
        )
    )
    return redirect(f"/studio/drafts/{draft}")


def _typed() -> dict[str, str]:
    keys = (*_WORDS, *NUMBERS, "prefix")
    typed = {key: request.form.get(key, "").strip() for key in keys}
    typed["steps"] = " ".join(request.form.getlist("steps"))
    ident = typed["id"] or free_city_id(the_desk(), the_actor(), typed["name"])
    return {**typed, "id": ident, "prefix": typed["prefix"] or made_prefix(typed["name"])}


def _outline(typed: dict[str, str], clauses: tuple[Clause, ...], cited: dict[str, tuple[str, ...]]) -> CityOutline:
    cited = cited_with_separate(typed, clauses, cited)
    return CityOutline(
        id=typed["id"],
        name=typed["name"],
        name_en=typed["name_en"],
        calendar=typed["calendar"],
        award_name=typed["award_name"],
        law_title=typed["law_title"],
        since=_day(typed["since"]),
        office=typed["office"],
        committee=typed["committee"],
        tiers=tuple(_tiers(typed["tiers"])),
        clauses=clauses,
        cited=cited,
        steps=ticked_steps(typed)
        + cycle_step(typed)
        + ((CityStep.SEPARATE,) if CityStep.SEPARATE.value in cited else ())
        + ((CityStep.CATEGORIES,) if typed["tiers_are"] == "categories" else ()),
        government=typed["government"],
        working_window=typed["window_unit"] == "working_days",
        call_by=month_day(typed["call_by"]) or typed["call_by"],
        calendar_notice=typed["notice_unit"] == "calendar_days",
        recommenders=tuple(recommenders_typed(typed["recommenders"])),
        unsaid=frozenset(key for key in NUMBERS if not typed[key]),
        objection_phases=phases_typed(typed),
        vote_rules={question: typed[key] for key, (question, _, _) in VOTE_ASKED.items()},
        **{
            key: number_typed(typed[key]) if typed[key] else usual
            for key, usual in NUMBERS.items()
            if key not in PHASE_KEYS
        },
    )


def _tiers(typed: str) -> Iterator[OutlinedTier]:
    for number, line in enumerate((line for line in typed.splitlines() if line.strip()), 1):
        name, _, places = line.strip().replace("　", " ").rpartition(" ")
        count = whole_number(places)
        if not name or count is None:
            raise Invalid(
                Text(f"奖项“{line}”应写成“名称 名额”，例如“质量奖 5”。", f"Write tier “{line}” as “name places”.")
            )
        yield OutlinedTier(f"tier_{number}", name.strip(), count)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid(
            Text(f"施行日期“{typed}”不是日期，请按 2026-01-01 填写。", f"“{typed}” is no day: write 2026-01-01.")
        ) from None


def _first(typed: dict[str, str], problem: str = "") -> str:
    crumbs((t("设计", "Studio"), "/studio"), (t("新建", "New city"), None))
    choices = city_choices(the_desk(), the_actor())
    return render_template(
        "studio/new_city.html",
        typed=typed,
        problem=problem,
        choices=choices,
        numbers=NUMBERS,
        further={step.value: STEP_TITLES[step] for step in CHOSEN_AT_START},
        step=1,
    )


def _second(typed: dict[str, str], rows: list[dict[str, object]], problem: str = "") -> str:
    crumbs((t("设计", "Studio"), "/studio"), (t("新建", "New city"), None))
    return render_template("studio/new_city_law.html", typed=typed, rows=rows, problem=problem, kinds=KINDS, step=2)


def _third(
    typed: dict[str, str],
    rows: list[dict[str, object]],
    clauses: tuple[Clause, ...],
    cited: dict[str, tuple[str, ...]],
    problem: str = "",
) -> str:
    crumbs((t("设计", "Studio"), "/studio"), (t("新建", "New city"), None))
    read = city_read(passages_of(clauses))
    return render_template(
        "studio/new_city_steps.html",
        typed=typed,
        rows=rows,
        clauses=clauses,
        cited=cited,
        steps=steps_asked(typed),
        problem=problem,
        numbers=numbers_asked(ticked_steps(typed), read),
        votes=vote_asked(read),
        latest=call_by_presets(passages_of(clauses)),
        several=len(typed["tiers"].split("\n")) > 1,
        recommended=recommenders_found(passages_of(clauses))
        if CityStep.RECOMMENDATION in ticked_steps(typed)
        else None,
        step=3,
    )
