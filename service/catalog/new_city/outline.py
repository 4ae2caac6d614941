"""What is asked about a place before its files are made, and everything that is missing or wrong in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from service.catalog.law.law import Clause
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import parse_month_day
from service.catalog.parameters.parameters import Unit
from service.catalog.settings.periods import FROM_A_DAY, PHASES, PhaseDays
from service.domain.ballots.rules import read_quorum, read_threshold
from service.domain.errors import Invalid
from service.domain.text import Text

_WITHIN = ("investigation", "finding")
"""Phases that end with the answer where its time covers all from receipt or acceptance and they have none of their own."""
_LONGEST = 100
_IDENT = re.compile(r"[a-z][a-z0-9_]{1,39}")
RESERVED = {"shared", "calendars", "scoring", "english"}
"""Folders beside those of places."""


def key_of(phase: str) -> str:
    """Return what the number of a phase is called among those of a new place."""
    return f"objection_{phase}_days"


_NUMBERS = {
    "window_days": ("apply", Unit.CALENDAR_DAYS, "申报时间", "time to apply"),
    "founded_years": ("conditions", Unit.YEARS, "成立年限", "years since foundation"),
    "acceptance_days": ("acceptance", Unit.WORKING_DAYS, "受理决定期限", "time to decide on acceptance"),
    "vote_days": ("vote", Unit.WORKING_DAYS, "投票期限", "time to vote"),
    "notice_days": ("notice", Unit.WORKING_DAYS, "公示期", "time of the notice"),
    "reviewers": ("scoring", Unit.COUNT, "评审组人数", "size of a panel"),
    "recommend_days": ("recommendation", Unit.WORKING_DAYS, "审核推荐期限", "time to recommend"),
    "objection_days": ("objection", Unit.WORKING_DAYS, "异议各环节期限", "time limits of an objection"),
    "cycle_years": ("cycle", Unit.YEARS, "每几年评选一次", "years between two rounds"),
}
"""The numbers of a place: the step whose clauses give each, what it counts, and its name."""


@dataclass(frozen=True, slots=True)
class OutlinedTier:
    """A prize: its name, and how many may be given in a round."""

    id: str
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class Recommender:
    """An authority that recommends: its name, how many in a round (None: no limit), and ``whose`` applications it judges."""

    id: str
    name: str
    places: int | None = None
    whose: str = ""


VOTERS = {"committee": ("评审委员会", "主任委员"), "leading_group": ("领导小组", "组长")}
"""The kinds of bodies that vote: what each is called, and who leads it."""


@dataclass(frozen=True, slots=True)
class CityOutline:
    """A place with its award as a person describes it.

    ``cited`` says for each step that cites the law (apply, conditions, acceptance, vote, notice, conferral) the clauses it
    carries out; ``acceptance_days`` and ``notice_days`` are working days, ``window_days`` all days (with ``working_window``
    working days) that a round takes applications at least (0: none asked for), ``call_by`` the day of the year (month-day)
    by which is called for them ("": none), ``founded_years`` years since the foundation of an applicant, ``vote_days``
    working days to vote, ``vote_ballots`` how many ballots there are where votes do not suffice (0: nothing is said),
    ``vote_threshold`` and ``vote_quorum`` how many votes and members it takes ("": nothing is said). ``steps`` are the
    further steps of the procedure, ``government`` who approves, ``objection_days`` the working days of each phase of an
    objection that ``objection_phases`` does not name, ``objection_from`` (receipt, acceptance) from when its answer counts.
    ``vote_rules`` say of whom votes are a share (base) and whether ballots are secret. With ``calendar_notice`` the days of
    the notice are all days. ``recommenders`` recommend within ``recommend_days`` working days. ``cycle_years``: the award is
    given every so many years (0: nothing is said).
    """

    id: str
    name: str
    name_en: str
    calendar: str
    award_name: str
    law_title: str
    since: date
    office: str
    committee: str
    tiers: tuple[OutlinedTier, ...]
    clauses: tuple[Clause, ...]
    cited: dict[str, tuple[str, ...]] = field(default_factory=dict)
    window_days: int = 0
    working_window: bool = False
    call_by: str = ""
    founded_years: int = 3
    acceptance_days: int = 10
    notice_days: int = 5
    vote_days: int = 5
    vote_ballots: int = 0
    vote_threshold: str = ""
    vote_quorum: str = ""
    steps: tuple[CityStep, ...] = ()
    government: str = ""
    objection_days: int = 5
    objection_phases: Mapping[str, PhaseDays] = field(default_factory=dict)
    objection_from: str = ""
    vote_rules: Mapping[str, str] = field(default_factory=dict)
    reviewers: int = 3
    calendar_notice: bool = False
    recommenders: tuple[Recommender, ...] = ()
    recommend_days: int = 10
    cycle_years: int = 0
    voters_kind: str = "committee"

    @property
    def voters(self) -> tuple[str, str]:
        """What the body that votes is called by its kind, and who leads it."""
        return VOTERS[self.voters_kind]

    def clauses_of(self, step: str) -> list[Clause]:
        """Return the clauses that ``step`` carries out, in the order of the regulation."""
        return [clause for clause in self.clauses if clause.id in self.cited.get(step, ())]

    @staticmethod
    def step_of(number: str) -> str:
        """Return the step whose clauses give a number."""
        return _NUMBERS[number][0]

    def unit_of(self, number: str) -> Unit:
        """Return what a number counts in this place."""
        if number == "window_days" and self.working_window:
            return Unit.WORKING_DAYS
        return Unit.CALENDAR_DAYS if number == "notice_days" and self.calendar_notice else _NUMBERS[number][1]

    @property
    def phase_days(self) -> Mapping[str, PhaseDays]:
        """The time of each phase of an objection: as typed, else that of the answer which covers it, else the usual one."""
        usual = PhaseDays(self.objection_days)
        whole = self.objection_phases.get("reply", usual)
        covered = dict.fromkeys(_WITHIN, whole) if self.objection_from else {}
        return {phase: self.objection_phases.get(phase, covered.get(phase, usual)) for phase in PHASES}

    @property
    def counted_phases(self) -> frozenset[str]:
        """The phases of an objection that count from its receipt or acceptance: the answer, and those that it covers."""
        if not self.objection_from:
            return frozenset()
        return frozenset({"reply", *(phase for phase in _WITHIN if phase not in self.objection_phases)})


@dataclass(frozen=True, slots=True)
class CityFault:
    """What is wrong with the ``field`` of an outline, "" for what is of no field."""

    field: str
    message: Text


def why_no_id(ident: str) -> Text | None:
    """Return why no place can have the id, None where one can."""
    if _IDENT.fullmatch(ident) and ident not in RESERVED:
        return None
    return Text(
        f"编号“{ident}”应由二至四十个小写英文字母、数字和下划线组成，字母开头，例如 lanshan。",
        f"The id “{ident}” should be 2 to 40 small letters, digits and underscores such as lanshan.",
    )


def require_free_id(ident: str) -> None:
    """Raise Invalid for an id that no place can have."""
    if (strange := why_no_id(ident)) is not None:
        raise Invalid(strange)


def require_complete(outline: CityOutline) -> None:
    """Raise Invalid, naming everything that is missing or wrong."""
    faults = [fault.message for fault in faults_of(outline)]
    if faults:
        raise Invalid(Text("".join(fault.zh for fault in faults), " ".join(fault.en for fault in faults)))


def faults_of(outline: CityOutline) -> Iterator[CityFault]:
    """Yield everything that is missing or wrong, in the order in which it is asked for."""
    named_later = not outline.id and not outline.name.strip()  # the id comes of the name
    if not named_later and (strange := why_no_id(outline.id)) is not None:
        yield CityFault("id", strange)
    yield from _check_names(outline)
    if not outline.tiers or any(not tier.name.strip() or tier.places < 1 for tier in outline.tiers):
        yield CityFault(
            "tiers",
            Text(
                "请至少写一个奖项，每个奖项有名称、名额至少1个。",
                "Name at least one tier, each with at least one place.",
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
    yield from _check_numbers(outline)
    yield from _check_votes(outline)
    if CityStep.RECOMMENDATION in outline.steps:
        yield from _check_recommenders(outline)
    yield from _days(outline)


def _check_names(outline: CityOutline) -> Iterator[CityFault]:
    government = [("government", outline.government, "审定的人民政府", "government that approves")]
    for name, value, zh, en in (
        ("name", outline.name, "名称", "name"),
        ("award_name", outline.award_name, "奖项名称", "name of the award"),
        ("law_title", outline.law_title, "办法名称", "title of the regulation"),
        ("office", outline.office, "办公室", "office"),
        ("committee", outline.committee, "评审委员会", "committee"),
        *(government if CityStep.APPROVAL in outline.steps else []),
    ):
        if not value.strip() or len(value) > _LONGEST:
            message = Text(f"请填写{zh}，不超过{_LONGEST}字。", f"Enter the {en}, at most {_LONGEST} characters.")
            yield CityFault(name, message)


def _check_numbers(outline: CityOutline) -> Iterator[CityFault]:
    """Yield the numbers that are none of a year at most."""
    _, _, phase_zh, phase_en = _NUMBERS["objection_days"]
    numbers = [
        (name, getattr(outline, name), zh, en)
        for name, (_, _, zh, en) in _NUMBERS.items()
        if name not in ("window_days", "cycle_years")
    ]
    numbers += [(key_of(name), days.number, phase_zh, phase_en) for name, days in outline.objection_phases.items()]
    for name, value, zh, en in numbers:
        if not 1 <= value <= 365:
            yield CityFault(name, Text(f"{zh}应为1至365之间的数。", f"The {en} should be a number from 1 to 365."))


def _check_votes(outline: CityOutline) -> Iterator[CityFault]:
    """Yield the share of votes or of members that cannot be read."""
    for name, typed, reader, zh, en in (
        ("vote_threshold", outline.vote_threshold, read_threshold, "通过所需票数", "threshold"),
        ("vote_quorum", outline.vote_quorum, read_quorum, "法定人数", "quorum"),
    ):
        try:
            reader(typed or "> 1/2")
        except Invalid:
            yield CityFault(
                name,
                Text(
                    f"{zh}“{typed}”读不出来，请写成 > 1/2、2/3 这样的比例。",
                    f"The {en} “{typed}” cannot be read: write a share such as > 1/2 or 2/3.",
                ),
            )


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
    if outline.call_by and parse_month_day(outline.call_by) is None:
        yield CityFault(
            "call_by",
            Text(
                "最迟发布申报公告的日子应写成每年都有的一天，月-日，例如 03-01。",
                "The latest day of the call should be a day that every year has, month-day, such as 03-01.",
            ),
        )
    if outline.objection_from not in ("", *FROM_A_DAY):
        yield CityFault(
            "objection_from",
            Text("请选择异议答复从什么时候算。", "Choose from when the answer to an objection counts."),
        )


def _check_recommenders(outline: CityOutline) -> Iterator[CityFault]:
    names = [recommender.name for recommender in outline.recommenders]
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
