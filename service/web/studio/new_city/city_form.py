"""What somebody types of a new city: what each page asks, how it is read, and everything that is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask import request

from service.casework.studio.drafts.open_draft import free_city_id
from service.catalog.law.law import Clause
from service.catalog.law_text.pieces import clauses_of
from service.catalog.made_id import made_prefix
from service.catalog.new_city.outline import (
    VOTERS,
    CityFault,
    CityOutline,
    OutlinedTier,
    Recommender,
    faults_of,
    key_of,
)
from service.catalog.new_city.steps import CHOSEN_AT_START, STEP_TITLES, CityStep
from service.catalog.parameters.month_days import month_day
from service.catalog.settings.periods import FROM_A_DAY, PHASES, PhaseDays, require_phase_days
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number
from service.domain.values.typed_times import read_day
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.studio.law.law_rows import pieces_of, rows_sent

PHASE_KEYS = {key_of(phase): phase for phase in PHASES}
"""What is asked of each phase of an objection; those left empty take the usual time."""
NUMBERS = {
    "window_days": 0,
    "founded_years": 3,
    "acceptance_days": 10,
    "notice_days": 5,
    "vote_days": 5,
    "vote_ballots": 2,
    **dict.fromkeys(PHASE_KEYS, 0),
    "objection_days": 5,
    "reviewers": 3,
    "recommend_days": 10,
    "cycle_years": 0,
}
"""What is usual; 0: the step does without."""
NUMBER_TITLES = {
    "window_days": Text("申报时间至少", "Time to apply, at least"),
    "founded_years": Text("申报组织成立年限（年）", "Years since foundation"),
    "acceptance_days": Text("受理决定期限（工作日）", "Time to decide on acceptance (working days)"),
    "vote_days": Text("投票期限（工作日）", "Time to vote (working days)"),
    "vote_ballots": Text(
        "得票不足的，一共投几次（1：不再投，空缺）", "Ballots in all where votes do not suffice (1: vacant)"
    ),
    "notice_days": Text("拟奖名单公示期", "Notice of the winners"),
    "objection_acceptance_days": Text("异议：决定是否受理（工作日）", "Objection: to decide on it (working days)"),
    "objection_completion_days": Text("异议：补正材料（工作日）", "Objection: to complete it (working days)"),
    "objection_forwarding_days": Text("异议：转交核查（工作日）", "Objection: to forward it (working days)"),
    "objection_investigation_days": Text("异议：核查（工作日）", "Objection: to investigate (working days)"),
    "objection_finding_days": Text("异议：作出处理意见（工作日）", "Objection: to find on it (working days)"),
    "objection_reply_days": Text("异议：答复（工作日）", "Objection: to answer (working days)"),
    "objection_days": Text("异议的其他环节（工作日）", "Other phases of an objection (working days)"),
    "reviewers": Text("每个评审组人数", "Experts of a panel"),
    "recommend_days": Text("审核推荐期限（工作日）", "Time to recommend (working days)"),
    "cycle_years": Text("每几年评选一次", "Given every so many years"),
}
_NEEDED_BY = {
    **dict.fromkeys((*PHASE_KEYS, "objection_days"), CityStep.OBJECTION),
    "reviewers": CityStep.SCORING,
    "recommend_days": CityStep.RECOMMENDATION,
}
CHOICES = {
    "vote_base": (
        Text("得票比例是谁的几分之几", "Of whom the votes are a share"),
        (
            ("members_on_roll", Text("全体委员（应到会的）", "all members on the roll")),
            ("members_present", Text("到会委员", "the members present")),
            ("votes_cast", Text("有效票", "the valid votes")),
        ),
    ),
    "vote_secret": (
        Text("记名还是无记名", "Secret or open ballot"),
        (("true", Text("无记名投票", "secret ballot")), ("false", Text("记名投票", "open ballot"))),
    ),
}
"""What has to be chosen of the vote, with the answers."""
ANSWER_COUNTS = (("", Text("上一环节办完", "the end of the step before")), *FROM_A_DAY.items())
"""From when the time to answer an objection may count."""
STEPS = {
    "apply": Text("申报和受理时间", "Applying, and until when"),
    "conditions": Text("申报条件", "Conditions of applicants"),
    "acceptance": Text("受理决定", "Decision on acceptance"),
    "vote": Text("表决和名额", "Vote of the committee, and places"),
    "notice": Text("拟奖名单公示", "Notice of the winners"),
    "conferral": Text("授奖", "Conferral"),
}
"""The steps of the first procedure."""
_LIKELY = {
    "apply": ("申报", "公告", "通知"),
    "conditions": ("条件", "具有", "具备", "不得申报"),
    "acceptance": ("受理", "审查"),
    "vote": ("表决", "投票", "得票", "名额", "不超过"),
    "notice": ("公示",),
    "conferral": ("奖金", "奖励", "证书", "颁发"),
    "objection": ("异议",),
    "separate": ("异议",),
    "scoring": ("评审", "专家", "评分"),
    "approval": ("审定", "批准"),
    "withdrawal": ("撤回", "退出"),
    "recommendation": ("推荐",),
    "cycle": ("周期", "每年", "年评"),
}
"""The words by which a clause, or the line above its items, is shown first for a step."""


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """A number that is asked for: what stands beside it; days of a phase may be typed with their unit."""

    key: str
    title: Text
    hint: Text

    @property
    def typed_as(self) -> str:
        """The kind of its field."""
        return "text" if self.key in PHASE_KEYS else "number"


def read_steps(typed: Mapping[str, str]) -> tuple[CityStep, ...]:
    """Return the further steps that are ticked."""
    return tuple(step for step in CHOSEN_AT_START if step.value in typed["steps"].split())


def list_city_steps(typed: Mapping[str, str]) -> dict[str, Text]:
    """Return the steps of the procedure that is wanted, each with its name."""
    return {**STEPS, **{step.value: STEP_TITLES[step] for step in (*read_steps(typed), CityStep.CYCLE)}}


def list_city_numbers(ticked: Collection[CityStep]) -> list[AskedNumber]:
    """Return the numbers that the procedure needs."""
    return [
        AskedNumber(key, NUMBER_TITLES[key], _number_hint(key))
        for key in NUMBERS
        if key not in _NEEDED_BY or _NEEDED_BY[key] in ticked
    ]


def _number_hint(key: str) -> Text:
    if key in PHASE_KEYS:
        return Text(
            "空着就按下面“其他环节”的天数；条文只写“日”的（自然日）连单位一起填，例如 15日",
            "Empty: as the other phases below; calendar days (“日” alone) with their unit, such as 15日",
        )
    if not NUMBERS[key]:
        return Text("空着就不限", "Empty: no limit")
    return Text(f"通常是{NUMBERS[key]}；条文另有规定的照条文", f"Usually {NUMBERS[key]}; else as the text says")


def likely_clauses(clauses: Sequence[Clause], step: str) -> list[Clause]:
    """Return the clauses that are shown first for a step, by their words."""
    above: dict[str, str] = {}
    shown: list[Clause] = []
    for clause in clauses:
        text = clause.text or clause.summary
        lead = above.setdefault("-".join(clause.id.split("-")[:2]), text if text.endswith(("：", ":")) else "")
        if any(word in text or word in lead for word in _LIKELY.get(step, ())):
            shown.append(clause)
    return shown


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
    "voters_kind",
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
        voters_kind=typed["voters_kind"] if typed["voters_kind"] in VOTERS else "committee",
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


def read_chosen_passages() -> tuple[
    dict[str, str], list[dict[str, object]], tuple[Clause, ...], dict[str, tuple[str, ...]]
]:
    """Return what was typed, the passages, their clauses and those that each step cites."""
    typed, rows = city_typed(), list(rows_sent(request.form))
    clauses = clauses_of(typed["prefix"], list(pieces_of(rows)))
    clause_ids = {clause.id for clause in clauses}
    cited = {
        step: tuple(c for c in request.form.getlist(f"cited-{step}") if c in clause_ids)
        for step in list_city_steps(typed)
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
        match = _RECOMMENDER.fullmatch(line.replace("\u3000", " "))
        name, places, whose = match.groups("") if match else (line, "", "")
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
    return {
        phase: require_phase_days(NUMBER_TITLES[key], typed[key]) for key, phase in PHASE_KEYS.items() if typed[key]
    }


def _whole_number(typed: str) -> int:
    """Return a whole number of at most four digits; raises Invalid for anything else."""
    number = typed_whole_number(typed)
    if number is None or number > 9_999:
        raise Invalid(Text(f"“{typed}”不是整数。", f"“{typed}” is no whole number."))
    return number


def _require_number(key: str, typed: str) -> None:
    """Raise Invalid, naming the number ``key``, for what is none."""
    try:
        _whole_number(typed)
    except Invalid as error:
        title, message = NUMBER_TITLES[key], error.message
        raise Invalid(Text(f"{title.zh}：{message.zh}", f"{title.en}: {message.en}")) from error


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
            Text(
                f"施行日期“{typed}”不是日期，请写成例如 2026-01-01。", f"“{typed}” is no day: write it like 2026-01-01."
            )
        ) from None


def city_faults(
    typed: Mapping[str, str], clauses: tuple[Clause, ...], cited: dict[str, tuple[str, ...]]
) -> list[CityFault]:
    """Return what is wrong: what cannot be read, then what is missing or not allowed."""
    unread = list(_iterate_unreadable(typed))
    fields = {fault.field for fault in unread}
    whole = {**typed, **{field: _STANDS_IN.get(field, "") for field in fields}}
    return unread + [fault for fault in faults_of(outline_of(whole, clauses, cited)) if fault.field not in fields]


def choice_faults(sent: Mapping[str, str], typed: Mapping[str, str]) -> Iterator[CityFault]:
    """Yield what has to be chosen of the vote and was not; ``sent`` is what the page had."""
    for key, (title, _) in CHOICES.items():
        if key in sent and not typed[key]:
            yield CityFault(key, Text(f"请选择“{title.zh}”。", f"Choose “{title.en}”."))


def describe_faults(faults: Sequence[CityFault], field_names: Collection[str]) -> dict[str, Any]:
    """Return for a page with the fields ``field_names`` the list at its top, and what stands beside each field."""
    listed = [
        {"id": fault.field, "message": say(fault.message)}
        if fault.field in field_names
        else {"id": fault.field, "href": _FIRST_PAGE, "message": say(fault.message) + t("（第一步）", " (first step)")}
        for fault in faults
    ]
    beside: dict[str, str] = {}
    for fault in faults:
        beside[fault.field] = "".join(filter(None, (beside.get(fault.field), say(fault.message))))
    return {"faults": listed, "wrong": beside}


def _iterate_unreadable(typed: Mapping[str, str]) -> Iterator[CityFault]:
    """Yield what cannot be read at all, in the order of the page."""
    readers: dict[str, Callable[[], object]] = {"tiers": lambda: list(tiers_of(typed["tiers"]))}
    for key in NUMBERS:
        if key in PHASE_KEYS:
            alone = {**dict.fromkeys(PHASE_KEYS, ""), key: typed[key]}
            readers[key] = partial(_phases_typed, alone)
        elif typed[key]:
            readers[key] = partial(_require_number, key, typed[key])
    readers["recommenders"] = lambda: list(_recommenders_typed(typed["recommenders"]))
    readers["since"] = lambda: _day_of(typed["since"])
    for field, reader in readers.items():
        try:
            reader()
        except Invalid as error:
            yield CityFault(field, error.message)
