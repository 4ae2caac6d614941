"""What somebody typed of a new city, read from the form of each page, and everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from flask import request

from service.casework.studio.drafts.start_city import free_city_id
from service.catalog.law.law import Clause
from service.catalog.law_text.pieces import clauses_of
from service.catalog.made_id import made_prefix
from service.catalog.new_city.outline import CityFault, CityOutline, OutlinedTier, Recommender, faults_of
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import month_day
from service.catalog.settings.periods import PhaseDays, demand_phase_days
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.domain.values.whole_numbers import typed_whole_number
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.studio.law.law_rows import pieces_of, rows_sent
from service.web.studio.new_city.city_questions import (
    CHOICES,
    NUMBER_TITLES,
    NUMBERS,
    PHASE_KEYS,
    list_city_steps,
    read_steps,
)

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
    *CHOICES,
    "vote_threshold",
    "vote_quorum",
    "notice_unit",
    "window_unit",
    "objection_from",
    "call_by",
    "tiers_are",
    "recommenders",
)
_RECOMMENDER = re.compile(r"(\S.*?)\s+([0-9]{1,4})(?:\s+(.*))?")
"""A name, which may have blanks of its own, a number, and whose applications are judged."""
_FIRST_PAGE = "/studio/new"
_STANDS_IN = {"since": "2200-12-31", "tiers": "— 1", "recommenders": "—"}
"""What takes the place of something that cannot be read, so that the rest is looked at too; a number is left out."""


def city_typed() -> dict[str, str]:
    """Return what the form says of the city by name; an id and a prefix nobody typed are made from the name."""
    keys = (*_WORDS, *NUMBERS, "prefix")
    typed = {key: request.form.get(key, "").strip() for key in keys}
    typed["steps"] = " ".join(request.form.getlist("steps"))
    ident = typed["id"] or free_city_id(the_desk(), the_actor(), typed["name"])
    return {**typed, "id": ident, "prefix": typed["prefix"] or made_prefix(typed["name"])}


def outline_of(typed: Mapping[str, str], clauses: tuple[Clause, ...], cited: dict[str, tuple[str, ...]]) -> CityOutline:
    """Return the city as it is to be drawn; raises Invalid for a day, a tier or a unit that is none."""
    numbers = {
        key: _whole_number(typed[key]) if typed[key] else usual
        for key, usual in NUMBERS.items()
        if key not in PHASE_KEYS
    }
    steps = read_steps(typed)
    if CityStep.OBJECTION not in steps:
        steps = tuple(step for step in steps if step is not CityStep.SEPARATE)
    return CityOutline(
        id=typed["id"],
        name=typed["name"],
        name_en=typed["name_en"],
        calendar=typed["calendar"],
        award_name=typed["award_name"],
        law_title=typed["law_title"],
        since=_day_of(typed["since"]),
        office=typed["office"],
        committee=typed["committee"],
        tiers=tuple(tiers_of(typed["tiers"])),
        clauses=clauses,
        cited=cited,
        steps=steps
        + ((CityStep.CYCLE,) if numbers["cycle_years"] else ())
        + ((CityStep.CATEGORIES,) if typed["tiers_are"] == "categories" else ()),
        government=typed["government"],
        working_window=typed["window_unit"] == "working_days",
        call_by=month_day(typed["call_by"]) or typed["call_by"],
        calendar_notice=typed["notice_unit"] == "calendar_days",
        recommenders=tuple(_recommenders_typed(typed["recommenders"])),
        objection_phases=_phases_typed(typed),
        objection_from=typed["objection_from"],
        vote_rules={key.removeprefix("vote_"): typed[key] for key in CHOICES},
        vote_threshold=typed["vote_threshold"],
        vote_quorum=typed["vote_quorum"],
        **numbers,
    )


def chosen() -> tuple[dict[str, str], list[dict[str, object]], tuple[Clause, ...], dict[str, tuple[str, ...]]]:
    """Return what was typed, the passages, their clauses and those that each step cites."""
    typed, rows = city_typed(), list(rows_sent(request.form))
    clauses = clauses_of(typed["prefix"], list(pieces_of(rows)))
    known = {clause.id for clause in clauses}
    cited = {
        step: tuple(c for c in request.form.getlist(f"cited-{step}") if c in known) for step in list_city_steps(typed)
    }
    return typed, rows, clauses, cited


def read_first_page() -> dict[str, str]:
    """Return the first page as it was filled in: what was left empty stays empty."""
    return {**request.form.to_dict(), "steps": " ".join(request.form.getlist("steps"))}


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


def _recommenders_typed(typed: str) -> Iterator[Recommender]:
    """Yield the authorities of lines “name places whose”; places and whose may be left out, whose goes behind a number."""
    for number, line in enumerate((line.strip() for line in typed.splitlines() if line.strip()), 1):
        found = _RECOMMENDER.fullmatch(line.replace("\u3000", " "))
        name, places, whose = found.groups("") if found else (line, "", "")
        if name.isdigit() or (places and int(places) == 0):
            raise Invalid(
                Text(
                    f"推荐单位“{line}”应写成“名称 名额 适用的申报者”，名额至少1，没有限制就不写，例如“东区市场监管局 3 东区的组织”。",
                    f"Write recommending unit “{line}” as “name places whose applications”, at least one place or none "
                    "said, such as “East Bureau 3 those of the east”.",
                )
            )
        yield Recommender(f"recommender_{number}", name, int(places) if places else None, whose)


def _phases_typed(typed: Mapping[str, str]) -> dict[str, PhaseDays]:
    """Return the time of each phase of an objection that was typed; raises Invalid, naming it, for what is none."""
    return {phase: demand_phase_days(NUMBER_TITLES[key], typed[key]) for key, phase in PHASE_KEYS.items() if typed[key]}


def _whole_number(typed: str) -> int:
    """Return a whole number of at most four digits; raises Invalid for anything else."""
    found = typed_whole_number(typed)
    if found is None or found > 9_999:
        raise Invalid(Text(f"“{typed}”不是整数。", f"“{typed}” is no whole number."))
    return found


def _demand_number(key: str, typed: str) -> None:
    """Raise Invalid, naming the number ``key``, for what is none."""
    try:
        _whole_number(typed)
    except Invalid as error:
        title, message = NUMBER_TITLES[key], error.message
        zh, en = title.zh.partition("（")[0], title.en.partition(" (")[0]
        raise Invalid(Text(f"{zh}：{message.zh}", f"{en}: {message.en}")) from error


def _day_of(typed: str) -> date:
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


def city_faults(
    typed: Mapping[str, str], clauses: tuple[Clause, ...], cited: dict[str, tuple[str, ...]]
) -> list[CityFault]:
    """Return what is wrong: what cannot be read, then what is missing or not allowed."""
    unread = list(_unread(typed))
    fields = {fault.field for fault in unread}
    whole = {**typed, **{field: _STANDS_IN.get(field, "") for field in fields}}
    return unread + [fault for fault in faults_of(outline_of(whole, clauses, cited)) if fault.field not in fields]


def choice_faults(sent: Mapping[str, str], typed: Mapping[str, str]) -> Iterator[CityFault]:
    """Yield what has to be chosen of the vote and was not; ``sent`` is what the page had."""
    for key, (title, _) in CHOICES.items():
        if key in sent and not typed[key]:
            yield CityFault(key, Text(f"请选择“{title.zh}”。", f"Choose “{title.en}”."))


def describe_faults(faults: Sequence[CityFault], here: Collection[str]) -> dict[str, Any]:
    """Return for a page with the fields ``here`` the list at its top, and what stands beside each field."""
    listed = [
        {"id": fault.field, "message": say(fault.message)}
        if fault.field in here
        else {"id": fault.field, "href": _FIRST_PAGE, "message": say(fault.message) + t("（第一步）", " (first step)")}
        for fault in faults
    ]
    beside: dict[str, str] = {}
    for fault in faults:
        beside[fault.field] = "".join(filter(None, (beside.get(fault.field), say(fault.message))))
    return {"faults": listed, "wrong": beside}


def _unread(typed: Mapping[str, str]) -> Iterator[CityFault]:
    """Yield what cannot be read at all, in the order of the page."""
    readers: dict[str, Callable[[], object]] = {"tiers": lambda: list(tiers_of(typed["tiers"]))}
    for key in NUMBERS:
        if key in PHASE_KEYS:
            alone = {**dict.fromkeys(PHASE_KEYS, ""), key: typed[key]}
            readers[key] = partial(_phases_typed, alone)
        elif typed[key]:
            readers[key] = partial(_demand_number, key, typed[key])
    readers["recommenders"] = lambda: list(_recommenders_typed(typed["recommenders"]))
    readers["since"] = lambda: _day_of(typed["since"])
    for field, reader in readers.items():
        try:
            reader()
        except Invalid as error:
            yield CityFault(field, error.message)
