"""How severe each reviewer of a round was beside the rest of the panels: shown to the office, never corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.scope.record import sheet_of
from service.casework.spreadsheets.export_access import round_overseen
from service.catalog import Package
from service.domain.review import Sheet
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, SheetRow

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
    below = [row.id for row in tx.cases.children(case.id) if not is_recused(actor, row)]
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
    for row in tx.panels.sheets(cases):
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
