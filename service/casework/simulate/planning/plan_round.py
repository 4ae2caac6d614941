"""The plan of a round (倒排工期): the latest day on which it may open so that awards are handed over by a wanted day.

``plan.yaml`` of an award is a season in which one organisation goes the whole way on the diagrams that real rounds run on.
It is played from one opening day after the other, with the settings and the calendar of the place, until the last day is
found from which it still ends in time. So what the diagrams wait for is waited for here, and no period is said twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from threading import Lock
from types import MappingProxyType

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.calendars import effective_parameters
from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import starter_of
from service.casework.queries.downloads.files import Download, as_file
from service.casework.simulate.planning.plan_lines import PlanFollower, PlanLine
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import Move, Scenario, read_scenario
from service.casework.simulate.stage.stage import Workshop, empty_store
from service.catalog import Package
from service.catalog.parameters.parameters import Parameter, Unit
from service.domain.calendar import (
    CHINA,
    CalendarYear,
    WorkingCalendar,
    YearStatus,
    add_working_days,
    local_date,
)
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.text import Text

MOST_DAYS = 120
"""So many working days may be assumed for a step."""
DAYS_REFUSED = Text(
    f"预计的天数请填0至{MOST_DAYS}的整数。", f"Enter the assumed days as whole numbers, 0 to {MOST_DAYS}."
)
_OF_DAYS = frozenset({Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS, Unit.DATE})
"""What a setting counts that always belongs into a plan."""
_MOST_PLAYS = 16
_MAX_CACHED_PLAYS = 32
_USUAL_LENGTH = timedelta(days=150)
_FARTHEST = timedelta(days=3 * 366)
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class PlayedPlan:
    """A season from ``opens`` on: ``called`` is the day of the call for applications, ``ends`` that of the last step.

    ``left_out`` are local settings under which the planned season does not reach its end, so that it goes on without them.
    """

    opens: date
    called: date
    ends: date
    lines: tuple[PlanLine, ...]
    left_out: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """The season that opens last of those that end by ``wanted``, or the one that opens now where none does.

    ``unpublished`` are years whose holidays are not published: only weekends were counted as days of rest in them.
    ``assumed`` are settings that nobody has made yet, with the value that the plan takes for them.
    """

    package: Package
    wanted: date
    season: PlayedPlan
    unpublished: tuple[int, ...]
    today: date
    assumed: tuple[tuple[Text, object], ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether the wanted day cannot be met any more."""
        return self.season.ends > self.wanted

    @property
    def reservations(self) -> tuple[Text, ...]:
        """What the plan takes for given or leaves aside, a sentence each."""
        sentences = [
            Text(
                f"{name.zh}还没有设定，暂按{_in_full(value).zh}推算。",
                f"{name.en} is not set: {_in_full(value).en} is assumed.",
            )
            for name, value in self.assumed
        ]
        if self.season.left_out:
            sentences.append(
                Text(
                    f"推算没有计入这些本地设定：{'、'.join(name.zh for name in self.season.left_out)}。它们带来的步骤请另外留出时间。",
                    f"The plan does not follow these local settings: {', '.join(name.en for name in self.season.left_out)}."
                    " Allow time for the steps that they bring.",
                )
            )
        return tuple(sentences)


def _in_full(value: object) -> Text:
    return format_full_day(value) if isinstance(value, date) else Text(str(value), str(value))


def planned_process(package: Package) -> str | None:
    """Return the kind of case that is planned, None where the package has no plan."""
    if package.plan_file not in package.files:
        return None
    return next((str(move.value) for move in _season_of(package).scenario.moves if move.verb == "start"), None)


@guarded("case.start")
def plan_round(
    desk: Desk, actor: Actor, package_key: str, process: str, wanted: date, days: Mapping[int, int]
) -> RoundPlan:
    """Return the latest plan that ends by ``wanted``, with other ``days`` assumed for steps by their number.

    Raises:
        NotFound: there is no such package, or it has no plan of this process.
        NotAllowed: the actor does not open rounds there.
        Invalid: ``wanted`` is over or too far, or the season does not reach its end: at which step, and why.
    """
    today = local_date(desk.clock.now())
    with desk.store.read() as tx:
        package = desk.packages.current(package_key, tx)
        settings = effective_parameters(tx, package)
    if planned_process(package) != process:
        raise NotFound(Text("这里没有可以倒排的日程。", "There is nothing to plan here."))
    if starter_of(actor, package, package.process(process)) is None:
        raise NotAllowed(Text("倒排工期由开启届次的单位办理。", "Only who opens the round plans it."))
    if not today <= wanted <= today + _FARTHEST:
        raise Invalid(Text("表彰日请填今天起三年以内的日期。", "Enter a day within three years from today."))
    if not all(0 <= count <= MOST_DAYS for count in days.values()):
        raise Invalid(DAYS_REFUSED)
    calendar, season = desk.calendar(package.jurisdiction.calendar), _season_of(package)
    usual = {move.number: move.keys.get("after") for move in season.scenario.moves}
    days = {step: count for step, count in days.items() if usual.get(step) not in (None, "due", count)}
    with season.lock:  # plays of one version share what is compiled: one after the other
        if season.calendar is not calendar:
            season.calendar = calendar
            season.plays.clear()
        played = _Search(desk, package, settings, days, calendar, season, today).find_latest(wanted)
    years = range(played.opens.year, played.ends.year + 1)
    unpublished = tuple(year for year in years if not calendar.look(date(year, 1, 1)).published)
    assumed = tuple(
        (settings[name].text, value)
        for name, value in season.scenario.parameters.items()
        if settings[name] is package.award.parameters[name]
    )
    return RoundPlan(package, wanted, played, unpublished, today, assumed)


@guarded("case.start")
def plan_file(
    desk: Desk, actor: Actor, package_key: str, process: str, wanted: date, days: Mapping[int, int], kind: str
) -> Download:
    """Return the plan as ``kind`` (docx, pdf); raises as `plan_round`, and NoPrinter."""
    plan = plan_round(desk, actor, package_key, process, wanted, days)
    return as_file(desk, f"{plan.package.award.text.zh}倒排工期", list(_iterate_paragraphs(plan)), plan.today, kind)


def _iterate_paragraphs(plan: RoundPlan) -> Iterator[str | dict[str, object]]:
    season = plan.season
    opens, called, ends, wanted = (
        format_full_day(day).zh for day in (season.opens, season.called, season.ends, plan.wanted)
    )
    if plan.is_late:
        yield f"赶不上{wanted}表彰：{opens}开启本届，最早{ends}颁发证书奖牌。"
    else:
        yield f"{wanted}以前完成表彰，最迟须在{opens}开启本届，在{called}发布申报通知。"
    yield "按没有补正、异议、退回的一届推算，每步都用足期限；标“预计”的天数由办公室估计。"
    yield from (sentence.zh for sentence in plan.reservations)
    if plan.unpublished:
        years = "、".join(f"{year}年" for year in plan.unpublished)
        yield f"{years}的放假安排还没有公布，暂时只把周末算作休息日，公布后请重新推算。"
    rows = [
        [
            str(number),
            "至".join(
                f"{format_full_day(day).zh}（周{_WEEKDAYS[day.weekday()]}）"
                for day in dict.fromkeys((line.first, line.last))
            ),
            line.name.zh,
            line.who.zh or "—",
            f"{line.basis.value.zh}：{line.limit.zh}",
            "、".join(clause.article for clause in line.clauses) or "—",
        ]
        for number, line in enumerate(season.lines, 1)
    ]
    yield {"head": ["序号", "日期", "事项", "办理单位", "时间依据", "条款"], "rows": rows}


@dataclass(slots=True)
class _Season:
    """The season of one version, what its plays share, and those played last by ``calendar``."""

    scenario: Scenario
    workshop: Workshop = field(default_factory=Workshop)
    plays: dict[object, PlayedPlan] = field(default_factory=dict)
    calendar: WorkingCalendar | None = None
    lock: Lock = field(default_factory=Lock)


def _season_of(package: Package) -> _Season:
    return package.derived(_Season, lambda: _Season(read_scenario(package.files[package.plan_file], package.plan_file)))


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for the latest opening day, among working days."""

    desk: Desk
    package: Package
    settings: Mapping[str, Parameter]
    days: Mapping[int, int]
    calendar: WorkingCalendar
    season: _Season
    today: date

    def find_latest(self, wanted: date) -> PlayedPlan:
        """Return the season from the last working day on that ends by ``wanted``, from today where none does; raises Invalid."""
        before = next(reversed(self.season.plays.values()), None)
        length = before.ends - before.opens if before else _USUAL_LENGTH
        good: PlayedPlan | None = None
        bad: date | None = None
        earliest = self._next_working(self.today - timedelta(days=1))
        opens = max(self._last_working(wanted - length), earliest)
        for _ in range(_MOST_PLAYS):
            played = self._play_once(opens)
            if played.ends <= wanted:
                good = played
            else:
                bad = opens
            if good and self._next_working(good.opens) == bad:
                return good
            if bad == earliest:
                return played
            # a season lasts about as long from any other day: that is where the answer is looked for first
            opens = max(self._last_working(opens + (wanted - played.ends)), earliest)
            if good:
                opens = max(opens, self._next_working(good.opens))
            if bad:
                opens = min(opens, add_working_days(self.calendar, bad, -1))
        raise Invalid(Text("没有算出合适的开启日期，请换一个表彰日。", "No opening day was found: try another day."))

    def _last_working(self, day: date) -> date:
        return add_working_days(self.calendar, day + timedelta(days=1), -1)

    def _next_working(self, day: date) -> date:
        return add_working_days(self.calendar, day, 1)

    def _play_once(self, opens: date) -> PlayedPlan:
        plays, settings = self.season.plays, self._get_changed_settings()
        key = opens, tuple(sorted(self.days.items())), repr(sorted(settings.items()))
        played = plays.pop(key, None) or self._play_from(opens)
        plays[key] = played
        while len(plays) > _MAX_CACHED_PLAYS:
            del plays[next(iter(plays))]
        return played

    def _get_changed_settings(self) -> Mapping[str, Parameter]:
        """Return the settings that the city has changed."""
        parameters = self.package.award.parameters
        return {name: setting for name, setting in self.settings.items() if setting is not parameters[name]}

    def _play_from(self, opens: date) -> PlayedPlan:
        local_settings = self._get_changed_settings()
        of_days = {name: setting for name, setting in local_settings.items() if setting.unit in _OF_DAYS}
        plan, why = self._play_by(opens, local_settings)
        if why and of_days != local_settings:
            omissions = tuple(setting.text for name, setting in local_settings.items() if name not in of_days)
            plan, why = self._play_by(opens, of_days)
            plan = replace(plan, left_out=omissions)
        if why:
            day = format_full_day(opens)
            raise Invalid(
                Text(
                    f"{day.zh}开启的一届按常规走不到表彰，请换一个表彰日，或者核对本地设定。{why.zh}",
                    f"A round opened on {day.en} does not reach its end: try another day, or look at the settings. {why.en}",
                )
            )
        return plan

    def _play_by(self, opens: date, local_settings: Mapping[str, Parameter]) -> tuple[PlayedPlan, Text | None]:
        """Return the season from ``opens`` with the city's settings ``local_settings``, and why it stopped where it did."""
        season = self.season.scenario
        scenario = replace(
            season,
            start=datetime.combine(opens, time(9), CHINA),
            years=tuple(unpublished_years(self.calendar, range(opens.year, opens.year + 4))),
            parameters={name: value for name, value in season.parameters.items() if name not in local_settings},
            moves=tuple(map(self._apply_assumption, season.moves)),
        )
        award = self.package.parts.award
        award = replace(award, parameters=MappingProxyType({**award.parameters, **local_settings}))
        package = (
            replace(self.package, parts=replace(self.package.parts, award=award)) if local_settings else self.package
        )
        follower = PlanFollower(package)
        with empty_store() as store:
            played = play(
                store,
                package,
                scenario,
                self.desk.calendars,
                self.desk.operations,
                self.desk.functions,
                follower=follower,
                workshop=self.season.workshop,
            )
        lines = follower.lines
        ends = lines[-1].last if lines else opens
        return PlayedPlan(opens, follower.called or opens, ends, lines), played.unmet[
            0
        ].message if played.unmet else None

    def _apply_assumption(self, move: Move) -> Move:
        days = self.days.get(move.number)
        return move if days is None else replace(move, keys={**move.keys, "after": days})


def unpublished_years(calendar: WorkingCalendar, numbers: Iterable[int]) -> Iterator[CalendarYear]:
    """Yield those years that some layer has not published, as far as they are known: provisional dates wait for nobody then."""
    for number in numbers:
        if not calendar.look(date(number, 1, 1)).published:
            layer_years = [layer.years[number] for layer in calendar.layers if number in layer.years]
            spans = tuple(span for year in layer_years for span in year.days_off)
            worked = frozenset(day for year in layer_years for day in year.make_up)
            yield CalendarYear(number, spans, worked, YearStatus.FICTIONAL)
