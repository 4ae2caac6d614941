"""What is missing or wrong in the outline of a place: every fault at once, each with the field that is to be corrected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.law.law import passages_of
from service.catalog.law_text.objection_phases import key_of
from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.place_ids import why_no_id
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import kept_month_day
from service.catalog.parameters.parameters import Unit
from service.catalog.parameters.quoted_bounds import demand_in_force, quoted_least
from service.catalog.settings.most_periods import longer_than_said
from service.domain.errors import Invalid
from service.domain.text import Text

_LONGEST = 100
_UNIT_SAID = {Unit.WORKING_DAYS: Text("个工作日", " working days"), Unit.CALENDAR_DAYS: Text("", " days")}


@dataclass(frozen=True, slots=True)
class CityFault:
    """What is wrong with the ``field`` of an outline, "" for what is of no field."""

    field: str
    message: Text


def demand_complete(outline: CityOutline) -> None:
    """Raise Invalid, naming everything that is missing or wrong."""
    faults = [fault.message for fault in faults_of(outline)]
    if faults:
        raise Invalid(Text("".join(said.zh for said in faults), " ".join(said.en for said in faults)))


def faults_of(outline: CityOutline) -> Iterator[CityFault]:
    """Yield everything that is missing or wrong, in the order in which it is asked for."""
    named_later = not outline.id and not outline.name.strip()  # the id comes of the name
    if not named_later and (strange := why_no_id(outline.id)) is not None:
        yield CityFault("id", strange)
    yield from _names(outline)
    if not outline.tiers or any(not tier.name.strip() or tier.places < 1 for tier in outline.tiers):
        yield CityFault(
            "tiers",
            Text(
                "请至少写一个奖项，每个奖项有名称、名额至少1个；从正文里没有读出来的，也在这里写。",
                "Name at least one tier, each with at least one place; what was not read from the text is typed here too.",
            ),
        )
    if not outline.clauses:
        yield CityFault(
            "text",
            Text(
                "还没有条款：请先粘贴或上传办法正文并确认。",
                "There are no clauses: paste or upload the text of the regulation first.",
            ),
        )
    yield from _numbers(outline)
    if CityStep.RECOMMENDATION in outline.steps:
        yield from _recommenders(outline)
    yield from _days(outline)
    try:
        demand_in_force(passages_of(outline.clauses), outline.since)
    except Invalid as error:
        yield CityFault("since", error.message)
    yield from _unlawful(outline)
    yield from _long_phases(outline)


def _names(outline: CityOutline) -> Iterator[CityFault]:
    government = [("government", outline.government, "审定的人民政府", "government that approves")]
    for field, said, zh, en in (
        ("name", outline.name, "名称", "name"),
        ("award_name", outline.award_name, "奖项名称", "name of the award"),
        ("law_title", outline.law_title, "办法名称", "title of the regulation"),
        ("office", outline.office, "办公室", "office"),
        ("committee", outline.committee, "评审委员会", "committee"),
        *(government if CityStep.APPROVAL in outline.steps else []),
    ):
        if not said.strip() or len(said) > _LONGEST:
            message = Text(f"请填写{zh}，不超过{_LONGEST}字。", f"Enter the {en}, at most {_LONGEST} characters.")
            yield CityFault(field, message)


def _numbers(outline: CityOutline) -> Iterator[CityFault]:
    """Yield the numbers that are none of a year at most."""
    phase = ("异议各环节期限", "time limits of an objection")
    for field, value, zh, en in (
        ("founded_years", outline.founded_years, "成立年限", "years since foundation"),
        ("acceptance_days", outline.acceptance_days, "受理决定期限", "time to decide on acceptance"),
        ("notice_days", outline.notice_days, "公示期", "time of the notice"),
        ("vote_days", outline.vote_days, "投票期限", "time to vote"),
        ("objection_days", outline.objection_days, *phase),
        ("reviewers", outline.reviewers, "评审组人数", "size of a panel"),
        *((key_of(name), days.number, *phase) for name, days in outline.objection_phases.items()),
        ("recommend_days", outline.recommend_days, "审核推荐期限", "time to recommend"),
    ):
        if not 1 <= value <= 365:
            yield CityFault(field, Text(f"{zh}应为1至365之间的数。", f"The {en} should be a number from 1 to 365."))


def _days(outline: CityOutline) -> Iterator[CityFault]:
    """Yield what is wrong with the time to apply, the years of the cycle and the last day of the call."""
    if not 0 <= outline.window_days <= 365:
        yield CityFault(
            "window_days", Text("申报时间应为0至365之间的数。", "The time to apply should be a number from 0 to 365.")
        )
    if not 0 <= outline.cycle_years <= 10 or (CityStep.CYCLE in outline.steps and outline.cycle_years < 1):
        yield CityFault(
            "cycle_years",
            Text(
                "“每几年评选一次”应为1至10之间的数；条文没有写的空着。",
                "“Given every so many years” should be 1 to 10; leave it empty where the text says nothing.",
            ),
        )
    if outline.call_by and kept_month_day(outline.call_by) is None:
        yield CityFault(
            "call_by",
            Text(
                "最迟发布申报公告的日子应写成每年都有的一天，月-日，例如 03-01。",
                "The latest day of the call should be a day that every year has, month-day, such as 03-01.",
            ),
        )


def _recommenders(outline: CityOutline) -> Iterator[CityFault]:
    names = [one.name for one in outline.recommenders]
    if not names or any(not name.strip() or len(name) > _LONGEST for name in names):
        yield CityFault(
            "recommenders",
            Text(
                f"请写明由谁审核推荐，一行一个，名称不超过{_LONGEST}字。",
                f"Say who recommends, one a line, each name of at most {_LONGEST} characters.",
            ),
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        yield CityFault(
            "recommenders",
            Text(
                f"推荐单位“{twice}”写了两次，请合并成一行。",
                f"The recommending unit “{twice}” stands there twice: make it one line.",
            ),
        )


def _unlawful(outline: CityOutline) -> Iterator[CityFault]:
    """Yield, with the article, what the words of the clause that it rests on do not allow."""
    known = {clause.id: clause for clause in outline.clauses}
    window = Unit.WORKING_DAYS if outline.working_window else Unit.CALENDAR_DAYS
    notice = Unit.CALENDAR_DAYS if outline.calendar_notice else Unit.WORKING_DAYS
    told = set()
    for step, field, value, unit, zh, en in (
        ("apply", "window_days", outline.window_days, window, "申报时间", "time to apply"),
        ("notice", "notice_days", outline.notice_days, notice, "公示期", "time of the notice"),
    ):
        least = None if field in outline.unsaid else quoted_least(known, outline.cited.get(step, ()), unit)
        if least is not None and least.forbids(value, unit):
            told.add(field)
            yield CityFault(
                field,
                Text(
                    f"{least.article}写明不少于{least.said.zh}，{zh}不能是{value}。请改成不少于{least.number}的数。",
                    f"{least.article} says at least {least.said.en}, so the {en} cannot be {value}: enter at least "
                    f"{least.number}.",
                ),
            )
    for key, said in outline.stated.items():
        value = outline.number_of(key)
        if key not in outline.unsaid and key not in told and said.forbids(value):
            yield CityFault(
                key,
                Text(
                    f"{said.article}写的是“{said.words}”，这里不能填{value}：请改成{said.number}，"
                    "或者在这一步取消引用这一条（它说的不是这件事时）。",
                    f"{said.article} says “{said.words}”, so {value} cannot be entered: make it {said.number}, or do not "
                    "cite that clause for this step where it is about something else.",
                ),
            )


def _long_phases(outline: CityOutline) -> Iterator[CityFault]:
    """Yield, with the article, the phases of an objection that are longer than the words of their clause, or may be."""
    cited = outline.cited.get(CityStep.OBJECTION.value, ())
    about = [clause for clause in outline.clauses if clause.id in cited]
    for phase, days in outline.objection_phases.items():
        said, most = outline.stated.get(key_of(phase)), longer_than_said(about, phase, days)
        if most is None or (said is not None and said.forbids(days.number)):
            continue
        yield CityFault(
            key_of(phase),
            Text(
                f"{most.article}写的是“{most.words}”，这里不能填{days.typed}{_UNIT_SAID[days.unit].zh}：请改成{most.said}，"
                "或者在这一步取消引用这一条（它说的不是这件事时）。",
                f"{most.article} says “{most.words}”, so {days.number}{_UNIT_SAID[days.unit].en} cannot be entered: make it "
                f"{most.said}, or do not cite that clause for this step where it is about something else.",
            ),
        )
