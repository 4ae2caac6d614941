"""Figures of a round: how far its applicants came, how severe its reviewers were, and both with the board as a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import ListColumn, ListSpec, Say, Table
from service.casework.queries.rounds.round_board import (
    WHAT,
    BoardColumn,
    Card,
    applied_below,
    applies_below,
    cards_in_order,
)
from service.casework.queries.rounds.round_lines import BoardLine, among, round_lines, round_stages
from service.casework.reading.stages import drawn_name, usual_name
from service.casework.scope.record import sheet_of
from service.casework.spreadsheets.applicants import columns_and_uploads
from service.casework.spreadsheets.export_access import note_export, round_overseen, round_seen
from service.catalog import Package, ProcessInfo
from service.domain.calendar import local_date
from service.domain.review import Sheet
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text
from service.store import CasesBelow, Transaction
from service.store.models import CaseRow, SheetRow

_MOST_ROUNDS = 8
_NOT_CHOSEN = Text("未填写", "not given")


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """Applicants that chose alike: how many there are, and how many came to each stage."""

    name: Text
    applied: int
    reached: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The round before this one, so many days after it began as have passed of this one: how many had applied, and come where.

    ``reached`` is by the stages of this round; a stage that the round before did not have was reached by nobody.
    """

    id: int
    title: str
    applied: int
    reached: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """A round of the award: how many applied, and how many awards it conferred, None while it runs without any."""

    id: int
    title: str
    applied: int
    awarded: int | None


@dataclass(frozen=True, slots=True)
class FunnelView:
    """``total`` over all, ``rows`` by the answers to the question ``by`` among ``questions`` (id and name).

    ``rounds`` are this round and those before it, oldest first; empty for what stands below a round.
    ``splits`` are the rows by every question, with its name.
    """

    round: CaseRow
    stages: tuple[Text, ...]
    stage_ids: tuple[str, ...]
    total: FunnelRow
    rows: tuple[FunnelRow, ...]
    by: str
    questions: tuple[tuple[str, Text], ...]
    before: Before | None
    rounds: tuple[RoundFigures, ...]
    overseen: bool = True
    splits: tuple[tuple[Text, tuple[FunnelRow, ...]], ...] = ()


@guarded("board.view")
def view_funnel(desk: Desk, actor: Actor, round_id: int, by: str = "") -> FunnelView:
    """Return how far the applicants of a round came; cases the actor is recused from are left out.

    Raises:
        NotAllowed: the actor neither oversees nor leads the round's jurisdiction.
        NotFound: there is no such case, or no organisation applies below it.
    """
    with desk.store.read() as tx:
        return read_funnel(desk, tx, actor, round_id, by)


def read_funnel(desk: Desk, tx: Transaction, actor: Actor, round_id: int, by: str = "") -> FunnelView:
    """Return the funnel within a unit of work; raises as `view_funnel`."""
    case, package = round_seen(desk, tx, actor, round_id, WHAT)
    kind = applied_below(package, case)
    below = CasesBelow(case.id, kind.key, tuple(sorted(actor.recused)))
    told = tx.board.stamps(below)
    read = round_lines(desk, tx, package, kind, case, below, told)
    questions = _questions(desk, package, kind, case)
    chosen = _chosen(desk, tx, case, kind, [q.id for q in questions], below, told)
    rounds = _rounds(tx, case, below)
    stages = round_stages(package, kind, set[str]().union(*read.came))
    idents = [stage.id for stage in stages]
    before = _before(desk, tx, case, idents, below.recused)
    split = {q.id: tuple(_rows(q, [one[n] for one in chosen], read.lines, idents)) for n, q in enumerate(questions)}
    telling = next((ident for ident, rows in split.items() if len(rows) > 1), next(iter(split), ""))
    asked = by if by in split else telling
    return FunnelView(
        case,
        tuple(Text(stage.name, stage.name) for stage in stages),
        tuple(idents),
        _row(Text("全部", "All"), read.came, idents),
        split.get(asked, ()),
        asked,
        tuple((q.id, q.title) for q in questions),
        before,
        rounds,
        actor.oversees(case.jurisdiction),
        tuple((q.title, split[q.id]) for q in questions),
    )


def _chosen(
    desk: Desk,
    tx: Transaction,
    case: CaseRow,
    kind: ProcessInfo,
    questions: Sequence[str],
    below: CasesBelow,
    told: str,
) -> list[tuple[str, ...]]:
    """Return what each application chose at each of ``questions`` when it began, oldest first."""
    form = kind.start_form
    if not questions or not form:
        return []

    def make(moved: Collection[int]) -> Mapping[int, tuple[str, ...]]:
        answers = tx.board.answers(among(below, moved), form)
        return {ident: tuple(_answer(answers.get(ident), question) for question in questions) for ident in moved}

    def together(made: Mapping[int, tuple[str, ...]]) -> list[tuple[str, ...]]:
        return [chosen for ident, chosen in made.items() if ident != case.id]

    return desk.kept_rounds.current((case.id, case.definition, form, *questions, below.recused), told, make, together)


def _answer(given: object, question: str) -> str:
    return str(given.get(question) or "") if isinstance(given, Mapping) else ""


def _questions(desk: Desk, package: Package, kind: ProcessInfo, case: CaseRow) -> list[Column]:
    form = desk.packages.form(package, kind.start_form) if kind.start_form else None
    outside, today = {"param": case.parameters}, local_date(desk.clock.now())
    columns, _ = columns_and_uploads(package, kind, form, outside, today)
    return [c for c in columns if c.kind is CellKind.CHOICE and not c.id.startswith("_")]


def _rows(
    asked: Column, chosen: Sequence[str], lines: Sequence[BoardLine], stages: Sequence[str]
) -> Iterable[FunnelRow]:
    names = dict(asked.choices)
    groups: dict[str, Counter[tuple[str, ...]]] = {key: Counter() for key in names}
    for (answer, came), count in Counter(zip(chosen, (line.came for line in lines), strict=True)).items():
        groups.setdefault(answer, Counter())[came] += count
    for answer, found in groups.items():
        if found:
            name = Text(names[answer], names[answer]) if answer in names else _NOT_CHOSEN
            yield _row(name, found, stages)


def _row(name: Text, came: Mapping[tuple[str, ...], int], stages: Sequence[str]) -> FunnelRow:
    """Return how many came to each stage, of applications by the stages that they came to."""
    counts = Counter[str]()
    for reached, count in came.items():
        counts.update(dict.fromkeys(reached, count))
    return FunnelRow(name, sum(came.values()), tuple(counts[stage] for stage in stages))


def _before(
    desk: Desk, tx: Transaction, case: CaseRow, stages: Sequence[str], recused: tuple[int, ...]
) -> Before | None:
    if case.parent_id is not None:
        return None
    earlier = tx.cases.select("-started_at", limit=1, **_of_kind(case), started_at__lt=case.started_at)
    if not earlier:
        return None
    last = earlier[0]
    then = last.started_at + ((case.ended_at or desk.clock.now()) - case.started_at)
    package = desk.packages.get(last.definition, tx)
    kind = applies_below(package, last)
    if kind is None:
        return None
    lines = round_lines(desk, tx, package, kind, last, CasesBelow(last.id, kind.key, recused)).lines
    stood = (
        tuple(stage for stage, at in zip(line.came, line.reached, strict=True) if at <= then)
        for line in lines
        if line.started_at <= then
    )
    found = _row(Text(last.title, last.title), Counter(stood), stages)
    return Before(last.id, last.title, found.applied, found.reached)


def _of_kind(case: CaseRow) -> dict[str, Any]:
    """Return the conditions of the rounds of an award."""
    return {"parent_id": None, "jurisdiction": case.jurisdiction, "award": case.award, "process": case.process}


def _rounds(tx: Transaction, case: CaseRow, below: CasesBelow) -> tuple[RoundFigures, ...]:
    """Return the newest rounds up to ``case``; an award belongs to the round in whose cases it was conferred."""
    if case.parent_id is not None:
        return ()
    same = tx.cases.select(**_of_kind(case), started_at__le=case.started_at)
    rounds = sorted(same, key=lambda row: (row.started_at, row.id))[-_MOST_ROUNDS:]
    since = local_date(rounds[0].started_at)
    conferred = Counter(
        row.details.get("case")
        for row in tx.awards.select(
            "decided_on id", jurisdiction=case.jurisdiction, award=case.award, decided_on__ge=since
        )
    )
    applied = tx.board.counts([one.id for one in rounds], below)
    above = tx.board.parents([ident for ident in conferred if isinstance(ident, int)], below)
    awarded = Counter[int]()
    for ident, count in conferred.items():
        if isinstance(ident, int):
            awarded[above.get(ident, ident)] += count
    return tuple(
        RoundFigures(
            one.id, one.title, applied.get(one.id, 0), awarded[one.id] if awarded[one.id] or one.ended_at else None
        )
        for one in rounds
    )


_WHAT = Text("评审员宽严情况", "severity of its reviewers")
_FEWEST = 2

_Given = tuple[SheetRow, Sheet]


@dataclass(frozen=True, slots=True)
class ReviewerSeverity:
    """A reviewer's sheets beside the medians of their panels, in percent of the points.

    ``mean`` is what they gave; ``apart`` the mean distance to the medians (below 0: stricter), ``lowest`` and
    ``highest`` the distances of single sheets. Only sheets that another stands beside are counted in ``sheets``.
    """

    person: int
    name: str
    sheets: int
    mean: Fraction
    apart: Fraction
    lowest: Fraction
    highest: Fraction


@dataclass(frozen=True, slots=True)
class StageReviewers:
    """The reviewers of a stage, the strictest first; ``alone`` are applications with one sheet."""

    stage: str
    reviewers: tuple[ReviewerSeverity, ...]
    alone: int


@dataclass(frozen=True, slots=True)
class ReviewersView:
    """A round with the reviewers of its stages; stages none of whose panels is closed are not there."""

    round: CaseRow
    package: Package
    stages: tuple[StageReviewers, ...]


@guarded("experts.view")
def view_reviewers(desk: Desk, actor: Actor, round_id: int) -> ReviewersView:
    """Return how severe each reviewer of a round was; applications the actor is recused from are left out.

    Own sheets that count are compared, on applications whose panel is closed: nobody is led by it while marking.

    Raises:
        NotFound: there is no such case.
        NotAllowed: the actor does not oversee the place of the round.
    """
    with desk.store.read() as tx:
        return read_reviewers(desk, tx, actor, round_id)


def read_reviewers(desk: Desk, tx: Transaction, actor: Actor, round_id: int) -> ReviewersView:
    """Return the reviewers within a unit of work; raises as `view_reviewers`."""
    case, package = round_overseen(desk, tx, actor, round_id, _WHAT)
    below = [row.id for row in tx.cases.select(parent_id=case.id) if not is_recused(actor, row)]
    given = _closed_sheets(tx, package, below)
    names = tx.people.named({row.person_id for row, _ in given})
    stages = dict.fromkeys(row.stage for row, _ in given)
    return ReviewersView(
        case, package, tuple(_stage(stage, [one for one in given if one[0].stage == stage], names) for stage in stages)
    )


def _closed_sheets(tx: Transaction, package: Package, cases: Sequence[int]) -> list[_Given]:
    """Return the newest own sheet of each member that counts, where the panel is closed."""
    closed = tx.panels.closed(cases)
    newest: dict[tuple[int, str, int], SheetRow] = {}
    for row in tx.sheets.select(case_id=cases):
        if row.state == "valid" and row.kind == "own" and (row.case_id, row.stage) in closed:
            newest[row.case_id, row.stage, row.person_id] = row
    return [(row, sheet_of(package.edition(row.edition), row)) for row in newest.values()]


def _stage(stage: str, given: Sequence[_Given], names: Mapping[int, str]) -> StageReviewers:
    by_case: dict[int, list[tuple[int, Fraction]]] = {}
    for row, sheet in given:
        percent = sheet.total * 100 / Fraction(sheet.edition.points)
        by_case.setdefault(row.case_id, []).append((row.person_id, percent))
    rows: dict[int, list[tuple[Fraction, Fraction]]] = {}
    for marks in by_case.values():
        if len(marks) < _FEWEST:
            continue
        middle = Fraction(median(percent for _, percent in marks))
        for person, percent in marks:
            rows.setdefault(person, []).append((percent, percent - middle))
    found = [_severity(person, names.get(person, ""), of) for person, of in rows.items()]
    alone = sum(len(marks) < _FEWEST for marks in by_case.values())
    return StageReviewers(stage, tuple(sorted(found, key=lambda one: (one.apart, one.name))), alone)


def _severity(person: int, name: str, rows: Sequence[tuple[Fraction, Fraction]]) -> ReviewerSeverity:
    distances = [distance for _, distance in rows]
    mean = sum((percent for percent, _ in rows), Fraction(0)) / len(rows)
    apart = sum(distances, Fraction(0)) / len(rows)
    return ReviewerSeverity(person, name, len(rows), mean, apart, min(distances), max(distances))


_ALL, _BEFORE = "全部申报单位", "上届同期"


BOARD: ListSpec[tuple[Card, BoardColumn]] = ListSpec(
    "",
    Text("申报进展", "Progress"),
    (
        ListColumn(Text("申报组织", "Applicant"), lambda line, _say: line[0].name),
        ListColumn(Text("申报编号", "Number"), lambda line, _say: line[0].number),
        ListColumn(Text("环节", "Stage"), lambda line, say: say(line[1].name)),
        ListColumn(Text("现由谁办理", "With"), lambda line, say: say(line[0].holder)),
        ListColumn(Text("事项", "Matter"), lambda line, say: say(line[0].what)),
        ListColumn(Text("自何日起", "Since"), lambda line, _say: local_date(line[0].since), kind=CellKind.DAY),
        ListColumn(Text("已等天数", "Days waited"), lambda line, _say: line[0].days, kind=CellKind.NUMBER),
        ListColumn(Text("期限", "Last day"), lambda line, _say: line[0].limit.last_day, kind=CellKind.DAY),
        ListColumn(Text("提示", "Flags"), lambda line, say: "、".join(say(flag.text) for flag in line[0].flags)),
    ),
)

_REVIEWERS: ListSpec[tuple[str, ReviewerSeverity]] = ListSpec(
    "",
    Text("评审员宽严", "Severity of reviewers"),
    (
        ListColumn(Text("评审阶段", "Stage"), lambda line, say: say(line[0])),
        ListColumn(Text("评审员", "Reviewer"), lambda line, _say: line[1].name),
        ListColumn(Text("可比评分表", "Sheets compared"), lambda line, _say: line[1].sheets, kind=CellKind.NUMBER),
        ListColumn(Text("平均得分率", "Mean percent"), lambda line, _say: _rounded(line[1].mean), kind=CellKind.NUMBER),
        ListColumn(
            Text("与中位数的平均差", "Mean distance to the median"),
            lambda line, _say: _rounded(line[1].apart),
            kind=CellKind.NUMBER,
        ),
        ListColumn(
            Text("最低差", "Lowest distance"), lambda line, _say: _rounded(line[1].lowest), kind=CellKind.NUMBER
        ),
        ListColumn(
            Text("最高差", "Highest distance"), lambda line, _say: _rounded(line[1].highest), kind=CellKind.NUMBER
        ),
    ),
)


@guarded("applicants.export")
def export_round(
    desk: Desk, actor: Actor, round_id: int, say: Say, order: str = "stage", came: str = ""
) -> tuple[Table, ...]:
    """Return the board, the funnel by every question and the reviewers of a round; heads who only lead are refused.

    ``order`` and ``came`` are those of the board's table; an unknown ``order`` is its first.

    Raises:
        NotAllowed: the actor does not oversee the place of the round.
        NotFound: there is no such case, or no organisation applies below it.
    """
    with desk.store.read() as tx:
        seen = round_overseen(desk, tx, actor, round_id, WHAT)
        cards = BOARD.make_table(cards_in_order(desk, tx, actor, *seen, order, came), say)
        funnel = read_funnel(desk, tx, actor, round_id)
        reviewers = read_reviewers(desk, tx, actor, round_id)
    tables = (
        cards,
        Table("各环节件数", _funnel_columns(funnel.stages), list(_reached(funnel))),
        _REVIEWERS.make_table(_severities(reviewers), say),
    )
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, WHAT, sum(len(table.rows) for table in tables))
    return tables


def _funnel_columns(stages: Iterable[Text]) -> tuple[Column, ...]:
    """Return the headings of how many came to each of ``stages``, by what they chose when they applied."""
    return (
        Column("_by", Text("按什么分", "By"), given=True),
        Column("_choice", Text("选项", "Choice"), given=True),
        Column("_applied", Text("申报", "Applied"), kind=CellKind.NUMBER, given=True),
        *(Column(f"_stage_{n}", stage, kind=CellKind.NUMBER, given=True) for n, stage in enumerate(stages, 1)),
    )


def _reached(funnel: FunnelView) -> Iterator[list[object]]:
    yield _line(_ALL, funnel.total)
    if funnel.before is not None:
        yield [_BEFORE, funnel.before.title, funnel.before.applied, *funnel.before.reached]
    for question, rows in funnel.splits:
        yield from (_line(question.zh, row) for row in rows)


def _line(question: str, row: FunnelRow) -> list[object]:
    return [question, row.name.zh, row.applied, *row.reached]


def _severities(view: ReviewersView) -> Iterator[tuple[str, ReviewerSeverity]]:
    for stage in view.stages:
        name = drawn_name([view.package], stage.stage) or usual_name(stage.stage).zh
        yield from ((name, one) for one in stage.reviewers)


def _rounded(figure: Fraction) -> float:
    return round(float(figure), 2)
