"""What somebody typed of a new city, read from the form of each page: words, numbers, passages and what each step cites."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from flask import request

from service.casework.studio.drafts.start_city import free_city_id
from service.catalog.law.law import Clause
from service.catalog.law_text.pieces import clauses_of
from service.catalog.made_id import made_prefix
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import month_day
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.domain.values.whole_numbers import typed_whole_number
from service.web.frame.requests.current import the_actor, the_desk
from service.web.studio.law.law_rows import pieces_of, rows_sent
from service.web.studio.new_city.city_numbers import (
    NUMBERS,
    PHASE_KEYS,
    VOTE_ASKED,
    number_typed,
    phases_typed,
)
from service.web.studio.new_city.city_recommenders import recommenders_typed
from service.web.studio.new_city.city_steps import cited_with_separate, cycle_step, steps_asked, ticked_steps

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


def city_typed() -> dict[str, str]:
    """Return what the form says of the city by name; an id and a prefix nobody typed are made from the name."""
    keys = (*_WORDS, *NUMBERS, "prefix")
    typed = {key: request.form.get(key, "").strip() for key in keys}
    typed["steps"] = " ".join(request.form.getlist("steps"))
    ident = typed["id"] or free_city_id(the_desk(), the_actor(), typed["name"])
    return {**typed, "id": ident, "prefix": typed["prefix"] or made_prefix(typed["name"])}


def outline_of(typed: dict[str, str], clauses: tuple[Clause, ...], cited: dict[str, tuple[str, ...]]) -> CityOutline:
    """Return the city as it is to be drawn; raises Invalid for a day, a tier or a unit that is none."""
    cited = cited_with_separate(typed, clauses, cited)
    return CityOutline(
        id=typed["id"],
        name=typed["name"],
        name_en=typed["name_en"],
        calendar=typed["calendar"],
        award_name=typed["award_name"],
        law_title=typed["law_title"],
        since=day_of(typed["since"]),
        office=typed["office"],
        committee=typed["committee"],
        tiers=tuple(tiers_of(typed["tiers"])),
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


def tiers_of(typed: str) -> Iterator[OutlinedTier]:
    """Yield a tier for each line, such as “质量奖 5”; raises Invalid for a line that is none."""
    for number, line in enumerate((line for line in typed.splitlines() if line.strip()), 1):
        name, _, places = line.strip().replace("　", " ").rpartition(" ")
        count = typed_whole_number(places)
        if not name or count is None:
            raise Invalid(
                Text(f"奖项“{line}”应写成“名称 名额”，例如“质量奖 5”。", f"Write tier “{line}” as “name places”.")
            )
        yield OutlinedTier(f"tier_{number}", name.strip(), count)


def day_of(typed: str) -> date:
    """Return a day, written as 2026-01-01; raises Invalid."""
    if not typed.strip():
        raise Invalid(
            Text("请填写施行日期，例如 2026-01-01。", "Enter the day it comes into force, such as 2026-01-01.")
        )
    try:
        return read_day(typed)
    except ValueError:
        raise Invalid(
            Text(f"施行日期“{typed}”不是日期，请按 2026-01-01 填写。", f"“{typed}” is no day: write 2026-01-01.")
        ) from None


def chosen() -> tuple[dict[str, str], list[dict[str, object]], tuple[Clause, ...], dict[str, tuple[str, ...]]]:
    """Return what was typed, the passages, their clauses and those that each step cites."""
    typed, rows = city_typed(), list(rows_sent(request.form))
    clauses = clauses_of(typed["prefix"], list(pieces_of(rows)))
    known = {clause.id for clause in clauses}
    cited = {step: tuple(c for c in request.form.getlist(f"cited-{step}") if c in known) for step in steps_asked(typed)}
    return typed, rows, clauses, cited


def as_left() -> dict[str, str]:
    """Return the first page as it was filled in: what was left empty stays empty."""
    return {**request.form.to_dict(), "steps": " ".join(request.form.getlist("steps"))}
