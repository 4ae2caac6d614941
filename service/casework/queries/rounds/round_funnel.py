"""How far the applicants of a round came, by what they chose when they applied: district, class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.rounds.round_board import WHAT, applied_below, applies_below
from service.casework.queries.rounds.round_lines import BoardLine, among, round_lines
from service.casework.queries.rounds.round_stages import round_stages
from service.casework.spreadsheets.applicants import columns_and_uploads
from service.casework.spreadsheets.export_access import round_seen
from service.catalog import Package, ProcessInfo
from service.domain.calendar import local_date
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text
from service.store import CasesBelow, Transaction
from service.store.models import CaseRow

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
    earlier = [r for r in tx.cases.roots(case.jurisdiction, case.award, case.process) if r.started_at < case.started_at]
    if not earlier:
        return None
    last = max(earlier, key=lambda row: row.started_at)
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


def _rounds(tx: Transaction, case: CaseRow, below: CasesBelow) -> tuple[RoundFigures, ...]:
    """Return the newest rounds up to ``case``; an award belongs to the round in whose cases it was conferred."""
    if case.parent_id is not None:
        return ()
    same = [r for r in tx.cases.roots(case.jurisdiction, case.award, case.process) if r.started_at <= case.started_at]
    rounds = sorted(same, key=lambda row: (row.started_at, row.id))[-_MOST_ROUNDS:]
    since = local_date(rounds[0].started_at)
    conferred = Counter(row.details.get("case") for row in tx.register.conferred(case.jurisdiction, case.award, since))
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
