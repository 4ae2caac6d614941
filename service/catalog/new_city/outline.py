"""What is asked about a place before its files are made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from service.catalog.law import Clause, passages_of
from service.catalog.law_text.objection_phases import PHASES, answered_from_receipt, key_of
from service.catalog.month_days import kept_month_day
from service.catalog.most_periods import longer_than_said
from service.catalog.new_city.site import Recommender
from service.catalog.new_city.stated_bounds import StatedNumber, stated_numbers
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters import Unit
from service.catalog.phase_days import PhaseDays
from service.catalog.quoted_bounds import demand_in_force, quoted_least
from service.domain.errors import Invalid
from service.domain.text import Text

_IDENT = re.compile(r"[a-z][a-z0-9_]{1,39}")
RESERVED = {"shared", "calendars", "scoring", "english"}
"""Folders beside those of places."""
_LONGEST = 100
_UNIT_SAID = {Unit.WORKING_DAYS: Text("个工作日", " working days"), Unit.CALENDAR_DAYS: Text("", " days")}
_PHASE_OF = {key_of(phase): phase for phase in PHASES}
STEPS = ("apply", "conditions", "acceptance", "vote", "notice", "conferral")
"""The steps of the first procedure that cite the law."""


@dataclass(frozen=True, slots=True)
class OutlinedTier:
    """A prize: its name, and how many may be given in a round."""

    id: str
    name: str
    places: int


@dataclass(frozen=True, slots=True)
class CityOutline:
    """A place with its award as a person describes it.

    ``cited`` says for each of ``STEPS`` the clauses it carries out; ``acceptance_days`` and ``notice_days`` are working
    days, ``window_days`` all days (with ``working_window`` working days) that a round takes applications at least (0: the text asks for
    none), ``call_by`` the day of the year (month-day) by which is called for them ("": none), ``founded_years``
    years since the foundation of an applicant, ``vote_days`` working days to vote, ``vote_ballots`` how many
    ballots there are where votes do not suffice (0: nothing is said). ``steps`` are the further steps of the
    procedure, ``government`` who approves, ``objection_days`` the time limit of each phase of an objection that
    ``objection_phases`` does not name. ``vote_rules`` answers of whom votes are a share (base) and whether ballots are secret. With ``calendar_notice`` the
    days of the notice are all days. ``unsaid`` names the numbers that the text does not give. ``recommenders`` recommend within
    ``recommend_days`` working days. ``cycle_years``: the award is given every so many years (0: nothing is said).
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
    steps: tuple[CityStep, ...] = ()
    government: str = ""
    objection_days: int = 5
    objection_phases: Mapping[str, PhaseDays] = field(default_factory=dict)
    vote_rules: Mapping[str, str] = field(default_factory=dict)
    reviewers: int = 3
    calendar_notice: bool = False
    unsaid: frozenset[str] = frozenset()
    recommenders: tuple[Recommender, ...] = ()
    recommend_days: int = 10
    cycle_years: int = 0

    @property
    def voters(self) -> tuple[str, str]:
        """What the body that votes is called by its kind, and who leads it: a committee, or a leading group (领导小组)."""
        return ("领导小组", "组长") if "小组" in self.committee else ("评审委员会", "主任委员")

    @property
    def stated(self) -> Mapping[str, StatedNumber]:
        """What the cited clauses say of the numbers."""
        units = {True: Unit.WORKING_DAYS, False: Unit.CALENDAR_DAYS}
        counted = {"window_days": units[self.working_window], "notice_days": units[not self.calendar_notice]}
        counted |= {key_of(phase): days.unit for phase, days in self.objection_phases.items()}
        return stated_numbers(self.clauses, self.cited, counted)

    @property
    def phase_days(self) -> Mapping[str, PhaseDays | None]:
        """The time of each phase of an objection: as typed, else as its clause says, else the usual one.

        Where the text counts the answer from receipt, phases that it says nothing of end with it.
        """
        found = dict(self.objection_phases)
        for key, said in self.stated.items():
            phase = _PHASE_OF.get(key, "reply")
            if phase != "reply":
                found.setdefault(phase, PhaseDays(said.number, said.unit))
        usual = PhaseDays(self.objection_days)
        if self.counts_from_receipt and "objection_days" in self.unsaid:
            within = {phase: found.get("reply", usual) for phase in ("investigation", "finding")}
            return {
                phase: found.get(phase, {**within, "reply": usual, "completion": usual}.get(phase)) for phase in PHASES
            }
        return {phase: found.get(phase, usual) for phase in PHASES}

    @property
    def counts_from_receipt(self) -> bool:
        """Tell whether a clause on objections has them answered so many days from their receipt."""
        cited = self.cited.get(CityStep.OBJECTION.value, ())
        return any(bool(answered_from_receipt(c.text or c.summary)) for c in self.clauses if c.id in cited)

    @property
    def from_receipt(self) -> frozenset[str]:
        """The phases of an objection that count from its receipt: the answer where the text says so, and those it covers."""
        if not self.counts_from_receipt:
            return frozenset()
        told = {_PHASE_OF[key] for key in self.stated if key in _PHASE_OF} | self.objection_phases.keys()
        covered = "objection_days" in self.unsaid
        return frozenset({"reply", *(p for p in ("investigation", "finding") if covered and p not in told)})

    def _typed(self, key: str) -> int:
        """Return the number that stands for ``key`` now."""
        if key not in _PHASE_OF:
            return int(getattr(self, key))
        days = self.phase_days[_PHASE_OF[key]]
        return days.number if days is not None else 0

    def demand_complete(self) -> None:
        """Raise Invalid, naming the first thing that is missing or wrong."""
        demand_free_id(self.id)
        for said, zh, en in (
            (self.name, "名称", "name"),
            (self.award_name, "奖项名称", "name of the award"),
            (self.law_title, "办法名称", "title of the regulation"),
            (self.office, "办公室", "office"),
            (self.committee, "评审委员会", "committee"),
            *(
                [(self.government, "审定的人民政府", "government that approves")]
                if CityStep.APPROVAL in self.steps
                else []
            ),
        ):
            if not said.strip() or len(said) > _LONGEST:
                raise Invalid(
                    Text(f"请填写{zh}，不超过{_LONGEST}字。", f"Enter the {en}, at most {_LONGEST} characters.")
                )
        if not self.tiers or any(not tier.name.strip() or tier.places < 1 for tier in self.tiers):
            raise Invalid(
                Text(
                    "请至少写一个奖项，每个奖项有名称、名额至少1个。",
                    "Name at least one tier, each with at least one place.",
                )
            )
        if not self.clauses:
            raise Invalid(
                Text(
                    "还没有条款：请先粘贴办法正文并确认。",
                    "There are no clauses: paste the text of the regulation first.",
                )
            )
        self._demand_numbers()
        if CityStep.RECOMMENDATION in self.steps:
            self._demand_recommenders()
        if not 0 <= self.window_days <= 365:
            raise Invalid(Text("申报时间应为0至365之间的数。", "The time to apply should be a number from 0 to 365."))
        self._demand_cycle()
        self._demand_call_day()
        demand_in_force(passages_of(self.clauses), self.since)
        self._demand_lawful()
        self._demand_phases()

    def _demand_numbers(self) -> None:
        """Raise Invalid for a number that is none of a year at most."""
        for value, zh, en in (
            (self.founded_years, "成立年限", "years since foundation"),
            (self.acceptance_days, "受理决定期限", "time to decide on acceptance"),
            (self.notice_days, "公示期", "time of the notice"),
            (self.vote_days, "投票期限", "time to vote"),
            (self.objection_days, "异议各环节期限", "time limits of an objection"),
            (self.reviewers, "评审组人数", "size of a panel"),
            *((d.number, "异议各环节期限", "time limits of an objection") for d in self.objection_phases.values()),
            (self.recommend_days, "审核推荐期限", "time to recommend"),
        ):
            if not 1 <= value <= 365:
                raise Invalid(Text(f"{zh}应为1至365之间的数。", f"The {en} should be a number from 1 to 365."))

    def _demand_cycle(self) -> None:
        """Raise Invalid where the award is given every so many years and these are no number of years."""
        if not 0 <= self.cycle_years <= 10 or (CityStep.CYCLE in self.steps and self.cycle_years < 1):
            raise Invalid(
                Text(
                    "“每几年评选一次”应为1至10之间的数；条文没有写的空着。",
                    "“Given every so many years” should be 1 to 10; leave it empty where the text says nothing.",
                )
            )

    def _demand_call_day(self) -> None:
        """Raise Invalid where the last day of the call is no day of every year."""
        if self.call_by and kept_month_day(self.call_by) is None:
            raise Invalid(
                Text(
                    "最迟发布申报公告的日子应写成每年都有的一天，月-日，例如 03-01。",
                    "The latest day of the call should be a day that every year has, month-day, such as 03-01.",
                )
            )

    def _demand_recommenders(self) -> None:
        """Raise Invalid where nobody recommends, or two authorities have one name."""
        names = [one.name for one in self.recommenders]
        if not names or any(not name.strip() or len(name) > _LONGEST for name in names):
            raise Invalid(
                Text(
                    f"请写明由谁审核推荐，一行一个，名称不超过{_LONGEST}字。",
                    f"Say who recommends, one a line, each name of at most {_LONGEST} characters.",
                )
            )
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise Invalid(
                Text(
                    f"推荐单位“{twice}”写了两次，请合并成一行。",
                    f"The recommending unit “{twice}” stands there twice: make it one line.",
                )
            )

    def _demand_lawful(self) -> None:
        """Raise Invalid, with the article, for a period shorter than the words of the clause that it rests on."""
        known = {clause.id: clause for clause in self.clauses}
        window = Unit.WORKING_DAYS if self.working_window else Unit.CALENDAR_DAYS
        notice = Unit.CALENDAR_DAYS if self.calendar_notice else Unit.WORKING_DAYS
        for step, number, value, unit, zh, en in (
            ("apply", "window_days", self.window_days, window, "申报时间", "time to apply"),
            ("notice", "notice_days", self.notice_days, notice, "公示期", "time of the notice"),
        ):
            least = None if number in self.unsaid else quoted_least(known, self.cited.get(step, ()), unit)
            if least is not None and least.forbids(value, unit):
                raise Invalid(
                    Text(
                        f"{least.article}写明不少于{least.said.zh}，{zh}不能是{value}。请改成不少于{least.number}的数。",
                        f"{least.article} says at least {least.said.en}, so the {en} cannot be {value}: enter at least "
                        f"{least.number}.",
                    )
                )
        for key, said in self.stated.items():
            value = self._typed(key)
            if key not in self.unsaid and said.forbids(value):
                raise Invalid(
                    Text(
                        f"{said.article}写的是“{said.words}”，这里不能填{value}：请改成{said.number}，"
                        "或者在这一步取消引用这一条（它说的不是这件事时）。",
                        f"{said.article} says “{said.words}”, so {value} cannot be entered: make it {said.number}, or do not "
                        "cite that clause for this step where it is about something else.",
                    )
                )

    def _demand_phases(self) -> None:
        """Raise Invalid, with the article, for a phase of an objection that is longer than the words of its clause, or may be."""
        cited = self.cited.get(CityStep.OBJECTION.value, ())
        about = [clause for clause in self.clauses if clause.id in cited]
        for phase, days in self.objection_phases.items():
            most = longer_than_said(about, phase, days)
            if most is not None:
                raise Invalid(
                    Text(
                        f"{most.article}写的是“{most.words}”，这里不能填{days.typed}{_UNIT_SAID[days.unit].zh}：请改成{most.said}，"
                        "或者在这一步取消引用这一条（它说的不是这件事时）。",
                        f"{most.article} says “{most.words}”, so {days.number}{_UNIT_SAID[days.unit].en} cannot be entered: make it "
                        f"{most.said}, or do not cite that clause for this step where it is about something else.",
                    )
                )


def demand_free_id(ident: str) -> None:
    """Raise Invalid for an id that no place can have."""
    if not _IDENT.fullmatch(ident) or ident in RESERVED:
        raise Invalid(
            Text(
                f"代号“{ident}”应由二至四十个小写英文字母、数字和下划线组成，字母开头，例如 lanshan。",
                f"The id “{ident}” should be 2 to 40 small letters, digits and underscores such as lanshan.",
            )
        )
